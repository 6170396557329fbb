import { callRoute, type Schemas } from "../api.ts";

/** What is to be checked, and by what. */
export interface QuickQuestion {
  /** By column; null: the value is missing. */
  readonly record: Readonly<Record<string, string | null>>;
  /** YAML or JSON. */
  readonly rules?: string;
  readonly sources: readonly { readonly grant: string; readonly by: readonly string[] }[];
}

export type RuleOutcome = Schemas["RuleOutcome"];
export type SourceOutcome = Schemas["SourceOutcome"];
export type Checked = Schemas["QuickCheckAnswer"];

/** @throws Refusal */
export const quickCheck = (question: QuickQuestion): Promise<Checked> =>
  callRoute<Checked>("POST", "/quick-checks", question);
