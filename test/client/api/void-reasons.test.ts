import { describeSubmission } from "@wanlian/client/api/operations/filing/filings.js";
import { voidReason } from "@wanlian/client/api-document/void-reasons.js";
import { LEDGER_ERROR_CODES } from "@wanlian/model/errors.js";
import { expect } from "chai";

const OF_THE_FOLD = [
  ...["WRONG_WRITES", "UNSEALED", "UNKNOWN_KEY", "UNREADABLE", "WRONG_AUTHOR", "WRONG_NUMBER", "WRONG_VALUE"],
  "UNJUDGEABLE",
];

describe("why an act does not count", () => {
  it("is said in both languages, whatever the reason", () => {
    for (const code of [...OF_THE_FOLD, ...LEDGER_ERROR_CODES]) {
      expect(voidReason(code, "zh"), code).to.match(/[\u4e00-\u9fff]/);
      expect(voidReason(code, "en"), code).not.to.equal(code);
    }
  });

  it("is told its author with what was filed", () => {
    const command = { noun: "demand", case: null, type: "publish", body: {} };
    const told = (reason: string) => ({
      ...({
        idempotencyKey: "key-void",
        status: "failed",
        command,
        attempts: 1,
        transactionId: "a",
        act: undefined,
      } as const),
      failure: { code: "VOID", message: "it does not count", reason } as const,
    });
    const zh = describeSubmission(told("MOVED"), "zh") as { failure: { title: string; reason: string } };
    expect(zh.failure.reason).to.equal("MOVED");
    expect(zh.failure.title).to.contain(voidReason("MOVED", "zh"));
    expect(describeSubmission(told("UNSEALED"), "en"))
      .to.have.nested.property("failure.title")
      .that.contains("not sealed");
  });
});
