import type { Words } from "@wanlian/protocol/language.js";
import { wordsIn } from "@wanlian/words/index.js";
import { voidReason } from "../api-document/index.js";
import type { DifferenceDetail, VoidDetail } from "../core/index.js";

/** An alarm of the ledger's own, as the tables have it. */
interface LedgerAlarm {
  readonly kind: string;
  readonly message: string;
  /** Those whom it accuses. */
  readonly departments: readonly string[];
  readonly detail: unknown;
}

/** One plain sentence on what is on the ledger and should not be: what and where, why it does not count, and by whom. */
export function alarmWords({ kind, message, departments, detail }: LedgerAlarm): Words {
  switch (kind) {
    case "VOID_ACT":
    case "KEY_OUTSIDE_ACTS":
      return voidWords(detail as VoidDetail, departments);
    case "CONFIGURATION_BEYOND_ACTS":
    case "CONFIGURATION_BEHIND_ACTS":
      return { zh: (detail as DifferenceDetail).zh, en: message };
    default:
      return { zh: message, en: message };
  }
}

function voidWords(found: VoidDetail, accused: readonly string[]): Words {
  const by = found.officer === "" ? found.department : `${found.department} ${found.officer}`;
  const { endorsers } = found;
  const mayNotHaveKnown = accused.length === 0 && endorsers.length > 0;
  return {
    zh: [
      `${whatZh(found)}（提交人 ${by}，交易 ${found.transaction}）不计入：${voidReason(found.code, "zh")}`,
      mayNotHaveKnown ? "所据内容出自无效行为，背书部门未必知情" : "",
      endorsers.length === 0 ? "" : `背书部门：${endorsers.join("、")}`,
    ]
      .filter((part) => part !== "")
      .join("；"),
    en: [
      `${whatEn(found)} by ${by} (transaction ${found.transaction}) does not count: ${voidReason(found.code, "en")}`,
      mayNotHaveKnown ? "it rests on what void acts claim, so that whoever endorsed it may not have known" : "",
      endorsers.length === 0 ? "" : `endorsed by ${endorsers.join(", ")}`,
    ]
      .filter((part) => part !== "")
      .join("; "),
  };
}

function whatZh({ acts, moreActs }: VoidDetail): string {
  if (acts.length === 0) return "行为以外的写入";
  const named = acts.map(({ noun, case: id, number }) => `${wordsIn("zh").noun(noun)} ${id} 第${number}项行为`);
  return `${named.join("、")}${moreActs === 0 ? "" : `等共${acts.length + moreActs}项`}`;
}

function whatEn({ acts, moreActs }: VoidDetail): string {
  if (acts.length === 0) return "a write outside the acts";
  const named = acts.map(({ noun, case: id, number }) => `act ${number} of ${wordsIn("en").noun(noun)} ${id}`);
  return `${named.join(", ")}${moreActs === 0 ? "" : ` and ${moreActs} more`}`;
}
