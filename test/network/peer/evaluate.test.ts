import { resultOf } from "@wanlian/network/embedded/peer/gateway/evaluate.js";
import { ChaincodeAction, ProposalResponse, ProposalResponsePayload } from "@wanlian/protocol/messages/proposal.js";
import { expect } from "chai";

const bytes = (text: string) => Buffer.from(text);

describe("peer › result of an evaluation", () => {
  const response = { status: 200, message: "", payload: bytes("as answered") };
  const resultWith = (payload: Uint8Array) =>
    String(Buffer.from(resultOf(ProposalResponse.create({ response, payload }))?.payload ?? []));

  it("is what was endorsed, whatever stands beside it", () => {
    const extension = ChaincodeAction.encode({ response: { status: 200, payload: bytes("as endorsed") } });
    expect(resultWith(ProposalResponsePayload.encode({ extension }))).to.equal("as endorsed");
  });

  it("is what the peer answered where the endorsed payload cannot be read", () => {
    expect(resultWith(bytes("no message"))).to.equal("as answered");
    expect(resultWith(ProposalResponsePayload.encode({ extension: bytes("no message") }))).to.equal("as answered");
  });
});
