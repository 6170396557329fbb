/** Cells as departments write them, read as the catalogue has them. What cannot be read is undefined. */

const plain = (text: string): string => text.normalize("NFKC").replace(/\s/g, "").toLowerCase();

/** The first of the words that stand in the text. */
const byWord =
  <T extends string>(words: readonly (readonly [string, T])[]) =>
  (text: string): T | undefined =>
    words.find(([word]) => plain(text).includes(word))?.[1];

export const shareClassIn = byWord([
  ["无条件", "unconditional"],
  ["有条件", "conditional"],
  ["不予", "withheld"],
  ["unconditional", "unconditional"],
  ["conditional", "conditional"],
  ["withheld", "withheld"],
]);

const openWord = byWord([
  ["无条件", "unconditional"],
  ["有条件", "conditional"],
  ["不予", "closed"],
  ["unconditional", "unconditional"],
  ["conditional", "conditional"],
  ["closed", "closed"],
]);

/** 是否向社会开放 is asked for a yes or no in many lists; with a condition beside it, yes is a conditional one. */
export function openClassIn(text: string, conditions: string): "unconditional" | "conditional" | "closed" | undefined {
  const said = plain(text);
  if (said === "是" || said === "yes") return conditions === "" ? "unconditional" : "conditional";
  return said === "否" || said === "no" ? "closed" : openWord(text);
}

export const shareModeIn = byWord([
  ["接口", "interface"],
  ["interface", "interface"],
  ["库表", "platform"],
  ["平台", "platform"],
  ["platform", "platform"],
  ["文件", "file"],
  ["下载", "file"],
  ["file", "file"],
  ["查询", "query"],
  ["query", "query"],
]);

export const updateCycleIn = byWord([
  ["实时", "realTime"],
  ["半年", "halfYearly"],
  ["季", "quarterly"],
  ["不定期", "irregular"],
  ["其他", "irregular"],
  ["周", "weekly"],
  ["月", "monthly"],
  ["年", "yearly"],
  ["日", "daily"],
  ["天", "daily"],
  ["realtime", "realTime"],
  ["halfyearly", "halfYearly"],
  ["quarterly", "quarterly"],
  ["irregular", "irregular"],
  ["weekly", "weekly"],
  ["monthly", "monthly"],
  ["yearly", "yearly"],
  ["daily", "daily"],
]);

const LEVELS = "一二三四";

/** 1级, 一级, 第1级, L1: one of four. */
export function gradeIn(text: string): number | undefined {
  const [, level] = /^(?:第|l)?([1-4一二三四])级?$/.exec(plain(text)) ?? [];
  if (level === undefined) return undefined;
  const chinese = LEVELS.indexOf(level);
  return chinese < 0 ? Number(level) : chinese + 1;
}

/** 2026-09-21, 2026/9/21, 2026.9.21, 2026年9月21日, 20260921. Whether the day exists, the schema says. */
export function dayIn(text: string): string | undefined {
  const said = plain(text);
  const [, year, month, day] =
    /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(said) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(said) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
}

/** 基础信息/区划: from the widest to the narrowest. */
export const categoryIn = (text: string): string[] =>
  text
    .split(/[/／>＞→\\、；;|]|--/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
