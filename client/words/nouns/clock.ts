import { type NounWords, said } from "../noun-words.js";

/** 账本时钟 */
export const clock: NounWords = {
  noun: { zh: "账本时钟", en: "clock" },
  states: {
    ticking: { zh: "运行中", en: "running" },
  },
  commands: {
    tick: said("拨动时钟", "Move clock on", "Clock moved on", "账本时间已更新"),
  },
};
