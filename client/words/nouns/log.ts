import { type NounWords, said } from "../noun-words.js";

/** 调用日志 */
export const log: NounWords = {
  noun: { zh: "调用日志", en: "log" },
  states: {
    open: { zh: "已启用", en: "open" },
  },
  commands: {
    open: said("启用调用日志", "Open log", "Opened the log"),
    beginAnew: said("另起日志", "Begin log anew", "Began the log anew"),
    rotate: said("更换日志密钥", "Change key", "Changed the key"),
    anchor: said("锚定日志", "Anchor", "Anchored"),
  },
  members: {
    anchored: { zh: "上次锚定", en: "Last anchored" },
    anchors: { zh: "锚定次数", en: "Anchors" },
    blocks: { zh: "区块数", en: "Blocks" },
    checkpoint: { zh: "日志检查点", en: "Checkpoint" },
    consistency: { zh: "衔接证明", en: "Consistency proof" },
    former: { zh: "此前的日志", en: "Former logs" },
    key: { zh: "公钥", en: "Public key" },
    ledger: { zh: "账本总摘要", en: "Ledger root" },
    logs: { zh: "日志数", en: "Logs" },
    records: { zh: "记录数", en: "Records" },
    size: { zh: "记录数", en: "Records" },
  },
};
