import type { Words } from "@wanlian/protocol/language.js";
import { malformed } from "../yaml.js";
import {
  cellText,
  codesOf,
  columnOf,
  type DraftRule,
  Gathering,
  isMembers,
  listOf,
  type Members,
  partOf,
  severityOf,
  type Translation,
  textOf,
  WHY,
} from "./foreign-rules.js";

/** What of a contract is one table, and which columns name its rows. */
export interface ContractRules {
  readonly gathering: Gathering;
  readonly key: readonly string[];
}

/**
 * The quality sections of a contract after the Open Data Contract Standard 3.0 or 3.1, and what it says of fields that is a
 * rule here: required, unique, primary key, length, pattern, bounds.
 * @param table of several in the contract
 */
export function gatherContract(contract: Members, table: string | undefined): ContractRules {
  const tables = listOf(contract.schema).filter(isMembers);
  const names = tables.map(({ name }, at) => cellText(name) ?? `schema.${at}`);
  const at = table === undefined ? 0 : names.indexOf(table);
  const chosen = tables[at];
  if (chosen === undefined) throw malformed(`the contract has the tables ${names.join(", ") || "none"}`);
  if (table === undefined && tables.length > 1) {
    throw malformed(`the contract has several tables, ${names.join(", ")}: say which (--of-table)`);
  }
  const place = `schema.${at}`;
  const gathering = new Gathering();
  const properties = listOf(chosen.properties).filter(isMembers);
  for (const [number, property] of properties.entries()) {
    const where = `${place}.properties.${number}`;
    const column = columnOf(property.name, where);
    gathering.add(where, column, ofField(column, property));
    gatherQuality(gathering, property.quality, `${where}.quality`, { column, table: chosen });
  }
  const key = primaryKey(properties);
  if (key.length > 0) gathering.add(place, "primaryKey", { rules: [{ check: "unique", columns: key }] });
  gatherQuality(gathering, chosen.quality, `${place}.quality`, { table: chosen });
  return { gathering, key };
}

function primaryKey(properties: readonly Members[]): string[] {
  const position = ({ primaryKeyPosition: at }: Members) => (typeof at === "number" ? at : Number.MAX_SAFE_INTEGER);
  const parts = properties.filter(({ primaryKey }) => primaryKey === true);
  return parts.sort((a, b) => position(a) - position(b)).flatMap(({ name }) => textOf(name) ?? []);
}

function ofField(
  column: string,
  { required, unique, primaryKey, logicalType, logicalTypeOptions }: Members,
): Translation {
  const options = isMembers(logicalTypeOptions) ? logicalTypeOptions : {};
  const rules: DraftRule[] = [];
  let remark: Words | undefined;
  if (required === true || primaryKey === true) rules.push({ check: "notNull", column });
  if (unique === true) rules.push({ check: "unique", columns: [column] });
  const { minLength, maxLength, pattern, minimum, maximum } = options;
  if (Number.isInteger(minLength) || Number.isInteger(maxLength)) {
    const bounds = { ...bound("min", minLength), ...bound("max", maxLength) };
    rules.push({ check: "length", column, ...bounds });
  }
  if (typeof pattern === "string" && pattern !== "") {
    const fitted = partOf(column, pattern);
    if ("why" in fitted) remark = fitted.why;
    else rules.push(...fitted.rules);
  }
  if (typeof minimum === "number" || typeof maximum === "number") {
    const bounds = { ...textBound("min", minimum), ...textBound("max", maximum) };
    rules.push({ check: "range", column, as: "number", ...bounds });
  }
  if (logicalType === "date" && (options.format === undefined || options.format === "yyyy-MM-dd")) {
    rules.push({ check: "date", column, format: "yyyy-MM-dd" });
  }
  return { rules, ...(remark === undefined ? {} : { remark }) };
}

const bound = (name: "min" | "max", value: unknown) => (Number.isInteger(value) ? { [name]: value as number } : {});
const textBound = (name: "min" | "max", value: unknown) => (typeof value === "number" ? { [name]: String(value) } : {});

interface Subject {
  /** Where it is about one field. */
  readonly column?: string;
  readonly table: Members;
}

function gatherQuality(gathering: Gathering, quality: unknown, place: string, subject: Subject): void {
  for (const [at, entry] of listOf(quality).entries()) {
    const where = `${place}.${at}`;
    if (!isMembers(entry)) throw malformed(`${where} is no quality attribute`);
    // 3.0 calls the metric a rule, and by other names.
    const metric = textOf(entry.metric) ?? textOf(entry.rule);
    const type = textOf(entry.type) ?? "library";
    const what = type === "library" ? (metric ?? type) : type;
    gathering.add(where, what, translate(type, metric, entry, subject));
  }
}

const TEXT = { zh: "是给人读的文字", en: "it is words for people" };
const CUSTOM = { zh: "是其他工具的规则（custom）", en: "it is a rule of another tool's (custom)" };

function translate(type: string, metric: string | undefined, entry: Members, subject: Subject): Translation {
  const translation =
    type === "library"
      ? ofMetric(metric ?? "", entry, subject)
      : type === "sql"
        ? ofSql(entry, subject)
        : { why: type === "text" ? TEXT : type === "custom" ? CUSTOM : WHY.unknown };
  if ("why" in translation) return translation;
  const severity = severityOf(entry.severity);
  const common = { ...dimensionOf(entry.dimension), ...(severity === "error" ? {} : { severity }) };
  return { ...translation, rules: translation.rules.map((rule) => ({ ...rule, ...common })) };
}

const DIMENSIONS = {
  accuracy: "accuracy",
  completeness: "completeness",
  coverage: "completeness",
  conformity: "compliance",
  consistency: "consistency",
  timeliness: "timeliness",
  uniqueness: "accuracy",
} as const;

function dimensionOf(given: unknown): Pick<DraftRule, "dimension"> {
  const known = Object.entries(DIMENSIONS).find(([name]) => name === given);
  return known === undefined ? {} : { dimension: known[1] };
}

function ofMetric(metric: string, entry: Members, { column }: Subject): Translation {
  const given = isMembers(entry.arguments) ? entry.arguments : entry;
  const limit = limitOf(entry);
  if ("why" in limit) return limit;
  const tolerance = limit.tolerance === 0 ? {} : { tolerance: limit.tolerance };
  const within = (translation: Translation): Translation =>
    "why" in translation
      ? translation
      : {
          rules: translation.rules.map((rule) => ({ ...rule, ...tolerance })),
          ...(limit.remark === undefined ? {} : { remark: limit.remark }),
        };
  const one = (rule: DraftRule): Translation => within({ rules: [rule] });
  switch (metric) {
    case "nullValues":
    case "nullCheck":
      return column === undefined ? { why: WHY.unknown } : one({ check: "notNull", column });
    case "missingValues": {
      const missing = listOf(given.missingValues);
      const others = missing.filter((value) => value !== null && !(typeof value === "string" && value.trim() === ""));
      if (column === undefined) return { why: WHY.unknown };
      if (others.length === 0) return one({ check: "notNull", column });
      return { why: { zh: "另有视作缺失的取值", en: "other values count as missing there" } };
    }
    case "duplicateValues":
    case "duplicateCount": {
      const columns = column === undefined ? listOf(given.properties).map(String) : [column];
      return columns.length === 0 ? { why: WHY.unknown } : one({ check: "unique", columns });
    }
    case "invalidValues":
    case "validValues":
      return column === undefined ? { why: WHY.unknown } : within(validity(column, given));
    default:
      return { why: WHY.unknown };
  }
}

function validity(column: string, { validValues, pattern }: Members): Translation {
  return typeof pattern === "string" && validValues === undefined
    ? partOf(column, pattern)
    : codesOf(column, validValues);
}

type Limit = { readonly tolerance: number; readonly remark?: Words } | { readonly why: Words };

const COMPARISONS = ["mustBe", "mustBeLessThan", "mustBeLessOrEqualTo"] as const;
const OTHER_COMPARISONS = [
  ..."mustNotBe mustBeGreaterThan mustBeGreaterOrEqualTo mustBeBetween mustNotBeBetween".split(" "),
];

/** How many rows may fail: none, or a share of them. */
function limitOf(entry: Members): Limit {
  const why = { zh: "限额无法换算为不合格行的比例", en: "its limit is no share of failing rows" };
  if (OTHER_COMPARISONS.some((name) => entry[name] !== undefined)) return { why };
  const [given, ...more] = COMPARISONS.filter((name) => entry[name] !== undefined);
  // 3.0: a check by name alone is one that has to hold.
  if (given === undefined) return { tolerance: 0 };
  const value = entry[given];
  if (more.length > 0 || typeof value !== "number" || value < 0) return { why };
  if (given !== "mustBeLessThan" && value === 0) return { tolerance: 0 };
  if (entry.unit !== "percent") return given === "mustBeLessThan" && value === 1 ? { tolerance: 0 } : { why };
  if (given === "mustBe" || value === 0) return { why };
  const exact = Math.round(value * 100);
  const tolerance = Math.min(10_000, given === "mustBeLessThan" ? exact - 1 : exact);
  if (tolerance < 0) return { why };
  if (given === "mustBeLessOrEqualTo" && exact === value * 100) return { tolerance };
  return { tolerance, remark: { zh: "容许比例以万分位计", en: "what it tolerates is in ten-thousandths" } };
}

/** A count of rows that has to be nothing: those rows are what fails. */
const COUNT = /^\s*select\s+count\s*\(\s*(?:\*|1)\s*\)(?:\s+as\s+\w+)?\s+from\s+(\S+)\s+where\s+([\s\S]+?);?\s*$/iu;

function ofSql(entry: Members, { column, table }: Subject): Translation {
  const query = textOf(entry.query) ?? "";
  const [, from = "", where = ""] = COUNT.exec(query) ?? [];
  const limit = limitOf(entry);
  const filledIn = ["table", "object", "schema"].flatMap((name) => [`\${${name}}`, `{${name}}`]);
  const names = [...filledIn, ...[table.name, table.physicalName].flatMap((name) => cellText(name) ?? [])];
  if (!names.includes(from) || "why" in limit || limit.tolerance !== 0 || entry.mustBe !== 0) {
    return {
      why: {
        zh: "只有“不合条件的行数须为0”的查询可以转换",
        en: "only a count of rows of its own table that has to be 0 can be taken over",
      },
    };
  }
  const named = where.replaceAll(/\$?\{(?:column|property)\}/g, () => `"${(column ?? "").replaceAll('"', '""')}"`);
  return {
    rules: [{ check: "sql", query: `select * from data where ${named.trim()}` }],
    remark: { zh: "此处各列都是文本，数字、日期须先转换", en: "all columns are text here: cast numbers and dates" },
  };
}
