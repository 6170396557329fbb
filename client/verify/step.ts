import type { Words } from "@wanlian/protocol/language.js";
import { invalid } from "./acts.js";
import type { SignedRecord } from "./records/access-record.js";

/** The steps of a verification, in the order in which they are taken, each with its title for people. */
const STEP_TITLES = {
  configuration: { zh: "通道配置", en: "Channel configuration" },
  anchor: { zh: "日志锚定", en: "Anchor of the log" },
  inclusion: { zh: "记录在日志中", en: "Record in the log" },
  witnesses: { zh: "其他部门见证", en: "Witnesses" },
  counted: { zh: "锚定已计入账本", en: "Anchor counted" },
  request: { zh: "请求签名", en: "Signature of the request" },
  record: { zh: "提供部门签名", en: "Provider's signature" },
  receipt: { zh: "使用部门回签", en: "Consumer's countersignature" },
  ledgerPosition: { zh: "检查所依据的区块", en: "Block checked against" },
  grant: { zh: "授权", en: "Grant" },
  grantStood: { zh: "授权未被改变", en: "Grant unchanged" },
} as const satisfies Readonly<Record<string, Words>>;

export type StepName = keyof typeof STEP_TITLES;
export const STEPS = Object.keys(STEP_TITLES) as readonly StepName[];

/** One step: what it shows where it holds, or why it does not. `skipped`: it does not apply, or a step before failed. */
export interface Step {
  readonly name: StepName;
  readonly outcome: "holds" | "fails" | "skipped";
  readonly text: Words;
}

const MARKS = { holds: "✔", fails: "✘", skipped: "–" } as const;

/** A step in one line. */
export function describeStep({ name, outcome, text }: Step): Words {
  const [mark, title] = [MARKS[outcome], STEP_TITLES[name]];
  return { zh: `${mark} ${title.zh}：${text.zh}`, en: `${mark} ${title.en}: ${text.en}` };
}

/** What a step that holds shows, and what later steps build on. */
export interface Done<T> {
  readonly value: T;
  readonly text: Words;
}

/** Why a step that applies is not taken. */
export interface Skipped {
  readonly skipped: Words;
}

/** The record that the evidence is of. @throws ProtocolError */
export function recordOf(signed: SignedRecord | undefined): SignedRecord["record"] {
  if (signed === undefined) throw invalid("the entry is no access record");
  return signed.record;
}

/** What no evidence of this kind can show; said with every result, so that nobody reads more into it. */
export const NEVER_PROVEN: readonly Words[] = [
  {
    zh: "数据内容本身是否真实、完整：证据只说明提供了什么、何时、依据什么授权。",
    en: "That the data themselves are true or complete: only what was given, when, and under which grant.",
  },
  {
    zh: "提供部门与使用部门共同隐瞒的访问：双方都不记录的，不留痕迹。",
    en: "Accesses that provider and consumer hide together: what neither logs leaves no trace.",
  },
];

/** Of the step `grantStood`. */
export const BETWEEN_NOT_IN_FILE: Words = {
  zh: "文件未含其间的区块，不作证明",
  en: "not shown: the file does not hold the blocks between",
};

/** Said besides where the file does not hold the blocks that would show it. */
export const GRANT_BETWEEN_NOT_PROVEN: Words = {
  zh: "授权在所引操作与检查高度之间未被其他操作改变：须由审计员的节点对照账本核对。",
  en: "That no other act changed the grant between the act cited and the height checked: an auditor's node compares that with the ledger.",
};
