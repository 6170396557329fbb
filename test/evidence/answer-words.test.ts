import type { Digest, Instant, MspId, OfficerNumber, TransactionId } from "@wanlian/model/identifiers.js";
import type { Said, SaidAct } from "@wanlian/verify/answers/answer-file.js";
import { explainAnswer } from "@wanlian/verify/answers/explain-answer.js";
import type { Question } from "@wanlian/verify/answers/question.js";
import { ANSWER_STEPS } from "@wanlian/verify/step.js";
import { CODE_WORDS } from "@wanlian/words/index.js";
import { expect } from "chai";
import { COMMANDS, rawNames } from "./raw-names.js";

const ID = "ab".repeat(32);
const PLACE = { block: 3, transaction: ID as TransactionId };

/** What is said of an answer, everything in it proven. */
function explained(more: Partial<Said>) {
  const said: Said = {
    ...{
      schema: 1,
      channel: "pilot",
      department: "CivilMSP" as MspId,
      question: { kind: "author", department: DEPARTMENT },
    },
    ...{ ledger: { height: 9, time: TIME }, acts: [], whole: [], standings: [], records: [], more: false },
    ...more,
  };
  const steps = ANSWER_STEPS.map(
    (name) => ({ name, outcome: "holds", fact: undefined, text: { zh: "", en: "" } }) as const,
  );
  const { open, proven, never } = explainAnswer({ verdict: "proven", steps, said, accesses: [] }, CODE_WORDS);
  return [...open, ...proven, ...never];
}
const DEPARTMENT = "TaxMSP" as MspId;
const TIME = "2026-03-02T01:00:00Z" as Instant;
const actOf = (noun: string, type: string, counted: boolean): SaidAct => ({
  ...{ noun, case: ID, number: 1, type, department: "CivilMSP", officer: "1001", time: TIME, counted, at: PLACE },
});

describe("what is said of an answer", () => {
  it("names what was done, and to what, in the dictionary's words, for every command of every version", () => {
    expect(COMMANDS.length).to.be.above(100);
    for (const [noun, type] of COMMANDS) {
      for (const counted of [true, false]) {
        const sentences = explained({
          acts: [actOf(noun, type, counted)],
          whole: [{ noun, case: ID }],
          standings: [{ noun, case: ID, number: 1, height: 9, act: PLACE }],
        });
        const word = counted ? CODE_WORDS.done(noun, type) : CODE_WORDS.command(noun, type);
        expect(sentences.map(({ en }) => en).join("\n")).to.include(`(${word.en})`);
        expect(sentences.map(({ zh }) => zh).join("\n")).to.include(`（${word.zh}）`);
        for (const { zh } of sentences) expect(rawNames(zh), zh).to.deep.equal([]);
      }
    }
  });

  it("has an act's own names where the tables have none: whatever void attempts say of themselves", () => {
    const sentences = explained({ acts: [actOf("nonsense", "toString", false)] });
    expect(sentences.map(({ en }) => en)).to.include(
      `nonsense ${ID}, number 1 (toString): found void, and changed nothing`,
    );
  });

  const QUESTIONS: readonly (readonly [Question, zh: string, en: string])[] = [
    [
      { kind: "history", noun: "dataset", case: "CivilMSP/divisions", only: "objection", limit: 7, cursor: "abc" },
      "一个事项的全部经过：数据资源 CivilMSP/divisions，异议",
      "what happened to a case: dataset CivilMSP/divisions, objection",
    ],
    [
      { kind: "author", department: DEPARTMENT, officer: "1001" as OfficerNumber, from: TIME },
      `一个部门或经办人的全部行为：部门 TaxMSP，经办人 1001，自 ${TIME}`,
      `what a department or officer did: Department TaxMSP, Officer 1001, from ${TIME}`,
    ],
    [
      { kind: "lineage", release: ID as TransactionId, direction: "up", depth: 2 },
      `来源与去向：数据批次 ${ID}，方向 来源，步数 2`,
      `where it came from and went to: Release ${ID}, direction to the sources, steps 2`,
    ],
    [{ kind: "asOf", noun: "policy", case: "policy" }, "某一时刻的状态：政策", "a case as of a time: policy"],
    [
      { kind: "changes", noun: "application" },
      "两个时刻之间的变化：申请与授权",
      "changes between two times: application",
    ],
    [
      { kind: "accesses", filter: { consumer: DEPARTMENT, until: TIME } },
      `谁在何时凭何授权调用：使用部门 TaxMSP，至 ${TIME}`,
      `who accessed what, when, under which grant: Consumer TaxMSP, until ${TIME}`,
    ],
    [{ kind: "accesses", filter: {} }, "谁在何时凭何授权调用）", "who accessed what, when, under which grant)"],
    [
      { kind: "cell", release: ID as TransactionId, digest: ID as Digest },
      `单元格属于哪个批次：数据批次 ${ID}，摘要（SHA-256） ${ID}`,
      `whose cell it is: Release ${ID}, Digest (SHA-256) ${ID}`,
    ],
  ];
  for (const [question, zh, en] of QUESTIONS) {
    it(`says in words what was asked: ${en}`, () => {
      const [asked] = explained({ question });
      expect(asked?.zh).to.include(zh);
      expect(asked?.en).to.include(en);
      expect(rawNames(asked?.zh ?? "")).to.deep.equal([]);
    });
  }
});
