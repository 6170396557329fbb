import { LedgerAccessError } from "@wanlian/client/ledger/connector.js";
import { endorsementFailure, isConflict } from "@wanlian/client/submission/outcome.js";
import { TxValidationCode as Code } from "@wanlian/protocol/messages/transaction.js";
import { expect } from "chai";

const refused = (...messages: string[]) =>
  new LedgerAccessError("REFUSED", "refused", {
    details: messages.map((message) => ({
      address: "",
      department: "CivilMSP",
      message: `chaincode response 500, ${message}`,
    })),
  });

const codeOf = (error: unknown) => (error instanceof Error && "code" in error ? error.code : undefined);

describe("what a failed transaction means", () => {
  it("10 is no conflict: nobody else can write the same key", () => {
    expect(isConflict(Code.ENDORSEMENT_POLICY_FAILURE)).to.equal(false);
  });

  for (const code of ["MVCC_READ_CONFLICT", "PHANTOM_READ_CONFLICT", "DUPLICATE_TXID", "BAD_PROPOSAL_TXID"] as const) {
    it(`${code} is a conflict`, () => expect(isConflict(Code[code])).to.equal(true));
  }

  for (const code of ["INVALID_CHAINCODE", "BAD_RWSET", "ILLEGAL_WRITESET"] as const) {
    it(`${code} is none`, () => expect(isConflict(Code[code])).to.equal(false));
  }

  it("an endorser that is behind or ahead is asked again", () => {
    for (const text of ["NOT_YET: act 3 is missing", "MOVED: there is an act 4"]) {
      expect(endorsementFailure(refused(text)).retry).to.equal(true);
    }
  });

  it("a refusal by the rules is final, whatever the others are waiting for", () => {
    const { retry, error } = endorsementFailure(refused("NOT_YET: act 3 is missing", "WRONG_STATE: it is closed"));
    expect(retry).to.equal(false);
    expect(codeOf(error)).to.equal("WRONG_STATE");
  });

  it("a refusal in no known words is not taken for one by the rules", () => {
    const { retry, error } = endorsementFailure(refused("something broke"));
    expect({ retry, code: codeOf(error) }).to.deep.equal({ retry: false, code: "NO_ENDORSEMENT" });
  });
});
