import { createHash } from "node:crypto";
import { canonicalJson } from "@wanlian/model/canonical.js";
import type { Digest } from "@wanlian/model/identifiers.js";
import { type TSchema, Type } from "typebox";
import { Check, Errors } from "typebox/schema";
import { type Document, isNode, LineCounter, parseDocument } from "yaml";
import { QualityError } from "../../core/index.js";
import { RULE_SCHEMAS, type Rule, type RuleSet, RuleSetSchema } from "./rule.js";

/** 500 rules with their messages take some 200 KB. */
const MAX_RULE_BYTES = 1024 * 1024;

/** Everything of a rule set but the rules, so that a rule that does not fit is told by its own kind's schema. */
const Frame = Type.Object(
  { ...RuleSetSchema.properties, rules: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 500 }) },
  { additionalProperties: false },
);

/**
 * Reads rules: YAML 1.2 (of which JSON is a part) in UTF-8. No anchors, no doubled members.
 * @throws QualityError RULES_MALFORMED, naming line and member
 */
export function parseRules(bytes: Uint8Array): RuleSet {
  if (bytes.length > MAX_RULE_BYTES) throw malformed(`more than ${MAX_RULE_BYTES} bytes`);
  const lines = new LineCounter();
  const document = parseDocument(utf8(bytes), { lineCounter: lines, uniqueKeys: true, stringKeys: true });
  const [error] = document.errors;
  if (error !== undefined) throw malformed(error.message.split("\n", 1)[0] ?? "no YAML", error);
  const value = toValue(document);
  const fit = (schema: TSchema, part: unknown, path: readonly (string | number)[]) => {
    if (Check(schema, part)) return;
    const [, [first]] = Errors(schema, part);
    const inside = (first?.instancePath ?? "").split("/").slice(1).map(unescaped);
    const place = [...path, ...inside];
    throw malformed(
      `${lineOf(document, lines, place)}${place.join(".") || "the file"} ${first?.message ?? "does not fit"}`,
    );
  };
  fit(Frame, value, []);
  const set = value as RuleSet;
  for (const [at, rule] of set.rules.entries()) {
    const schema = kindOf(rule);
    if (schema === undefined) {
      const known = Object.keys(RULE_SCHEMAS).join(", ");
      throw malformed(`${lineOf(document, lines, ["rules", at])}rules.${at}.check is none of ${known}`);
    }
    fit(schema, rule, ["rules", at]);
  }
  const ids = set.rules.map(({ id }) => id);
  const twice = ids.findIndex((id, at) => ids.indexOf(id) !== at);
  if (twice >= 0) throw malformed(`${lineOf(document, lines, ["rules", twice])}two rules have the id "${ids[twice]}"`);
  for (const [at, rule] of set.rules.entries()) {
    const fault = faultOf(rule);
    if (fault !== undefined) throw malformed(`${lineOf(document, lines, ["rules", at])}rule "${rule.id}": ${fault}`);
  }
  return set;
}

/** Over the canonical JSON of what the rules say. */
export function rulesDigest(rules: RuleSet): Digest {
  return createHash("sha256").update(canonicalJson(rules)).digest("hex") as Digest;
}

/** What a schema cannot say. */
function faultOf(rule: Rule): string | undefined {
  switch (rule.check) {
    case "range":
    case "length":
      return rule.min === undefined && rule.max === undefined ? "it has neither min nor max" : undefined;
    case "reference":
      return rule.columns.length === rule.to.length ? undefined : "columns and to are not of the same number";
    case "dependency":
      return rule.determinant.includes(rule.dependent) ? "a column depends on itself always" : undefined;
    default:
      return undefined;
  }
}

function kindOf(rule: unknown): TSchema | undefined {
  if (typeof rule !== "object" || rule === null || !("check" in rule) || typeof rule.check !== "string")
    return undefined;
  return Object.hasOwn(RULE_SCHEMAS, rule.check) ? RULE_SCHEMAS[rule.check as keyof typeof RULE_SCHEMAS] : undefined;
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw malformed("the file is not UTF-8; save it as UTF-8", cause);
  }
}

function toValue(document: Document.Parsed): unknown {
  try {
    // Rules need no anchors, and a few nested ones make gigabytes.
    return document.toJS({ maxAliasCount: 0 });
  } catch (cause) {
    throw malformed("anchors and aliases are not read", cause);
  }
}

function lineOf(document: Document.Parsed, lines: LineCounter, path: readonly (string | number)[]): string {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) return `line ${lines.linePos(node.range[0]).line}: `;
  }
  return "";
}

const unescaped = (part: string): string => part.replaceAll("~1", "/").replaceAll("~0", "~");

const malformed = (what: string, cause?: unknown): QualityError =>
  new QualityError("RULES_MALFORMED", `the rules cannot be read: ${what}`, { cause });
