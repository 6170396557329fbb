import type { Words } from "@wanlian/protocol/language.js";
import { undefused } from "./formulas.js";
import type { CellFault } from "./responsibility-list.js";

/** 需求清单: what is needed of whom. 供需对接清单: what each demand was matched with. */
export const DEMAND_LISTS = ["demands", "matching"] as const;
export type DemandListKind = (typeof DEMAND_LISTS)[number];

type Column =
  | "case"
  | "name"
  | "description"
  | "purpose"
  | "duty"
  | "consumer"
  | "provider"
  | "status"
  | "dataset"
  | "title";

/** How departments head their columns; the first is the one that is written. */
const HEADINGS: Readonly<Record<Column, readonly string[]>> = {
  case: ["需求编号", "编号", "number"],
  name: ["需求名称", "需求数据名称", "数据资源需求名称", "name"],
  description: ["需求说明", "需求内容", "需求描述", "description"],
  purpose: ["用途", "使用用途", "purpose"],
  duty: ["履职依据", "需求依据", "依据", "duty"],
  consumer: ["需求部门", "使用部门", "consumer"],
  provider: ["提供部门", "责任部门", "数源部门", "provider"],
  status: ["状态", "对接状态", "status"],
  dataset: ["信息资源代码", "数据资源代码", "资源代码", "dataset"],
  title: ["信息资源名称", "数据资源名称", "资源名称", "datasetname"],
};

const COLUMNS: Readonly<Record<DemandListKind, readonly Column[]>> = {
  demands: ["case", "name", "description", "purpose", "duty", "provider", "consumer", "status"],
  matching: ["case", "name", "consumer", "provider", "status", "dataset", "title"],
};
/** Without these a row says nothing that can be filed. */
const NEEDED: Readonly<Record<DemandListKind, readonly Column[]>> = {
  demands: ["name", "description", "purpose", "duty", "provider"],
  matching: ["case", "dataset"],
};

const PURPOSES: Readonly<Record<string, string>> = {
  ...{ 信息核验: "verification", 信息查询: "lookup", 数据分析: "analysis", 业务协同: "collaboration" },
  ...{ verification: "verification", lookup: "lookup", analysis: "analysis", collaboration: "collaboration" },
};

/** A demand as the ledger has it, in words where a list has words. */
export type WrittenDemand = Readonly<Record<Column, string>>;

/** The rows of a list, its headings first. */
export const demandRows = (kind: DemandListKind, demands: readonly WrittenDemand[]): string[][] => [
  COLUMNS[kind].map((column) => HEADINGS[column][0] ?? column),
  ...demands.map((demand) => COLUMNS[kind].map((column) => demand[column])),
];

/** What a row asks for: a demand to be published, or one to be matched with a dataset. */
export interface ListedDemand {
  /** Where the row begins in the sheet. */
  readonly cell: string;
  readonly what: "publish" | "match";
  readonly name: string;
  /** Of a demand that is there. */
  readonly case: string;
  readonly body: Readonly<Record<string, string>>;
}

export interface DemandList {
  readonly rows: readonly ListedDemand[];
  readonly faults: readonly CellFault[];
}

export interface Known {
  /** What departments are called, by MSP id. */
  readonly departments: ReadonlyMap<string, string>;
  /** The department that files. */
  readonly own: string;
  /** Demands on the ledger, by number. */
  readonly demands: ReadonlyMap<string, { readonly status: string; readonly provider: string }>;
}

/**
 * Reads a demand list or a matching list. Rows that say what the ledger has already are passed over: a demand with a number
 * is published, a matched one is matched. Total: whatever the sheet holds, it comes to rows or to faults at cells.
 */
export function readDemandList(kind: DemandListKind, sheet: readonly (readonly string[])[], known: Known): DemandList {
  const head = sheet.findIndex((row) => columnsIn(row).size >= NEEDED[kind].length);
  const columns = columnsIn(sheet[head] ?? []);
  const missing = NEEDED[kind].filter((column) => !columns.has(column));
  if (head < 0 || missing.length > 0) {
    const [column = "name"] = missing;
    return { rows: [], faults: [fault(Math.max(head, 0), 0, sheet[0]?.[0] ?? "", noColumn(column))] };
  }
  const rows: ListedDemand[] = [];
  const faults: CellFault[] = [];
  const seen = new Set<string>();
  for (const [offset, row] of sheet.slice(head + 1).entries()) {
    if (row.every((cell) => cell.trim() === "")) continue;
    const at = head + 1 + offset;
    const said = (column: Column) => undefused((row[columns.get(column) ?? -1] ?? "").trim());
    const wrong = (column: Column, reason: Words) =>
      faults.push(fault(at, columns.get(column) ?? 0, said(column), reason));
    const taken = kind === "demands" ? publishing(said, wrong, known) : matching(said, wrong, known);
    if (taken === undefined) continue;
    const key = JSON.stringify([taken.case, taken.body]);
    if (seen.has(key)) wrong(kind === "demands" ? "name" : "case", TWICE);
    seen.add(key);
    rows.push({ ...taken, cell: cellName(at, columns.get("name") ?? 0), name: said("name") });
  }
  return { rows, faults };
}

type Said = (column: Column) => string;
type Wrong = (column: Column, reason: Words) => unknown;
type Taken = Pick<ListedDemand, "what" | "case" | "body">;

function publishing(said: Said, wrong: Wrong, { departments, own, demands }: Known): Taken | undefined {
  const id = said("case");
  if (id !== "") {
    if (!demands.has(id)) wrong("case", NO_DEMAND);
    return undefined;
  }
  for (const column of ["name", "description", "duty"] as const) if (said(column) === "") wrong(column, EMPTY);
  const purpose = PURPOSES[said("purpose")];
  if (purpose === undefined) wrong("purpose", NO_PURPOSE);
  const addressee = [...departments].find(([mspId, name]) => [mspId, name].includes(said("provider")))?.[0];
  if (addressee === undefined) wrong("provider", NO_DEPARTMENT);
  else if (addressee === own) wrong("provider", ONESELF);
  const text = { name: said("name"), description: said("description"), duty: said("duty") };
  return { what: "publish", case: "", body: { ...text, purpose: purpose ?? "", addressee: addressee ?? "" } };
}

function matching(said: Said, wrong: Wrong, { own, demands }: Known): Taken | undefined {
  const id = said("case");
  const demand = demands.get(id);
  if (demand === undefined) {
    wrong("case", NO_DEMAND);
    return undefined;
  }
  const code = said("dataset");
  // A row that is not filled in yet, of another provider, or that says what is known: nothing to file.
  if (code === "" || demand.status === "matched") return undefined;
  if (demand.provider !== own) wrong("dataset", NOT_OWN);
  if (demand.status !== "published") wrong("case", NOT_OPEN);
  return { what: "match", case: id, body: { dataset: code.includes("/") ? code : `${own}/${code}` } };
}

function columnsIn(row: readonly string[]): ReadonlyMap<Column, number> {
  const found = new Map<Column, number>();
  for (const [at, heading] of row.entries()) {
    const word = heading
      .normalize("NFKC")
      .replace(/\([^)]*\)|\s|[*:]/g, "")
      .toLowerCase();
    const column = (Object.keys(HEADINGS) as Column[]).find((one) => HEADINGS[one].includes(word));
    if (column !== undefined && !found.has(column)) found.set(column, at);
  }
  return found;
}

const LETTERS = 26;

function cellName(row: number, column: number): string {
  let letters = "";
  for (let left = column + 1; left > 0; left = Math.floor((left - 1) / LETTERS)) {
    letters = String.fromCharCode("A".charCodeAt(0) + ((left - 1) % LETTERS)) + letters;
  }
  return `${letters}${row + 1}`;
}

const fault = (row: number, column: number, value: string, reason: Words): CellFault => ({
  cell: cellName(row, column),
  value,
  reason,
});

const noColumn = (column: Column): Words => ({
  zh: `没有“${HEADINGS[column][0]}”一列；请保留导出时的列名`,
  en: `there is no column "${HEADINGS[column][0]}"; keep the columns' names as they were exported`,
});
const EMPTY: Words = { zh: "须填写", en: "has to be filled in" };
const TWICE: Words = { zh: "清单中已有相同的一行", en: "the list has the same row already" };
const NO_DEMAND: Words = { zh: "账本上没有此编号的需求", en: "there is no demand of this number on the ledger" };
const NO_PURPOSE: Words = {
  zh: "须为信息核验、信息查询、数据分析或业务协同",
  en: "has to be one of 信息核验 (verification), 信息查询 (lookup), 数据分析 (analysis), 业务协同 (collaboration)",
};
const NO_DEPARTMENT: Words = { zh: "不是成员部门的名称或编号", en: "is no member's name or MSP id" };
const ONESELF: Words = { zh: "不能向本部门提需求", en: "a department asks others for data, not itself" };
const NOT_OWN: Words = { zh: "此需求不由本部门答复", en: "the demand is not addressed to your department" };
const NOT_OPEN: Words = { zh: "此需求已不待对接", en: "the demand does not await a match any more" };
