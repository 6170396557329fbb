import { ProtocolError } from "@wanlian/protocol/errors.js";
import { Status } from "@wanlian/protocol/messages/common.js";
import { ChaincodeAction, ProposalResponsePayload } from "@wanlian/protocol/messages/proposal.js";
import { ChaincodeActionPayload, Transaction } from "@wanlian/protocol/messages/transaction.js";
import { Refusal } from "../deliver/refusal.js";

/**
 * Refuses transactions on which the peers of some Fabric releases panic (core/common/validation/msgvalidation.go) or wait
 * for ever (core/common/validation/statebased/vpmanagerimpl.go): ones without an action, or with a part that does not
 * decode. Fabric's orderers let any writer order them. What is merely invalid is ordered, and each peer gives it its
 * code. Throws Refusal (400).
 */
export function checkTransactionForm(data: Uint8Array): void {
  const { actions } = part("transaction", () => Transaction.decode(data));
  if (actions.length === 0) {
    throw new Refusal(Status.BAD_REQUEST, "the transaction has no action");
  }
  for (const { payload } of actions) {
    const { action } = part("action's payload", () => ChaincodeActionPayload.decode(payload));
    if (action === undefined) {
      throw new Refusal(Status.BAD_REQUEST, "the transaction's action is empty");
    }
    const response = part("response", () => ProposalResponsePayload.decode(action.proposalResponsePayload));
    if (response.extension.length === 0) {
      throw new Refusal(Status.BAD_REQUEST, "the transaction's response is empty");
    }
    part("chaincode action", () => ChaincodeAction.decode(response.extension));
  }
}

function part<T>(name: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (error instanceof ProtocolError) {
      throw new Refusal(Status.BAD_REQUEST, `the ${name} cannot be decoded`, { cause: error });
    }
    throw error;
  }
}
