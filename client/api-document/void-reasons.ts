import type { Language, Words } from "@wanlian/protocol/language.js";
import { isCode, messages } from "./messages.js";

/** Why an act on the ledger does not count, where that is no refusal of a rule. */
const OF_THE_FOLD: Readonly<Record<string, Words>> = {
  WRONG_WRITES: { zh: "写入的不是一项行为", en: "it wrote something else than one act" },
  UNSEALED: { zh: "未加封", en: "it was not sealed" },
  UNKNOWN_KEY: { zh: "写入了不属于行为的键", en: "it wrote under a key that is no act's" },
  UNREADABLE: { zh: "内容不是一项行为", en: "what it wrote is no act" },
  WRONG_AUTHOR: { zh: "署名不是提交人", en: "it names another author than who signed it" },
  WRONG_NUMBER: { zh: "占用的编号不对", en: "it took another number than the next" },
  WRONG_VALUE: { zh: "结果与规则得出的不同", en: "it says something else than the rules give" },
  UNJUDGEABLE: { zh: "规则无法裁定", en: "the rules fail on it" },
};

/** Why an act is void, in plain words. @param code a VoidCode */
export function voidReason(code: string, language: Language): string {
  const own = Object.hasOwn(OF_THE_FOLD, code) ? OF_THE_FOLD[code] : undefined;
  return own?.[language] ?? (isCode(code) ? messages[code][language] : code);
}
