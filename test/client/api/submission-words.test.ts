import { answer, describeSubmission } from "@wanlian/client/api/operations/filing/filings.js";
import type { Submission } from "@wanlian/client/core/services.js";
import { expect } from "chai";

const submission = (changes: object = {}): Submission =>
  ({ idempotencyKey: "key/1", status: "counted", attempts: 1, ...changes }) as unknown as Submission;

describe("what is said of a filing", () => {
  it("is where to ask again, and whether it counts", () => {
    const located = { Location: "/api/v1/submissions/key%2F1" };
    expect(answer(submission(), "en")).to.deep.include({ status: 201, headers: located });
    for (const status of ["pending", "failed"])
      expect(answer(submission({ status }), "en")).to.deep.include({ status: 202, headers: located });
  });

  it("has a member for what is there, and none for what is not", () => {
    const plain = { idempotencyKey: "key/1", status: "counted", attempts: 1 };
    expect(describeSubmission(submission(), "en")).to.deep.equal(plain);
    expect(describeSubmission(submission({ transactionId: "t" }), "en")).to.deep.equal({
      ...plain,
      transactionId: "t",
    });
    const act = { block: 7, transaction: 2 };
    expect(describeSubmission(submission({ act }), "en")).to.deep.equal({ ...plain, ...act, act });
  });

  const table: [title: string, failure: object, zh: RegExp, en: RegExp][] = [
    ["its code in words", { code: "MOVED" }, /^\p{Script=Han}[^原]*$/u, /^[A-Z](?!.*Why: )/],
    ["a code without words as it is", { code: "X_FROM_ELSEWHERE" }, /^X_FROM_ELSEWHERE$/, /^X_FROM_ELSEWHERE$/],
    ["why it is void", { code: "VOID", reason: "UNSEALED" }, /。原因：\p{Script=Han}/u, /\. Why: \S/],
  ];
  for (const [title, failure, zh, en] of table) {
    it(`gives ${title}, in both languages`, () => {
      const titleIn = (language: "zh" | "en") => {
        const described = describeSubmission(submission({ status: "failed", failure }), language);
        expect(described.failure).to.deep.include(failure);
        return Reflect.get(Object(described.failure), "title");
      };
      expect(titleIn("zh")).to.match(zh);
      expect(titleIn("en")).to.match(en);
    });
  }
});
