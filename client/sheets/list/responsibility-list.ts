import { DatasetCode } from "@wanlian/model/identifiers.js";
import { RegisterDataset } from "@wanlian/model/model-1/dataset/dataset-schema.js";
import type { Words } from "@wanlian/protocol/language.js";
import type { TSchema } from "typebox";
import { Check } from "typebox/schema";
import { categoryIn, dayIn, gradeIn, openClassIn, shareClassIn, shareModeIn, updateCycleIn } from "./cell-values.js";
import { undefused } from "./formulas.js";
import { columnOf, FIELD_COLUMNS, HEADINGS, type ListColumn, NEEDED_COLUMNS } from "./headings.js";

/** Rows of a sheet, as text; an empty cell is the empty text. */
export type Rows = readonly (readonly string[])[];

/** An entry of the register of legal bases, which a list may name by number or by title. */
export interface KnownBasis {
  readonly id: string;
  readonly title: string;
}

/** A cell that cannot be taken, and why. */
export interface CellFault {
  /** As a spreadsheet calls it: C7. */
  readonly cell: string;
  readonly value: string;
  readonly reason: Words;
}

/** A dataset of the list, as the catalogue takes it. */
export interface ListedDataset {
  /** Where its code stands in the sheet. */
  readonly cell: string;
  readonly code: string;
  readonly name: string;
  readonly entry: RegisterDataset;
}

/** What a list comes to. With a fault, its datasets are those that have none. */
export interface ResponsibilityList {
  readonly datasets: readonly ListedDataset[];
  readonly faults: readonly CellFault[];
}

/** Titles and notes stand above the headings, seldom more. */
const MOST_ROWS_ABOVE = 20;
/** A row with so many known headings is the row of headings. */
const ENOUGH_HEADINGS = 3;

/**
 * Reads a responsibility list (责任清单): a row a field, the dataset's own columns filled in at its first row. Total:
 * whatever the sheet holds, it comes to datasets or to faults at cells.
 */
export function readResponsibilityList(rows: Rows, bases: readonly KnownBasis[]): ResponsibilityList {
  const head = headOf(rows);
  if (head === undefined) return { datasets: [], faults: [faultAt(0, 0, rows[0]?.[0] ?? "", NO_HEADINGS)] };
  const missing = NEEDED_COLUMNS.filter((column) => !head.columns.has(column));
  if (missing.length > 0) {
    const faults = missing.map((column) => faultAt(head.row, 0, "", noColumn(column)));
    return { datasets: [], faults };
  }
  const reader = new ListReader(rows, head, bases);
  return reader.read();
}

interface Head {
  /** The last row of headings. */
  readonly row: number;
  readonly columns: ReadonlyMap<ListColumn, number>;
}

/** The headings may take two rows: 共享属性 over 共享类型, 共享方式, 共享条件. The lower one counts. */
function headOf(rows: Rows): Head | undefined {
  for (const [at, row] of rows.slice(0, MOST_ROWS_ABOVE).entries()) {
    const upper = columnsIn(row);
    if (upper.size < ENOUGH_HEADINGS) continue;
    const lower = columnsIn(rows[at + 1] ?? []);
    const isTwo = lower.size > 1 && [...lower.values()].every((column) => !takes(upper, column, row));
    return isTwo ? { row: at + 1, columns: new Map([...upper, ...lower]) } : { row: at, columns: upper };
  }
  return undefined;
}

/** Whether the upper row heads a column by itself: what spans several columns heads none. */
function takes(upper: ReadonlyMap<ListColumn, number>, column: number, row: readonly string[]): boolean {
  const isKnown = [...upper.values()].includes(column);
  const spans = (row[column + 1] ?? "") === "" && column + 1 < row.length;
  return isKnown && !spans;
}

function columnsIn(row: readonly string[]): Map<ListColumn, number> {
  const found = new Map<ListColumn, number>();
  for (const [at, heading] of row.entries()) {
    const column = columnOf(heading);
    if (column !== undefined && !found.has(column)) found.set(column, at);
  }
  return found;
}

class ListReader {
  readonly #rows: Rows;
  readonly #head: Head;
  readonly #bases: readonly KnownBasis[];
  readonly #faults: CellFault[] = [];

  constructor(rows: Rows, head: Head, bases: readonly KnownBasis[]) {
    this.#rows = rows;
    this.#head = head;
    this.#bases = bases;
  }

  read(): ResponsibilityList {
    const datasets: ListedDataset[] = [];
    const seen = new Map<string, number>();
    for (const group of this.#groups()) {
      const before = this.#faults.length;
      const row = group[0] as number;
      const code = this.#text(row, "code");
      const first = seen.get(code);
      if (first !== undefined) this.#fault(row, "code", twice(first + 1));
      seen.set(code, first ?? row);
      const entry = this.#entry(group);
      if (this.#faults.length > before) continue;
      if (Check(RegisterDataset, entry))
        datasets.push({ cell: this.#cell(row, "code"), code, name: entry.name, entry });
      else this.#fault(row, "code", UNREADABLE);
    }
    if (datasets.length === 0 && this.#faults.length === 0)
      this.#faults.push(faultAt(this.#head.row + 1, 0, "", EMPTY));
    return { datasets, faults: this.#faults };
  }

  /** The rows of one dataset each: a new code, or a new name, begins the next. */
  #groups(): number[][] {
    const groups: number[][] = [];
    for (let at = this.#head.row + 1; at < this.#rows.length; at += 1) {
      if ((this.#rows[at] ?? []).every((cell) => cell.trim() === "")) continue;
      const current = groups.at(-1);
      const first = current?.[0];
      const begins = (column: ListColumn) =>
        this.#text(at, column) !== "" && (first === undefined || this.#text(at, column) !== this.#text(first, column));
      if (current === undefined || begins("code") || begins("name")) groups.push([at]);
      else current.push(at);
    }
    return groups;
  }

  /** As the catalogue takes it, once no part of it has a fault. */
  #entry(group: readonly number[]): unknown {
    const row = group[0] as number;
    this.#same(group);
    const { properties } = RegisterDataset;
    const shared = properties.share.properties;
    const grade = this.#parsed(row, "grade", gradeIn);
    const shareClass = this.#parsed(row, "share", shareClassIn);
    const openConditions = this.#text(row, "openConditions");
    return {
      code: this.#checked(row, "code", this.#text(row, "code"), DatasetCode),
      name: this.#checked(row, "name", this.#text(row, "name"), properties.name),
      abstract: this.#checked(row, "abstract", this.#text(row, "abstract"), properties.abstract),
      category: this.#checked(row, "category", categoryIn(this.#text(row, "category")), properties.category),
      sourceSystem: this.#checked(row, "sourceSystem", this.#text(row, "sourceSystem"), properties.sourceSystem),
      format: this.#checked(row, "format", this.#text(row, "format"), properties.format),
      fields: this.#fields(group, grade),
      share: {
        class: shareClass,
        ...this.#basis(row, shareClass),
        ...this.#optional(row, "conditions", shared.conditions),
        mode: this.#parsed(row, "mode", shareModeIn),
      },
      open: {
        class: this.#parsed(row, "open", (text) => openClassIn(text, openConditions)),
        ...renamed("conditions", this.#optional(row, "openConditions", properties.open.properties.conditions)),
      },
      grade,
      updateCycle: this.#parsed(row, "updateCycle", updateCycleIn),
      quality: [],
      published: this.#checked(row, "published", this.#parsed(row, "published", dayIn), properties.published),
      ...this.#optional(row, "relatedCode", properties.relatedCode),
    };
  }

  #fields(group: readonly number[], grade: number | undefined): unknown {
    const names = new Map<string, number>();
    return group.map((row) => {
      const { properties } = RegisterDataset.properties.fields.items;
      const name = this.#checked(row, "field", this.#text(row, "field"), properties.name);
      const first = names.get(name);
      if (first !== undefined) this.#fault(row, "field", twice(first + 1));
      names.set(name, row);
      const meaning = this.#text(row, "meaning") || name;
      const sensitivity = this.#text(row, "sensitivity");
      return {
        name,
        type: this.#checked(row, "type", this.#text(row, "type"), properties.type),
        meaning: this.#checked(row, "meaning", meaning, properties.meaning),
        sensitivity: (sensitivity === "" ? grade : this.#parsed(row, "sensitivity", gradeIn)) ?? 1,
      };
    });
  }

  #basis(row: number, shareClass: string | undefined): { readonly basis?: string } {
    const said = this.#text(row, "basis");
    if (said === "") {
      if (shareClass === "conditional" || shareClass === "withheld") this.#fault(row, "basis", NEEDS_BASIS);
      return {};
    }
    const known = this.#bases.find(({ id, title }) => id === said || title === said || `${title}（${id}）` === said);
    if (known === undefined) {
      this.#fault(row, "basis", UNKNOWN_BASIS);
      return {};
    }
    return { basis: known.id };
  }

  /** What a further row says of the dataset again has to be the same. */
  #same([first = 0, ...others]: readonly number[]): void {
    for (const column of this.#head.columns.keys()) {
      if (FIELD_COLUMNS.includes(column)) continue;
      const said = this.#text(first, column);
      for (const row of others) {
        const again = this.#text(row, column);
        if (again !== "" && again !== said) this.#fault(row, column, differs(first + 1));
      }
    }
  }

  #optional(row: number, column: ListColumn, schema: TSchema): Readonly<Record<string, string>> {
    const said = this.#text(row, column);
    return said === "" ? {} : { [column]: this.#checked(row, column, said, schema) };
  }

  #checked<T>(row: number, column: ListColumn, value: T, schema: TSchema): T {
    // What could not be read has its fault already.
    if (value !== undefined && !Check(schema, value)) {
      this.#fault(row, column, this.#text(row, column) === "" ? MISSING : (CHOICES[column] ?? malformed(schema)));
    }
    return value;
  }

  #parsed<T>(row: number, column: ListColumn, parse: (text: string) => T | undefined): T | undefined {
    const said = this.#text(row, column);
    const value = parse(said);
    if (value === undefined) this.#fault(row, column, said === "" ? MISSING : (CHOICES[column] ?? UNREADABLE));
    return value;
  }

  #text(row: number, column: ListColumn): string {
    const at = this.#head.columns.get(column);
    return at === undefined ? "" : undefused((this.#rows[row]?.[at] ?? "").trim());
  }

  #cell(row: number, column: ListColumn): string {
    return cellName(row, this.#head.columns.get(column) ?? 0);
  }

  #fault(row: number, column: ListColumn, reason: Words): void {
    const at = this.#head.columns.get(column);
    const about = at === undefined ? noColumn(column) : reason;
    this.#faults.push(faultAt(row, at ?? 0, this.#text(row, column), about));
  }
}

const renamed = (name: string, part: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.values(part).map((value) => [name, value]));

const LETTERS = 26;
const LETTER_A = 65;

/** Columns go on from Z with AA. */
function cellName(row: number, column: number): string {
  let letters = "";
  for (let rest = column; rest >= 0; rest = Math.floor(rest / LETTERS) - 1)
    letters = String.fromCharCode(LETTER_A + (rest % LETTERS)) + letters;
  return `${letters}${row + 1}`;
}

const faultAt = (row: number, column: number, value: string, reason: Words): CellFault => ({
  cell: cellName(row, column),
  value,
  reason,
});

const NO_HEADINGS: Words = {
  zh: "没有找到表头行；请保留“信息资源名称”等列名，或下载样表",
  en: "there is no row of headings; keep the columns' names, or begin with the template",
};
const EMPTY: Words = { zh: "表头以下没有内容", en: "nothing stands below the headings" };
const MISSING: Words = { zh: "未填写", en: "is empty" };
const UNREADABLE: Words = { zh: "无法识别", en: "cannot be read" };
const NEEDS_BASIS: Words = {
  zh: "有条件共享和不予共享须写明依据；请从依据登记册选",
  en: "a class that is not unconditional needs its legal basis, from the register",
};
const UNKNOWN_BASIS: Words = {
  zh: "依据登记册中没有此项；请写登记册中的编号或标题",
  en: "the register of legal bases has none of this number or title",
};
const CHOICES: Partial<Record<ListColumn, Words>> = {
  share: { zh: "应为无条件共享、有条件共享或不予共享", en: "is unconditional, conditional or withheld" },
  open: {
    zh: "应为无条件开放、有条件开放、不予开放，或是、否",
    en: "is unconditional, conditional, closed, yes or no",
  },
  mode: { zh: "应为接口、文件、查询或共享平台", en: "is interface, file, query or platform" },
  updateCycle: { zh: "应为实时、每日、每周、每月、每季度、每半年、每年或不定期", en: "is no known cycle of updates" },
  grade: { zh: "应为1至4级", en: "is a grade of 1 to 4" },
  sensitivity: { zh: "应为1至4级", en: "is a grade of 1 to 4" },
  published: { zh: "应为日期，如2026-09-21", en: "is a date, such as 2026-09-21" },
};

const noColumn = (column: ListColumn): Words => ({
  zh: `缺少“${HEADINGS[column][0]}”列`,
  en: `there is no column "${HEADINGS[column].at(-1)}"`,
});
const twice = (row: number): Words => ({ zh: `与第${row}行重复`, en: `stands in row ${row} already` });
const differs = (row: number): Words => ({ zh: `与第${row}行所写不同`, en: `is not what row ${row} says` });

function malformed(schema: TSchema): Words {
  const { maxLength, maxItems } = schema as { maxLength?: number; maxItems?: number };
  if (maxItems !== undefined) return { zh: `最多${maxItems}级，每级不为空`, en: `has at most ${maxItems} levels` };
  if (schema === DatasetCode)
    return { zh: "只能用字母、数字和连字符，不超过64个字符", en: "has letters, digits and hyphens, at most 64" };
  return maxLength === undefined
    ? UNREADABLE
    : { zh: `不超过${maxLength}个字符，不含换行`, en: `has at most ${maxLength} characters and no line breaks` };
}
