import type { Words } from "@wanlian/protocol/language.js";

/** A part of what a node keeps. */
export type Part = "log" | "vault" | "certificates" | "index" | "projection" | "ledger";

/**
 * What can be wrong with it:
 * - `MISSING`, `CUT_SHORT`, `CHANGED`, `MISNAMED`: a file, or what stands in it
 * - `NOT_SIGNED`: the checkpoint is not one of the log's key
 * - `ROOT_DIFFERS`: neither records nor hashes give the checkpoint's root
 * - `TOO_LONG`: something is kept of records that the log does not have
 * - `NOT_ANCHORED_SO`: the log is not the one that was anchored
 * - `OTHER_KEY`: the ledger has another key for this log
 * - `OUT_OF_STEP`: rows that are not what they were made from
 * - `NOT_COMPARED`: it could not be looked at
 */
export type FaultCode =
  | "MISSING"
  | "CUT_SHORT"
  | "CHANGED"
  | "MISNAMED"
  | "NOT_SIGNED"
  | "ROOT_DIFFERS"
  | "TOO_LONG"
  | "NOT_ANCHORED_SO"
  | "OTHER_KEY"
  | "OUT_OF_STEP"
  | "NOT_COMPARED";

export interface Fault {
  readonly part: Part;
  readonly code: FaultCode;
  /** File, record, anchor or table. */
  readonly where: string;
  /** Particulars, in English. */
  readonly what: string;
  readonly repaired: boolean;
}

const PARTS: Readonly<Record<Part, Words>> = {
  log: { zh: "调用日志", en: "log" },
  vault: { zh: "密钥与回签", en: "keys and receipts" },
  certificates: { zh: "证书", en: "certificates" },
  index: { zh: "调用索引", en: "index of accesses" },
  projection: { zh: "派生数据", en: "projection" },
  ledger: { zh: "账本", en: "ledger" },
};

const CURE: Words = {
  zh: "用 --repair 向另一方部门取回，取不回的从备份恢复",
  en: "--repair asks the other side of the access for it; what does not come back is restored from a backup",
};

const CODES: Readonly<Record<FaultCode, Words>> = {
  MISSING: { zh: `缺少；${CURE.zh}`, en: `missing; ${CURE.en}` },
  CUT_SHORT: { zh: `不完整；${CURE.zh}`, en: `cut short; ${CURE.en}` },
  CHANGED: { zh: `已被改动；${CURE.zh}`, en: `changed; ${CURE.en}` },
  MISNAMED: { zh: "名称不合规则；请查明来历", en: "not a name that is used here; find out whose it is" },
  NOT_SIGNED: {
    zh: "不是本日志密钥的签名；请从备份恢复",
    en: "not signed with the log's key; restore it from a backup",
  },
  ROOT_DIFFERS: { zh: "总摘要与记录不符；请从备份恢复", en: "its root is not that of the records; restore the log" },
  TOO_LONG: { zh: "多出日志没有的部分", en: "holds what the log has no record of" },
  NOT_ANCHORED_SO: {
    zh: "与锚定的日志不符；请从备份恢复",
    en: "not the log that was anchored; restore it from a backup",
  },
  OTHER_KEY: { zh: "账本上是另一把日志密钥；请核对", en: "the ledger has another key for this log; compare" },
  OUT_OF_STEP: { zh: "与来源不符；请重建", en: "not what it was made from; have it made anew" },
  NOT_COMPARED: { zh: "未能核对；请排除后重做", en: "could not be compared; mend that and do it again" },
};

export function describeFault({ part, code, where, what, repaired }: Fault): Words {
  const mended = repaired ? { zh: "（已修复）", en: " (mended)" } : { zh: "", en: "" };
  return {
    zh: `${PARTS[part].zh} ${where}：${CODES[code].zh}${mended.zh}`,
    en: `${PARTS[part].en} ${where}: ${CODES[code].en}${mended.en}${what === "" ? "" : ` [${what}]`}`,
  };
}
