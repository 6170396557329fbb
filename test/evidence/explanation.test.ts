import type { Words } from "@wanlian/protocol/language.js";
import { explain } from "@wanlian/verify/explanation.js";
import type { AccessRecord } from "@wanlian/verify/records/access-record.js";
import type { AccessRequest } from "@wanlian/verify/records/access-request.js";
import { type Fact, type Outcome, STEPS, type StepName } from "@wanlian/verify/step.js";
import type { Verification } from "@wanlian/verify/verify.js";
import { expect } from "chai";

const REQUEST = {
  schema: 1,
  channel: "city",
  provider: "CivilMSP",
  consumer: "PoliceMSP",
  officer: "0302",
  dataset: "CivilMSP/divisions",
  release: "ab".repeat(32),
  fields: ["code", "name"],
  purpose: "lookup",
  scenario: "household registration",
  way: "lookup",
  road: "gateway",
} as unknown as AccessRequest;

/** Of what each sentence must speak, in both languages, and the steps that back it: every one of them. */
const SENTENCES: readonly (readonly [string, Words, readonly StepName[], Partial<AccessRequest>?])[] = [
  ["who asked whom for what", { zh: "0302 请求", en: "0302 of PoliceMSP asked CivilMSP" }, ["request"]],
  ["which fields", { zh: "字段：code、name", en: "Fields: code, name" }, ["request"]],
  ["what for", { zh: "household registration", en: "household registration" }, ["request"]],
  ["which way", { zh: "方式：查询", en: "By look-up" }, ["request"]],
  [
    "what was compared",
    { zh: "以 code 辨认各行，往来的是带密钥的摘要", en: "told apart by code; what was exchanged are keyed digests" },
    ["request"],
    { way: "comparison", by: ["code"] as never },
  ],
  [
    "on whose behalf",
    { zh: "代 HealthMSP", en: "On behalf of HealthMSP" },
    ["request"],
    { principal: "HealthMSP" as never },
  ],
  [
    "through whom, by whose word",
    { zh: "据 PoliceMSP 所言，由运营企业 Works", en: "the operator Works, by the word of PoliceMSP" },
    ["request"],
    { operator: "Works" },
  ],
  [
    "by which road, by whose word",
    { zh: "只是 PoliceMSP 所言", en: "by the word of PoliceMSP alone" },
    ["request"],
    { road: "platform" },
  ],
  [
    "what came, by whose word",
    { zh: "CivilMSP 的节点记载：已提供，2行", en: "The node of CivilMSP states: served, 2 rows" },
    ["request", "record"],
  ],
  [
    "what was allowed to be handed over, by whose word",
    { zh: "CivilMSP 的节点记载：准许另行交付", en: "The node of CivilMSP states: allowed to be handed over" },
    ["request", "record"],
    { road: "file" },
  ],
  ["who countersigned", { zh: "PoliceMSP 已回签", en: "PoliceMSP countersigned" }, ["receipt"]],
  ["when it was checked", { zh: "核对授权时为", en: "The grant was checked on" }, ["ledgerPosition", "time"]],
  ["that it was granted", { zh: "授权涵盖此次调用", en: "covers this access" }, ["grant", "grantStood"]],
  [
    "that the rows are the release's",
    { zh: "所示各行出自该批次", en: "each row that it rests on is the release's" },
    ["request", "record", "answer"],
  ],
  [
    "that it is in the log, and who says so",
    { zh: "已锚定，并有其他部门见证", en: "in the log, anchored, and others witness it" },
    ["anchor", "inclusion", "witnesses", "counted"],
  ],
  ["what kind of channel it is", { zh: "不是演示通道", en: "no demonstration" }, ["policy"]],
];
const NOT_HOLDING: readonly Outcome[] = ["fails", "notProven", "closed", "notDemanded"];

function verification(
  changed: Partial<AccessRequest> = {},
  outcomes: (name: StepName) => Outcome = () => "holds",
  more: object = {},
  facts: Partial<Record<StepName, Fact>> = { policy: { demo: false } },
): Verification {
  const record = {
    ...{ schema: 1, kind: "access", request: { ...REQUEST, ...changed }, result: "served", rows: 2 },
    checked: { act: 1, height: 9, block: "cd".repeat(32), time: "2026-03-02T01:00:00Z", policy: 1 },
    ...more,
  } as unknown as AccessRecord;
  const steps = STEPS.map((name) => {
    const outcome = outcomes(name);
    const text = { zh: name, en: name };
    return { name, outcome, text, fact: outcome === "holds" ? (facts[name] ?? {}) : undefined };
  });
  return { verdict: "proven", steps, record: { record, signature: "" } };
}

const said = (one: Verification) => explain(one).proven.map(({ zh, en }) => `${zh}\n${en}`);
const saying = (one: Verification, { zh, en }: Words) =>
  explain(one).proven.filter((words) => words.zh.includes(zh) && words.en.includes(en)).length;

describe("the sentences of a verdict", () => {
  for (const [what, words, by, changed] of SENTENCES) {
    it(`say ${what} where ${by.join(", ")} hold, whatever becomes of the rest, and not otherwise`, () => {
      expect(saying(verification(changed), words)).to.equal(1);
      expect(
        saying(
          verification(changed, (name) => (by.includes(name) ? "holds" : "fails")),
          words,
        ),
      ).to.equal(1);
      for (const step of by) {
        for (const outcome of NOT_HOLDING) {
          const one = verification(changed, (name) => (name === step ? outcome : "holds"));
          expect(saying(one, words), `${step} ${outcome}`).to.equal(0);
        }
      }
    });
  }

  it("are these and no others", () => {
    const every = { principal: "HealthMSP" as never, operator: "Works", road: "platform" } as const;
    for (const sentence of [...said(verification()), ...said(verification(every))]) {
      const known = SENTENCES.some(([, { zh, en }]) => sentence.includes(zh) && sentence.includes(en));
      expect(known, sentence).to.equal(true);
    }
  });

  it("say nothing where nothing holds, or there is no record", () => {
    expect(said(verification({}, () => "notProven"))).to.deep.equal([]);
    expect(said({ verdict: "refuted", steps: [], record: undefined })).to.deep.equal([]);
  });

  it("say of a demonstration that it is one, and of nothing what it is where the policy is not shown to say so", () => {
    const demo = verification({}, undefined, {}, { policy: { demo: true } });
    expect(saying(demo, { zh: "这是演示通道", en: "This is a demonstration" })).to.equal(1);
    expect(saying(demo, { zh: "不是演示通道", en: "no demonstration" })).to.equal(0);
    const unknown = verification({}, (name) => (name === "policy" ? "notProven" : "holds"));
    expect(said(unknown).join()).not.to.match(/demonstration/);
  });

  it("leave what rests on no row to the provider's word, and not to the release", () => {
    for (const [way, zh, en] of [
      ["lookup", "没有此行", "no such row"],
      ["verification", "不符", "it does not match"],
    ] as const) {
      const none = verification({ way }, undefined, { rows: 0 }, { answer: { rows: 0 } });
      const words = { zh: `${zh}，这只是提供部门的话`, en: `${en}, which is the provider's word alone` };
      expect(saying(none, words)).to.equal(1);
      expect(saying(none, { zh: "出自该批次", en: "the release's" })).to.equal(0);
    }
    const yes = verification({ way: "verification" }, undefined, { rows: 0 }, { answer: { rows: 1 } });
    expect(saying(yes, { zh: "出自该批次", en: "the release's" })).to.equal(1);
  });

  it("give the reason of a refusal as the provider's", () => {
    const refused = verification({}, undefined, { result: "refused", reason: "GRANT_REVOKED", rows: 0 });
    const words = {
      zh: "CivilMSP 的节点记载：已拒绝（授权已撤销）",
      en: "The node of CivilMSP states: refused (grant revoked)",
    };
    expect(saying(refused, words)).to.equal(1);
  });
});
