import { Refusal } from "@wanlian/network/embedded/deliver/refusal.js";
import { checkTransactionForm } from "@wanlian/network/embedded/orderer/transaction-form.js";
import { ChaincodeAction, ProposalResponsePayload } from "@wanlian/protocol/messages/proposal.js";
import { ChaincodeActionPayload, Transaction } from "@wanlian/protocol/messages/transaction.js";
import { expect } from "chai";
import * as ordering from "./ordering.js";

const NOT_PROTOBUF = Uint8Array.from([0xff]);

const action = (payload: Uint8Array) => Transaction.encode({ actions: [{ payload }] });
const response = (proposalResponsePayload: Uint8Array) =>
  action(ChaincodeActionPayload.encode({ action: { proposalResponsePayload } }));

describe("orderer › transactions on which peers of Fabric panic or wait for ever", () => {
  const cases: [string, Uint8Array][] = [
    ["one that does not decode", NOT_PROTOBUF],
    ["one without actions", Transaction.encode({})],
    ["one whose action does not decode", action(NOT_PROTOBUF)],
    ["one whose action is absent", action(ChaincodeActionPayload.encode({}))],
    ["one whose response does not decode", response(NOT_PROTOBUF)],
    ["one without a chaincode action", response(ProposalResponsePayload.encode({}))],
    [
      "one whose chaincode action does not decode",
      response(ProposalResponsePayload.encode({ extension: NOT_PROTOBUF })),
    ],
  ];
  for (const [what, data] of cases) {
    it(`refuses ${what}`, () =>
      expect(() => checkTransactionForm(data))
        .to.throw(Refusal)
        .with.property("status", 400));
  }

  it("lets through what is merely invalid: no endorsements, results that do not decode, two actions", () => {
    const { actions } = Transaction.decode(ordering.transaction(NOT_PROTOBUF));
    const extension = ChaincodeAction.encode({ results: NOT_PROTOBUF });
    checkTransactionForm(Transaction.encode({ actions: [...actions, ...actions] }));
    checkTransactionForm(response(ProposalResponsePayload.encode({ extension })));
  });
});
