import { callRoute } from "../api.ts";

/** What is to be checked, and by what. */
export interface QuickQuestion {
  /** By column; null: the value is missing. */
  readonly record: Readonly<Record<string, string | null>>;
  /** YAML or JSON. */
  readonly rules?: string;
  readonly sources: readonly { readonly grant: string; readonly by: readonly string[] }[];
}

export interface RuleOutcome {
  readonly rule: string;
  readonly dimension: string;
  readonly severity: "error" | "warning" | "note";
  readonly outcome: "passed" | "failed" | "missing" | "needsColumns" | "needsTable";
  readonly message: Readonly<Record<"zh" | "en", string>>;
}

export interface SourceOutcome {
  readonly grant: string;
  readonly outcome: "agrees" | "differs" | "absent" | "refused" | "noAnswer";
  /** Fields that the other side has otherwise. */
  readonly differing?: readonly string[];
  /** Of the accesses that it took. */
  readonly records?: readonly string[];
  /** Why it was refused. */
  readonly reason?: string;
  /** Why there is no answer. */
  readonly code?: string;
}

export interface Checked {
  readonly passed: boolean;
  readonly rules: readonly RuleOutcome[];
  readonly sources: readonly SourceOutcome[];
}

/** @throws Refusal */
export const quickCheck = (question: QuickQuestion): Promise<Checked> =>
  callRoute<Checked>("POST", "/quick-checks", question);
