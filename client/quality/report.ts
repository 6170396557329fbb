import { createHash } from "node:crypto";
import { canonicalJson } from "@wanlian/model/canonical.js";
import type { Digest } from "@wanlian/model/identifiers.js";
import { QUALITY_DIMENSIONS } from "@wanlian/model/model-1/quality.js";
import { PAGE } from "@wanlian/words/index.js";
import type { Outcome } from "./checks/outcome.js";
import { columnsOf, type Rule, type RuleSet, type Severity } from "./rules/rule.js";
import { rulesDigest } from "./rules/rule-set.js";

type Dimension = (typeof QUALITY_DIMENSIONS)[number];

/** Goes up whenever the same file and rules would give another report. */
export const ENGINE = "wanlian-quality/1 duckdb/1.5.6";
const WHOLE = 10_000;

/** Of one rule. Rates are in ten-thousandths, rounded down: 10,000 means that nothing fails. */
export interface RuleResult extends Outcome {
  readonly id: string;
  readonly check: Rule["check"];
  readonly columns: readonly string[];
  readonly dimension: Dimension;
  readonly severity: Severity;
  readonly weight: number;
  /** Null where there was nothing to look at: the rule then counts in no score. */
  readonly rate: number | null;
  readonly passed: boolean;
}

/** What a check found. Whoever has the same files, rules and engine gets the same, to the byte. */
export interface Report {
  readonly format: "wanlian-quality-report/1";
  readonly engine: string;
  readonly rules: { readonly id: string; readonly revision: number; readonly digest: Digest };
  readonly table: { readonly digest: Digest; readonly rows: number };
  /** The other tables that rules speak of, by name. */
  readonly tables: Readonly<Record<string, { readonly digest: Digest }>>;
  /** The day for which freshness was judged. */
  readonly asOf: string;
  readonly verdict: "passed" | "failed";
  readonly scores: Scores;
  readonly results: readonly RuleResult[];
}

export interface Scores {
  /** Null where no rule of any dimension had anything to look at. */
  readonly total: number | null;
  readonly dimensions: Readonly<Partial<Record<Dimension, number>>>;
}

/** How scores come about, as people read it. */
export const SCORE_FORMULA = PAGE["report.formula"];

export function resultOf(rule: Rule, outcome: Outcome): RuleResult {
  const { checked, failing } = outcome;
  const rate = checked === 0 ? null : Number((BigInt(checked - failing) * BigInt(WHOLE)) / BigInt(checked));
  const tolerated = BigInt(failing) * BigInt(WHOLE) <= BigInt(rule.tolerance ?? 0) * BigInt(checked);
  return {
    id: rule.id,
    check: rule.check,
    columns: columnsOf(rule),
    dimension: rule.dimension,
    severity: rule.severity ?? "error",
    weight: rule.weight ?? 1,
    ...outcome,
    rate,
    passed: tolerated,
  };
}

export function scoresOf(results: readonly RuleResult[]): Scores {
  const dimensions: Partial<Record<Dimension, number>> = {};
  for (const dimension of QUALITY_DIMENSIONS) {
    const score = weighted(results.filter((result) => result.dimension === dimension));
    if (score !== null) dimensions[dimension] = score;
  }
  return { total: weighted(results), dimensions };
}

function weighted(results: readonly RuleResult[]): number | null {
  let sum = 0;
  let weights = 0;
  for (const { rate, weight } of results) {
    if (rate === null) continue;
    sum += rate * weight;
    weights += weight;
  }
  return weights === 0 ? null : Math.floor(sum / weights);
}

export function reportOf(
  rules: RuleSet,
  results: readonly RuleResult[],
  given: Pick<Report, "table" | "tables" | "asOf">,
): Report {
  const failed = results.some(({ passed, severity }) => !passed && severity === "error");
  return {
    format: "wanlian-quality-report/1",
    engine: ENGINE,
    rules: { id: rules.id, revision: rules.revision, digest: rulesDigest(rules) },
    ...given,
    verdict: failed ? "failed" : "passed",
    scores: scoresOf(results),
    results,
  };
}

/** The same without the rows that it shows: data that whoever reads the report need not be granted. */
export function withoutRows(report: Report): Report {
  return { ...report, results: report.results.map((result) => ({ ...result, sample: [] })) };
}

/** SHA-256 of the report's canonical JSON: what an assessment states. */
export function reportDigest(report: Report): Digest {
  return createHash("sha256").update(canonicalJson(report)).digest("hex") as Digest;
}

/** What an assessment states of a report: how many rules failed, and the scores. */
export interface Statement {
  readonly outcomes: { readonly rules: number; readonly failed: number; readonly errors: number };
  readonly scores: readonly { readonly dimension: Dimension; readonly ratio: number }[];
  /** Left out where no rule had anything to look at. */
  readonly total?: number;
}

export function statementOf({ results, scores: { total, dimensions } }: Report): Statement {
  const failed = results.filter(({ passed }) => !passed);
  const errors = failed.filter(({ severity }) => severity === "error");
  return {
    outcomes: { rules: results.length, failed: failed.length, errors: errors.length },
    scores: QUALITY_DIMENSIONS.flatMap((dimension) => {
      const ratio = dimensions[dimension];
      return ratio === undefined ? [] : [{ dimension, ratio }];
    }),
    ...(total === null ? {} : { total }),
  };
}
