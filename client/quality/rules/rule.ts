import { closed, text } from "@wanlian/model/kernel/schema.js";
import { FieldName, MAX_NAME, MAX_SENTENCE } from "@wanlian/model/model-1/limits.js";
import { QualityDimension, Ratio } from "@wanlian/model/model-1/quality.js";
import { type Static, type TObject, type TSchema, Type } from "typebox";

/** Characters of a regular expression or of own SQL: what is longer nobody can read. */
const MAX_PATTERN = 1000;
const MAX_SQL = 4000;
/** Columns of one rule; composite keys of base tables have up to nine. */
const MAX_COLUMNS = 16;
/** Values written into the rules; longer code lists are releases of their own. */
const MAX_CODES = 2000;

const Name = Type.String({ pattern: "^[a-z][a-z0-9-]{0,63}$", maxLength: 64 });
const Columns = Type.Array(FieldName, { minItems: 1, maxItems: MAX_COLUMNS, uniqueItems: true });
const Bilingual = closed({ zh: text(MAX_SENTENCE), en: text(MAX_SENTENCE) });
const Comparison = Type.Enum(["=", "!=", "<", "<=", ">", ">="]);

/** How the text of a column is to be understood where it is compared. */
const Kind = Type.Enum(["text", "number", "date"]);
export type Kind = Static<typeof Kind>;

/** What may stand in a date column; a date is always written in full, with leading zeros. */
export const DATE_FORMATS = {
  "yyyy-MM-dd": { duckdb: "%Y-%m-%d", length: 10 },
  yyyyMMdd: { duckdb: "%Y%m%d", length: 8 },
  "yyyy/MM/dd": { duckdb: "%Y/%m/%d", length: 10 },
  yyyy年MM月dd日: { duckdb: "%Y年%m月%d日", length: 11 },
} as const;
export type DateFormat = keyof typeof DATE_FORMATS;
const DateFormat = Type.Enum(["yyyy-MM-dd", "yyyyMMdd", "yyyy/MM/dd", "yyyy年MM月dd日"]);

const common = {
  id: Name,
  /** GB/T 36344: into which score the rule counts. */
  dimension: QualityDimension,
  /** Only a failed rule of severity `error` fails the check. Default error. */
  severity: Type.Optional(Type.Enum(["error", "warning", "note"])),
  /** How much the rule counts in its scores. Default 1. */
  weight: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  /** The rule is passed up to this share of failing rows, in ten-thousandths. Default 0. */
  tolerance: Type.Optional(Ratio),
  /** What a person reads where it fails. Default: words for the kind of check. */
  message: Type.Optional(Bilingual),
};

const rule = <C extends string, P extends Record<string, TSchema>>(check: C, properties: P) =>
  closed({ check: Type.Literal(check), ...common, ...properties });

/** A predicate of a denial constraint; `t1` and `t2` are two different rows. */
const Predicate = closed({
  left: Type.String({ pattern: "^t[12]\\..{1,64}$" }),
  is: Comparison,
  right: Type.String({ pattern: "^t[12]\\..{1,64}$" }),
  as: Type.Optional(Kind),
});

/** Every kind of check, by its name. A value that is missing (null or empty) is looked at by `notNull` alone. */
export const RULE_SCHEMAS = {
  notNull: rule("notNull", { column: FieldName }),
  unique: rule("unique", { columns: Columns }),
  /** RE2, over the whole value: takes linear time whatever the pattern. */
  format: rule("format", { column: FieldName, pattern: Type.String({ minLength: 1, maxLength: MAX_PATTERN }) }),
  codes: rule("codes", {
    column: FieldName,
    values: Type.Array(Type.String({ minLength: 1, maxLength: MAX_NAME }), {
      minItems: 1,
      maxItems: MAX_CODES,
      uniqueItems: true,
    }),
  }),
  range: rule("range", {
    column: FieldName,
    as: Kind,
    format: Type.Optional(DateFormat),
    min: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    max: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  }),
  /** In characters. */
  length: rule("length", {
    column: FieldName,
    min: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    max: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  }),
  compare: rule("compare", {
    left: FieldName,
    is: Comparison,
    right: FieldName,
    as: Kind,
    format: Type.Optional(DateFormat),
  }),
  dependency: rule("dependency", { determinant: Columns, dependent: FieldName }),
  denial: rule("denial", { predicates: Type.Array(Predicate, { minItems: 1, maxItems: 8 }) }),
  /** Each value (or tuple) stands in the columns of another table, such as the release of the division codes. */
  reference: rule("reference", { columns: Columns, table: Name, to: Columns }),
  /** The newest date of the column is at most so many days before the day of the check. */
  freshness: rule("freshness", {
    column: FieldName,
    format: Type.Optional(DateFormat),
    withinDays: Type.Integer({ minimum: 0, maximum: 3660 }),
  }),
  /** Against an earlier release: change of the row count, or how far the shares of values have moved (total variation). */
  drift: rule("drift", { table: Name, column: Type.Optional(FieldName), atMost: Ratio }),
  /** GB 11643: 18 characters, a birthday that exists, the check character right. */
  identityNumber: rule("identityNumber", { column: FieldName }),
  /** GB 32100: 18 characters, the check character right. */
  creditCode: rule("creditCode", { column: FieldName }),
  date: rule("date", { column: FieldName, format: Type.Optional(DateFormat) }),
  /** A mobile number, or a fixed line with its area code. */
  phone: rule("phone", { column: FieldName }),
  /** GB/T 2260: six digits (or with GB/T 10114 nine or twelve) under a province that exists. */
  division: rule("division", { column: FieldName }),
  /** `select … from data where …`: the rows that it gives fail. It sees the table `data` and nothing else. */
  sql: rule("sql", { query: Type.String({ minLength: 1, maxLength: MAX_SQL }) }),
} as const satisfies Record<string, TObject>;

export type Check = keyof typeof RULE_SCHEMAS;
export type RuleOf<C extends Check> = Static<(typeof RULE_SCHEMAS)[C]>;
export type Rule = { [C in Check]: RuleOf<C> }[Check];
export type Severity = NonNullable<Rule["severity"]>;

/** Rules of one table; the national base tables need some 200. */
export const MAX_RULES = 500;

/** A file of rules. Its digest is over the canonical JSON of what it says, so that comments and layout do not count. */
export const RuleSetSchema = closed({
  /** Of this format. */
  version: Type.Literal(1),
  id: Name,
  /** Of these rules; goes up with every change. */
  revision: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  title: Bilingual,
  /** The columns that name a row in a report: findings are told by them. */
  key: Columns,
  rules: Type.Array(Type.Union(Object.values(RULE_SCHEMAS)), { minItems: 1, maxItems: MAX_RULES }),
});

/** Rules as they are written, checked. */
export interface RuleSet {
  readonly version: 1;
  readonly id: string;
  readonly revision: number;
  readonly title: { readonly zh: string; readonly en: string };
  readonly key: readonly string[];
  readonly rules: readonly Rule[];
}

/** The columns that a rule looks at, in the order in which a finding shows them. */
export function columnsOf(rule: Rule): readonly string[] {
  switch (rule.check) {
    case "unique":
    case "reference":
      return rule.columns;
    case "compare":
      return [rule.left, rule.right];
    case "dependency":
      return [...rule.determinant, rule.dependent];
    case "denial": {
      const sides = rule.predicates.flatMap(({ left, right }) => [left, right]);
      return [...new Set(sides.map((side) => side.slice(3)))];
    }
    case "drift":
      return rule.column === undefined ? [] : [rule.column];
    case "sql":
      return [];
    default:
      return [rule.column];
  }
}
