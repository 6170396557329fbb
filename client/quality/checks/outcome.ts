/** Rows shown of each failing rule: enough to see what is wrong, few enough to be read. */
export const SAMPLE_SIZE = 5;

/** What a rule came to, counted over every row. */
export interface Outcome {
  /** Rows (or, for rules on a whole table, statements: one) that were looked at. */
  readonly checked: number;
  /** The fewest of them that must be changed for the rule to hold. */
  readonly failing: number;
  /** Of the failing: those whose texts come first by bytes, so that everybody gets the same. */
  readonly sample: readonly (readonly (string | null)[])[];
  /** Names of what the sample's entries hold. */
  readonly sampleColumns: readonly string[];
  /** What was measured, where a rule is about a whole table. */
  readonly measured?: Readonly<Record<string, string | number | null>>;
}
