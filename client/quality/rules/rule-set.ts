import { createHash } from "node:crypto";
import { canonicalJson } from "@wanlian/model/canonical.js";
import type { Digest } from "@wanlian/model/identifiers.js";
import { type TSchema, Type } from "typebox";
import { Check, Errors } from "typebox/schema";
import { RULE_SCHEMAS, type Rule, type RuleSet, RuleSetSchema } from "./rule.js";
import { malformed, readYaml } from "./yaml.js";

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
  const { value, lineOf } = readYaml(bytes);
  const fit = (schema: TSchema, part: unknown, path: readonly (string | number)[]) => {
    if (Check(schema, part)) return;
    const [, [first]] = Errors(schema, part);
    const inside = (first?.instancePath ?? "").split("/").slice(1).map(unescaped);
    const place = [...path, ...inside];
    throw malformed(`${lineOf(place)}${place.join(".") || "the file"} ${first?.message ?? "does not fit"}`);
  };
  fit(Frame, value, []);
  const set = value as RuleSet;
  for (const [at, rule] of set.rules.entries()) {
    const schema = kindOf(rule);
    if (schema === undefined) {
      const known = Object.keys(RULE_SCHEMAS).join(", ");
      throw malformed(`${lineOf(["rules", at])}rules.${at}.check is none of ${known}`);
    }
    fit(schema, rule, ["rules", at]);
  }
  const ids = set.rules.map(({ id }) => id);
  const twice = ids.findIndex((id, at) => ids.indexOf(id) !== at);
  if (twice >= 0) throw malformed(`${lineOf(["rules", twice])}two rules have the id "${ids[twice]}"`);
  for (const [at, rule] of set.rules.entries()) {
    const fault = faultOf(rule);
    if (fault !== undefined) throw malformed(`${lineOf(["rules", at])}rule "${rule.id}": ${fault}`);
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

const unescaped = (part: string): string => part.replaceAll("~1", "/").replaceAll("~0", "~");
