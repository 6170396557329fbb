import { literal, name } from "../engine/sql-text.js";
import { DATE_FORMATS, type DateFormat, type Kind, type Rule, type RuleOf } from "../rules/rule.js";
import { creditCode, division, identityNumber, phone } from "./chinese-numbers.js";

/** A rule that one row decides, as SQL over the columns of that row. */
export interface RowCheck {
  /** Whether the row is looked at: a missing value is the matter of `notNull` alone. */
  readonly applies: string;
  /** Whether it holds, given that it applies. Null counts as no. */
  readonly holds: string;
}

export type RowRule = Extract<
  Rule,
  {
    check:
      | "notNull"
      | "format"
      | "codes"
      | "range"
      | "length"
      | "compare"
      | "identityNumber"
      | "creditCode"
      | "date"
      | "phone"
      | "division";
  }
>;

/** Undefined for a rule that needs more than one row. */
export function rowCheck(rule: Rule): RowCheck | undefined {
  switch (rule.check) {
    case "notNull":
      // What is only blanks (the ideographic one too) is missing to whoever reads it.
      return { applies: "true", holds: `trim(${name(rule.column)}, ' \t\u3000') <> ''` };
    case "compare":
      return compare(rule);
    case "format":
      return one(rule.column, (c) => `regexp_full_match(${c}, ${literal(rule.pattern)})`);
    case "codes":
      return one(rule.column, (c) => `${c} in (${rule.values.map(literal).join(", ")})`);
    case "range":
      return one(rule.column, (c) => within(textAs(c, rule.as, rule.format), rule));
    case "length":
      return one(
        rule.column,
        (c) => `length(${c}) between ${rule.min ?? 0} and ${rule.max ?? Number.MAX_SAFE_INTEGER}`,
      );
    case "date":
      return one(rule.column, (c) => `${textAs(c, "date", rule.format)} is not null`);
    case "identityNumber":
      return one(rule.column, identityNumber);
    case "creditCode":
      return one(rule.column, creditCode);
    case "phone":
      return one(rule.column, phone);
    case "division":
      return one(rule.column, division);
    default:
      return undefined;
  }
}

/** SQL: the value is there. Null gives null, which no filter lets pass. */
export const present = (column: string): string => `${name(column)} <> ''`;

/** SQL for a text as what it stands for; null where it stands for nothing of the kind. */
export function textAs(c: string, kind: Kind, format: DateFormat = "yyyy-MM-dd"): string {
  switch (kind) {
    case "text":
      return c;
    case "number":
      // Neither infinity nor NaN is a quantity.
      return `case when isfinite(try_cast(${c} as double)) then try_cast(${c} as double) end`;
    case "date": {
      const { duckdb, length } = DATE_FORMATS[format];
      return `case when length(${c}) = ${length} then try_strptime(${c}, ${literal(duckdb)}) end`;
    }
  }
}

function one(column: string, holds: (c: string) => string): RowCheck {
  return { applies: present(column), holds: holds(name(column)) };
}

function compare({ left, is, right, as, format }: RuleOf<"compare">): RowCheck {
  const [a, b] = [left, right].map((column) => textAs(name(column), as, format));
  return { applies: `${present(left)} and ${present(right)}`, holds: `${a} ${is === "!=" ? "<>" : is} ${b}` };
}

function within(value: string, { as, format, min, max }: RuleOf<"range">): string {
  const bound = (text: string) => textAs(literal(text), as, format);
  const conditions = [
    ...(min === undefined ? [] : [`${value} >= ${bound(min)}`]),
    ...(max === undefined ? [] : [`${value} <= ${bound(max)}`]),
  ];
  return conditions.join(" and ");
}

/** What a rule holds that only DuckDB can judge: SQL that has to give a value, and what to say if it does not. */
export function constantsOf(rule: Rule): { readonly sql: string; readonly says: string }[] {
  if (rule.check === "format") {
    return [
      { sql: `regexp_full_match('', ${literal(rule.pattern)})`, says: "its pattern is no regular expression (RE2)" },
    ];
  }
  if (rule.check !== "range") return [];
  return [rule.min, rule.max].flatMap((bound) =>
    bound === undefined
      ? []
      : [{ sql: textAs(literal(bound), rule.as, rule.format), says: `"${bound}" is no ${rule.as}` }],
  );
}
