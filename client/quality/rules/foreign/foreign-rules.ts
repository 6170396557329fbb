import type { Words } from "@wanlian/protocol/language.js";
import { stringify } from "yaml";
import type { Rule, Severity } from "../rule.js";
import { parseRules } from "../rule-set.js";
import { malformed } from "../yaml.js";

type Unnamed<R> = R extends Rule ? Omit<R, "id" | "dimension"> & Partial<Pick<R, "dimension">> : never;
/** A rule before it has its id; its dimension is that of its kind where nobody says another. */
export type DraftRule = Unnamed<Rule>;

/** What a foreign rule became: rules of ours, or nothing, and why. */
export type Translation = { readonly rules: readonly DraftRule[]; readonly remark?: Words } | { readonly why: Words };

/** Something of the foreign file that is said to whoever reads it: it became nothing, or not quite the same. */
export interface ForeignNote {
  /** Where in the file. */
  readonly place: string;
  readonly what: string;
  readonly note: Words;
}

/** What a foreign file came to. */
export interface ForeignRules {
  readonly yaml: string;
  readonly rules: number;
  /** What has no counterpart. */
  readonly unmapped: readonly ForeignNote[];
  /** What is not quite the same here. */
  readonly remarks: readonly ForeignNote[];
}

type Dimension = Rule["dimension"];

const DIMENSIONS: Readonly<Record<Rule["check"], Dimension>> = {
  notNull: "completeness",
  unique: "accuracy",
  format: "compliance",
  codes: "compliance",
  range: "accuracy",
  length: "compliance",
  compare: "consistency",
  dependency: "consistency",
  denial: "consistency",
  reference: "consistency",
  freshness: "timeliness",
  drift: "consistency",
  identityNumber: "accuracy",
  creditCode: "accuracy",
  date: "compliance",
  phone: "compliance",
  division: "compliance",
  sql: "accuracy",
};

/** Gathers what a foreign file says, part by part. */
export class Gathering {
  readonly #rules: Rule[] = [];
  readonly #unmapped: ForeignNote[] = [];
  readonly #remarks: ForeignNote[] = [];

  add(place: string, what: string, translation: Translation): void {
    if ("why" in translation) {
      this.#unmapped.push({ place, what, note: translation.why });
      return;
    }
    for (const rule of translation.rules) this.#add(rule);
    if (translation.remark !== undefined) this.#remarks.push({ place, what, note: translation.remark });
  }

  #add(rule: DraftRule): void {
    const kind = rule.check.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const id = `${kind}-${this.#rules.filter(({ check }) => check === rule.check).length + 1}`;
    const same = JSON.stringify({ dimension: DIMENSIONS[rule.check], ...rule });
    // A contract says the same of a field in several ways.
    if (this.#rules.some(({ id: _, ...known }) => JSON.stringify(known) === same)) return;
    this.#rules.push({ id, dimension: DIMENSIONS[rule.check], ...rule } as Rule);
  }

  /** @throws QualityError RULES_MALFORMED where there is not one rule, or what was made is no file of rules */
  finish(name: string, key: readonly string[]): ForeignRules {
    const title = name.slice(0, 200) || "imported";
    const set = { version: 1, id: "imported", revision: 1, title: { zh: title, en: title }, key, rules: this.#rules };
    const yaml = stringify(set, { aliasDuplicateObjects: false });
    if (this.#rules.length > 0) parseRules(Buffer.from(yaml, "utf8"));
    return { yaml, rules: this.#rules.length, unmapped: this.#unmapped, remarks: this.#remarks };
  }
}

export type Members = Readonly<Record<string, unknown>>;

export const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/** Texts and numbers as text, as they stand in data. */
export const cellText = (value: unknown): string | undefined =>
  typeof value === "number" && Number.isFinite(value) ? String(value) : textOf(value);

/** @throws QualityError RULES_MALFORMED */
export function columnOf(value: unknown, place: string): string {
  const column = textOf(value);
  if (column === undefined) throw malformed(`${place} names no column`);
  return column;
}

export function severityOf(value: unknown): Severity {
  switch (textOf(value)?.toLowerCase()) {
    case "warning":
      return "warning";
    case "info":
    case "note":
      return "note";
    default:
      return "error";
  }
}

/** What RE2 does not know: looking ahead or behind, and back. */
const NOT_LINEAR = /\(\?(?:[=!]|<[=!])|\\[1-9]|\\k</;

/** A pattern as a whole value has to fit it; undefined where it cannot be run in linear time. */
export function patternOf(pattern: string, place: "whole" | "anywhere"): string | undefined {
  if (NOT_LINEAR.test(pattern)) return undefined;
  return place === "whole" ? pattern : `(?s:.*)(?:${pattern})(?s:.*)`;
}

/** The values that a column may have, as text. */
export function codesOf(column: string, given: unknown): Translation {
  const values = listOf(given).map(cellText);
  if (values.length === 0 || values.includes(undefined)) return { why: WHY.values };
  return { rules: [{ check: "codes", column, values: [...new Set(values as string[])] }] };
}

/** A pattern that a value fits where some part of it does. */
export function partOf(column: string, given: string): Translation {
  const pattern = patternOf(given, "anywhere");
  return pattern === undefined ? { why: WHY.pattern } : { rules: [{ check: "format", column, pattern }] };
}

export const WHY = {
  pattern: {
    zh: "正则表达式用到前后查看或反向引用，此处不支持（RE2）",
    en: "its pattern looks ahead, behind or back, which RE2 does not",
  },
  values: { zh: "取值中有既非文本也非数字的", en: "some of its values are neither text nor number" },
  unknown: { zh: "没有对应的规则", en: "there is no such rule here" },
} as const;
