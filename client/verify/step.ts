import type { Words } from "@wanlian/protocol/language.js";

/** The steps of a verification, in the order in which they are taken, each with its title for people. */
const STEP_TITLES = {
  configuration: { zh: "通道配置", en: "Channel configuration" },
  anchor: { zh: "日志锚定", en: "Anchor of the log" },
  inclusion: { zh: "记录在日志中", en: "Record in the log" },
  witnesses: { zh: "其他部门见证", en: "Witnesses" },
  counted: { zh: "锚定有效", en: "Anchor counted" },
  request: { zh: "经办人签名", en: "Officer's signature" },
  record: { zh: "提供部门签名", en: "Provider's signature" },
  receipt: { zh: "使用部门回签", en: "Consumer's countersignature" },
  opening: { zh: "传输开始记录", en: "Beginning of the transfer" },
  ledgerPosition: { zh: "核对授权所据区块", en: "Block checked" },
  time: { zh: "账本时间", en: "Ledger's time" },
  policy: { zh: "现行政策", en: "Policy in force" },
  grant: { zh: "授权涵盖此次调用", en: "Grant covers it" },
  grantStood: { zh: "其间授权未变", en: "Grant unchanged" },
  answer: { zh: "答复出自批次", en: "Answer is the release's" },
} as const satisfies Readonly<Record<string, Words>>;

/** Likewise of an answer that was taken home. */
const ANSWER_STEP_TITLES = {
  configuration: STEP_TITLES.configuration,
  word: { zh: "答复节点签名", en: "Word of the node" },
  witnesses: STEP_TITLES.witnesses,
  acts: { zh: "行为在账本上", en: "Acts on the ledger" },
  times: { zh: "行为的时间", en: "Times of the acts" },
  whole: { zh: "事项经过完整", en: "Histories are whole" },
  standings: { zh: "事项当时的状态", en: "Cases as they stood" },
  cell: { zh: "单元格属于批次", en: "Cell is the release's" },
  accesses: { zh: "调用记录", en: "Access records" },
} as const satisfies Readonly<Record<string, Words>>;

export type StepName = keyof typeof STEP_TITLES;
export const STEPS = Object.keys(STEP_TITLES) as readonly StepName[];
export type AnswerStepName = keyof typeof ANSWER_STEP_TITLES;
export const ANSWER_STEPS = Object.keys(ANSWER_STEP_TITLES) as readonly AnswerStepName[];
const ALL_TITLES: Readonly<Record<StepName | AnswerStepName, Words>> = { ...STEP_TITLES, ...ANSWER_STEP_TITLES };

/**
 * What became of a step.
 * - `holds`: it is proven.
 * - `fails`: what the file shows contradicts it.
 * - `notProven`: the file lacks what would show it, or a step before does not hold.
 * - `closed`: the file does not show what was looked up and what came back, so nothing of it is proven.
 * - `notDemanded`: this kind of record has nothing of it to prove.
 */
export type Outcome = "holds" | "fails" | "notProven" | "closed" | "notDemanded";

/** What a step proves, as a value: two verifications that prove the same have the same. */
export type Fact = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export interface Step<Name extends StepName | AnswerStepName = StepName> {
  readonly name: Name;
  readonly outcome: Outcome;
  /** What it shows where it holds, or why it does not. */
  readonly text: Words;
  /** Of a step that holds. */
  readonly fact: Fact | undefined;
}

const OUTCOMES: Readonly<Record<Outcome, { readonly mark: string; readonly said: Words }>> = {
  holds: { mark: "✔", said: { zh: "成立", en: "holds" } },
  fails: { mark: "✘", said: { zh: "不成立", en: "does not hold" } },
  notProven: { mark: "?", said: { zh: "未证明", en: "not proven" } },
  closed: { mark: "○", said: { zh: "未出示", en: "is kept closed" } },
  notDemanded: { mark: "–", said: { zh: "不适用", en: "does not apply" } },
};

/** A step in one line. */
export function describeStep({ name, outcome, text }: Step<StepName | AnswerStepName>): Words {
  const { mark, said } = OUTCOMES[outcome];
  const title = ALL_TITLES[name];
  if (outcome === "holds") return { zh: `${mark} ${title.zh}：${text.zh}`, en: `${mark} ${title.en}: ${text.en}` };
  if (outcome === "notDemanded")
    return { zh: `${mark} ${title.zh}：${said.zh}`, en: `${mark} ${title.en}: ${said.en}` };
  return { zh: `${mark} ${title.zh}${said.zh}：${text.zh}`, en: `${mark} ${title.en} ${said.en}: ${text.en}` };
}

/** A step that holds: what later steps build on, what it proves, and the same in words. */
export interface Done<T> {
  readonly value: T;
  readonly fact: Fact;
  readonly text: Words;
}
