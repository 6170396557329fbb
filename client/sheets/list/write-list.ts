import { csvText } from "./csv-text.js";
import { HEADINGS, type ListColumn } from "./headings.js";
import { ORDER } from "./template.js";

/** A dataset as the catalogue has it: the body of the act that made its current version, read by name. */
export interface WrittenEntry {
  readonly code: string;
  readonly entry: unknown;
}

const SHARE = { unconditional: "无条件共享", conditional: "有条件共享", withheld: "不予共享" };
const OPEN = { unconditional: "无条件开放", conditional: "有条件开放", closed: "不予开放" };
const MODE = { interface: "接口", file: "文件", query: "查询", platform: "共享平台" };
const CYCLE = {
  ...{ realTime: "实时", daily: "每日", weekly: "每周", monthly: "每月", quarterly: "每季度" },
  ...{ halfYearly: "每半年", yearly: "每年", irregular: "不定期" },
};

/**
 * A responsibility list as {@link readResponsibilityList} reads it: a row a field, the dataset's cells in its first row. CSV that
 * Excel opens as it is, and in which no cell runs as a formula.
 */
export const writeResponsibilityList = (entries: readonly WrittenEntry[]): string =>
  csvText(responsibilityRows(entries));

/** The same as rows of cells, for a workbook. */
export const responsibilityRows = (entries: readonly WrittenEntry[]): string[][] => [
  ORDER.map((column) => HEADINGS[column][0] ?? column),
  ...entries.flatMap((one) => rowsOf(one).map((row) => ORDER.map((column) => row[column] ?? ""))),
];

type Row = Partial<Record<ListColumn, string>>;

function rowsOf({ code, entry }: WrittenEntry): Row[] {
  const content = Object(entry);
  const share = Object(content.share);
  const open = Object(content.open);
  const fields: unknown[] = Array.isArray(content.fields) ? content.fields : [];
  const first: Row = {
    ...{ code, name: text(content.name), abstract: text(content.abstract) },
    ...{ category: Array.isArray(content.category) ? content.category.map(text).join("/") : "" },
    ...{ sourceSystem: text(content.sourceSystem), format: text(content.format) },
    ...{ share: word(SHARE, share.class), basis: text(share.basis), conditions: text(share.conditions) },
    ...{ mode: word(MODE, share.mode), open: word(OPEN, open.class), openConditions: text(open.conditions) },
    ...{ grade: level(content.grade), updateCycle: word(CYCLE, content.updateCycle) },
    ...{ published: text(content.published), relatedCode: text(content.relatedCode) },
  };
  const ofFields = fields.map((one): Row => {
    const { name, type, meaning, sensitivity } = Object(one);
    return { field: text(name), type: text(type), meaning: text(meaning), sensitivity: level(sensitivity) };
  });
  const [head = {}, ...others] = ofFields;
  return [{ ...first, ...head }, ...others];
}

const text = (value: unknown): string => (value === undefined || value === null ? "" : String(value));
const level = (value: unknown): string => (typeof value === "number" ? `${value}级` : "");
const word = (words: Readonly<Record<string, string>>, value: unknown): string => words[text(value)] ?? text(value);
