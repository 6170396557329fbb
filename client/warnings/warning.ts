import type { AccessCountTable } from "../projection/index.js";

/** 预警种类: what of use is unusual. */
export const WARNING_KINDS = [
  "VOLUME",
  "ROWS",
  "QUIET_HOURS",
  "SCANNING",
  "NEGATIVES",
  "REFUSALS",
  "PURPOSE_DRIFT",
  "FIELD_DRIFT",
  "ENDING",
  "UNLIKE_PEERS",
] as const;
export type WarningKind = (typeof WARNING_KINDS)[number];

/** What is watched together: all that a department does with a dataset, whoever of its officers does it. */
export interface Pair {
  readonly provider: string;
  readonly consumer: string;
  readonly dataset: string;
}

/** Accesses of an hour and everything else that they are counted under, of one pair. */
export type Cell = Omit<AccessCountTable, keyof Pair>;

/** Of a pair's look-ups and checks of a day, those whose keys follow one upon the other. */
export interface KeyRun {
  readonly asked: number;
  readonly following: number;
}

/** A field that a pair has asked for: since which day, and how often in all. */
export interface FieldUse {
  readonly field: string;
  readonly firstDay: string;
  readonly uses: number;
}

/** Use that is unusual, on one day, with the figures that say so. One a kind, a day and whom it is about. */
export interface Finding {
  readonly kind: WarningKind;
  readonly day: string;
  /** Empty: all officers, all grants, all datasets of the pair. */
  readonly officer: string;
  readonly grant: string;
  /** What was counted, what is usual and from when on it is unusual; names where it is about names. */
  readonly figures: Readonly<Record<string, number | string>>;
}
