import { status } from "@grpc/grpc-js";
import { LedgerAccessError } from "@wanlian/client/ledger/connector.js";
import { agreed } from "@wanlian/client/ledger/fabric-network/answers.js";
import type { EndorsementError, ProposalResponse } from "@wanlian/client/ledger/fabric-network/sdk.js";
import { contractWords } from "@wanlian/client/ledger/refusal.js";
import { expect } from "chai";

const departmentOf = (peer: string): string => peer.toUpperCase();

function answer(peer: string, payload: string, code = 200, message = ""): ProposalResponse {
  const result = Buffer.from(`result of ${payload}`);
  return { peer, payload: Buffer.from(payload), response: { status: code, message, payload: result } };
}

const failure = (message: string, more: Partial<EndorsementError> = {}): EndorsementError =>
  Object.assign(new Error(message), more);

const lost = (peer: string) => failure("14 UNAVAILABLE: no connection", { peer, code: status.UNAVAILABLE });
const denied = (peer: string) =>
  failure("2 UNKNOWN", { peer, code: status.UNKNOWN, details: "access denied: channel [pilot] creator org [X]" });

describe("answers of peers without the Gateway service", () => {
  it("that are the same are an endorsement", () => {
    const same = agreed({ responses: [answer("a", "1"), answer("b", "1")], errors: [] }, departmentOf);
    expect(Buffer.from(same.response.payload).toString()).to.equal("result of 1");
  });

  const disagreements: [string, ProposalResponse[], EndorsementError[], string][] = [
    ["that differ are none", [answer("a", "1"), answer("b", "2")], [], "NO_ENDORSEMENT"],
    ["of which one is missing are none", [answer("a", "1")], [lost("b")], "UNAVAILABLE"],
    ["that never came leave it open", [], [lost("a"), lost("b")], "UNAVAILABLE"],
    [
      "of which too few came are none",
      [],
      [failure("Endorsement has failed", { endorsements: [answer("a", "1"), lost("b")] })],
      "NO_ENDORSEMENT",
    ],
    ["that do not take the signer are final", [], [denied("a"), denied("b")], "REFUSED"],
    ["from a contract that says no are final", [answer("a", "", 500, "MOVED: it moved")], [], "REFUSED"],
  ];
  for (const [title, responses, errors, code] of disagreements)
    it(title, () => {
      expect(refusal(responses, errors).code).to.equal(code);
    });

  it("keep the contract's words and who said them, also where others agreed", () => {
    const mixed = failure("Peer endorsements do not match", {
      endorsements: [answer("a", "1"), answer("b", "", 500, "NOT_YET: act 3 is not here")],
    });
    const error = refusal([], [mixed]);
    expect(contractWords(error)).to.deep.equal(["NOT_YET: act 3 is not here"]);
    expect(error.details.map(({ department }) => department)).to.deep.equal(["B"]);
    expect(error.message).to.equal("it is refused: B: chaincode response 500, NOT_YET: act 3 is not here");
  });
});

function refusal(responses: ProposalResponse[], errors: EndorsementError[]): LedgerAccessError {
  try {
    agreed({ responses, errors }, departmentOf);
  } catch (error) {
    if (error instanceof LedgerAccessError) return error;
    throw error;
  }
  throw new Error("it was taken for an endorsement");
}
