import type { Words } from "@wanlian/protocol/language.js";
import { type AccessRecord, reasonOf } from "./records/access-record.js";
import { describeStep, type Fact, type Outcome, type Step, type StepName } from "./step.js";
import type { Verdict } from "./steps/taken.js";
import type { Verification } from "./verify.js";
import { PURPOSE_WORDS, REASON_WORDS, RESULT_WORDS, ROAD_WORDS, timeWords, WAY_WORDS } from "./words.js";

/** A verification in plain words, in the order in which it is read. */
export interface Explanation {
  readonly verdict: Words;
  /** What does not hold or is not proven: said first. */
  readonly open: readonly Words[];
  /** What is proven, sentence by sentence: each stands only where the steps that back it hold. */
  readonly proven: readonly Words[];
  /** What no evidence of this kind can show. */
  readonly never: readonly Words[];
}

export const VERDICTS: Readonly<Record<Verdict, Words>> = {
  proven: { zh: "已证明", en: "Proven" },
  notProven: { zh: "未全部证明", en: "NOT all proven" },
  refuted: { zh: "证据不成立", en: "The evidence does NOT hold" },
};

/** Said with every result, so that nobody reads more into it. */
const NEVER_PROVEN: readonly Words[] = [
  {
    zh: "数据本身是否真实、完整：证据只说明提供了什么、何时、依据什么授权",
    en: "That the data themselves are true or complete: only what was given, when, and under which grant",
  },
  {
    zh: "提供部门与使用部门共同隐瞒的调用：双方都不记的，不留痕迹",
    en: "Accesses that provider and consumer hide together: what neither logs leaves no trace",
  },
];

interface Sentence {
  /** The steps that back it, every one. */
  readonly by: readonly StepName[];
  readonly say: (record: AccessRecord, facts: Facts) => readonly Words[];
}

/** What the steps prove that hold. */
type Facts = ReadonlyMap<StepName, Fact | undefined>;

const ROWS_SHOWN: Words = {
  zh: "所示答复即记录所指，所示各行出自该批次",
  en: "The answer shown is the record's, and each row that it rests on is the release's",
};
const NO_SUCH_ROW: Words = {
  zh: "所示答复即记录所指：没有此行，这只是提供部门的话",
  en: "The answer shown is the record's: no such row, which is the provider's word alone",
};
/** Of an answer that rests on no row. */
const NOTHING_FOUND: Readonly<Record<AccessRecord["request"]["way"], Words>> = {
  lookup: NO_SUCH_ROW,
  verification: {
    zh: "所示答复即记录所指：不符，这只是提供部门的话",
    en: "The answer shown is the record's: it does not match, which is the provider's word alone",
  },
  download: NO_SUCH_ROW,
  comparison: NO_SUCH_ROW,
};

const SENTENCES: readonly Sentence[] = [
  { by: ["request"], say: sayRequest },
  { by: ["request", "record"], say: sayResult },
  {
    by: ["receipt"],
    say: ({ request }) => [{ zh: `${request.consumer} 已回签`, en: `${request.consumer} countersigned` }],
  },
  {
    by: ["ledgerPosition", "time"],
    say: ({ checked }) => {
      const { zh, en } = timeWords(checked.time);
      return [{ zh: `核对授权时为${zh}（账本时间）`, en: `The grant was checked on ${en} (the ledger's time)` }];
    },
  },
  {
    by: ["grant", "grantStood"],
    say: () => [{ zh: "当时的授权涵盖此次调用", en: "The grant of that time covers this access" }],
  },
  {
    by: ["request", "record", "answer"],
    say: ({ request }, facts) => [facts.get("answer")?.rows === 0 ? NOTHING_FOUND[request.way] : ROWS_SHOWN],
  },
  {
    by: ["anchor", "inclusion", "witnesses", "counted"],
    say: () => [
      { zh: "记录在日志中，已锚定，并有其他部门见证", en: "The record is in the log, anchored, and others witness it" },
    ],
  },
];

/** What is said first. */
const OPEN: ReadonlySet<Outcome> = new Set(["fails", "notProven", "closed"]);

function verdictOf(verdict: Verdict, steps: readonly Step[]): Words {
  const { zh, en } = VERDICTS[verdict];
  const closed = verdict === "proven" && steps.some(({ outcome }) => outcome === "closed");
  return closed ? { zh: `${zh}（所查内容和结果未出示）`, en: `${en}; what was looked up is kept closed` } : { zh, en };
}

/** What a verification comes to, for people. */
export function explain({ verdict, steps, record }: Verification): Explanation {
  const holding: Facts = new Map(
    steps.flatMap(({ name, outcome, fact }) => (outcome === "holds" ? [[name, fact]] : [])),
  );
  const demo = holding.get("policy")?.demo;
  const channel = demo === undefined ? [] : [demo ? DEMO : NO_DEMO];
  const backed = SENTENCES.filter(({ by }) => by.every((name) => holding.has(name)));
  const sentences = record === undefined ? [] : backed.flatMap(({ say }) => say(record.record, holding));
  return {
    verdict: verdictOf(verdict, steps),
    open: steps.filter(({ outcome }) => OPEN.has(outcome)).map(describeStep),
    proven: [...channel, ...sentences],
    never: NEVER_PROVEN,
  };
}

const DEMO: Words = {
  zh: "这是演示通道：账本时间由人拨动，不是真实时间",
  en: "This is a demonstration: its clock is moved by hand, its times are no real ones",
};
const NO_DEMO: Words = { zh: "这不是演示通道", en: "This is no demonstration" };

function sayRequest({ request }: AccessRecord): Words[] {
  const { consumer, officer, provider, dataset, release, fields, purpose, scenario, way, road } = request;
  const said: Words[] = [
    {
      zh: `${consumer} 的经办人 ${officer} 请求 ${provider} 的数据资源 ${dataset}（批次 ${release.slice(0, 12)}…）`,
      en: `Officer ${officer} of ${consumer} asked ${provider} for dataset ${dataset} (release ${release.slice(0, 12)}…)`,
    },
    { zh: `字段：${fields.join("、")}`, en: `Fields: ${fields.join(", ")}` },
    {
      zh: `用途：${PURPOSE_WORDS[purpose].zh}；场景：${scenario}`,
      en: `Purpose: ${PURPOSE_WORDS[purpose].en}; scenario: ${scenario}`,
    },
    {
      zh: `方式：${WAY_WORDS[way].zh}，${ROAD_WORDS[road].zh}${road === "gateway" ? "" : `（只是 ${consumer} 所言）`}`,
      en: `By ${WAY_WORDS[way].en}, ${ROAD_WORDS[road].en}${road === "gateway" ? "" : `, by the word of ${consumer} alone`}`,
    },
  ];
  if (request.by !== undefined) {
    const by = request.by.join(", ");
    said.push({
      zh: `以 ${by} 辨认各行，往来的是带密钥的摘要，不是数据`,
      en: `Rows told apart by ${by}; what was exchanged are keyed digests, no data`,
    });
  }
  if (request.principal !== undefined) {
    said.push({ zh: `代 ${request.principal} 办理`, en: `On behalf of ${request.principal}` });
  }
  if (request.operator !== undefined) {
    said.push({
      zh: `据 ${consumer} 所言，由运营企业 ${request.operator} 经手`,
      en: `Through the operator ${request.operator}, by the word of ${consumer}`,
    });
  }
  return said;
}

function sayResult(record: AccessRecord): Words[] {
  const { provider } = record.request;
  const reason = reasonOf(record);
  const result = RESULT_WORDS[record.result];
  const why = reason === undefined ? { zh: "", en: "" } : wrapped(REASON_WORDS[reason]);
  const rows = record.rows.toLocaleString("en-US");
  if (record.request.road !== "gateway" && record.result === "served") {
    // The provider's node saw none of it: it states that it was allowed, and what the release has.
    return [
      {
        zh: `${provider} 的节点记载：准许另行交付，批次共${rows}行；是否交付、交付了多少，节点没有经手`,
        en: `The node of ${provider} states: allowed to be handed over, of a release of ${rows} rows; that and how much was, it did not see`,
      },
    ];
  }
  return [
    {
      zh: `${provider} 的节点记载：${result.zh}${why.zh}，${rows}行`,
      en: `The node of ${provider} states: ${result.en}${why.en}, ${rows} rows`,
    },
  ];
}

const wrapped = ({ zh, en }: Words): Words => ({ zh: `（${zh}）`, en: ` (${en})` });
