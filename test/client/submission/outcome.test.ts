import { LedgerAccessError } from "@wanlian/client/ledger/connector.js";
import {
  codeName,
  endorsementFailure,
  isConflict,
  mayHaveChangedPolicy,
  movedError,
} from "@wanlian/client/submission/outcome.js";
import { isRefusal } from "@wanlian/client/submission/refusal.js";
import { LedgerError } from "@wanlian/model/errors.js";
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

  for (const code of [
    ...(["MVCC_READ_CONFLICT", "PHANTOM_READ_CONFLICT", "DUPLICATE_TXID", "BAD_PROPOSAL_TXID"] as const),
    "BAD_CREATOR_SIGNATURE" as const,
  ]) {
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

  const failures: [title: string, error: unknown, retry: boolean, code: string][] = [
    ["the own fold's basis has moved", new LedgerError("MOVED", "there is an act 4"), true, "MOVED"],
    ["the basis names a void act", new LedgerError("VOID_BASIS", "act 4 is void"), true, "VOID_BASIS"],
    ["the rules refuse it here", new LedgerError("WRONG_STATE", "it is closed"), false, "WRONG_STATE"],
    ["no peer can be reached", new LedgerAccessError("UNAVAILABLE", "no peer"), true, "LEDGER_UNAVAILABLE"],
    ["too few peers answer", new LedgerAccessError("NO_ENDORSEMENT", "none answers"), true, "NO_ENDORSEMENT"],
    ["one is behind, another ahead", refused("NOT_YET: act 3", "MOVED: act 5"), true, "NOT_YET"],
    ["one is behind, another says something unknown", refused("broke", "NOT_YET: act 3"), true, "NOT_YET"],
    ["nobody says anything", refused(), false, "NO_ENDORSEMENT"],
  ];
  for (const [title, error, retry, code] of failures) {
    it(`${title}: ${code}, ${retry ? "and it is tried again" : "for good"}`, () => {
      const failure = endorsementFailure(error);
      expect({ retry: failure.retry, code: codeOf(failure.error) }).to.deep.equal({ retry, code });
    });
  }

  it("a fault of the node's own is passed on as it is", () => {
    const fault = new TypeError("x is not a function");
    expect(endorsementFailure(fault)).to.deep.equal({ retry: false, error: fault });
  });

  const policies: [code: number, attempt: number, anew: boolean][] = [
    [Code.ENDORSEMENT_POLICY_FAILURE, 1, true],
    [Code.ENDORSEMENT_POLICY_FAILURE, 2, true],
    [Code.ENDORSEMENT_POLICY_FAILURE, 3, false],
    [Code.BAD_RWSET, 1, false],
  ];
  for (const [code, attempt, anew] of policies) {
    it(`${codeName(code)} at attempt ${attempt} ${anew ? "may come of a department that joined meanwhile" : "is final"}`, () => {
      expect(mayHaveChangedPolicy(code, attempt)).to.equal(anew);
    });
  }

  it("an unknown code is told by its number", () => expect(codeName(177)).to.equal("code 177"));

  it("MOVED says from where to where", () => {
    const own = { noun: "demand", case: "d1" } as const;
    expect(movedError(own, 3, 1).message).to.include("to act 3 since you decided after its act 1");
    expect(movedError(own, 1, 0).message).to.include("to act 1 since you decided before it began");
  });

  for (const code of ["WRONG_STATE", "NOT_PERMITTED", "MOVED", "VOID", "CONFLICT", "REFUSED_BY_ORDERER"] as const) {
    it(`${code} is a refusal, which goes on record`, () => expect(isRefusal(code)).to.equal(true));
  }
  for (const code of [
    ...(["NO_ENDORSEMENT", "LEDGER_UNAVAILABLE", "CLOCK_STALE", "NOT_READY"] as const),
    ...(["STORE_FAILED", "CONFIGURATION", "KEY_REUSED"] as const),
  ]) {
    it(`${code} says nothing of the officer, and is none`, () => expect(isRefusal(code)).to.equal(false));
  }
});
