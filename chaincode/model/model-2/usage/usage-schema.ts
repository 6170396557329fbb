import { type Static, Type } from "typebox";
import { DatasetId, Instant, MspId } from "../../identifiers.js";
import { closed, count } from "../../kernel/schema.js";
import { MAX_NAME, Text, text } from "../../model-1/limits.js";
import { Purpose } from "../../model-1/policy/policy-schema.js";

/** A month in China Standard Time. It is the case's code: a department has one case for each month. */
export const MONTH_PATTERN = "^20[0-9]{2}-(?:0[1-9]|1[0-2])$";
const Month = Type.String({ pattern: MONTH_PATTERN, maxLength: 7 });

/** Lines of one act, and counts of one line: together they have to fit in an act; more follow by `amend`. */
const MAX_LINES = 100;
const MAX_COUNTS = 50;
/** Acts in which one month is stated: whoever has more lines than that states them by fewer scenarios. */
export const MAX_STATEMENTS = 100;

/** 调用类型. */
export const CALLS = ["lookup", "verification", "download", "comparison"] as const;

/** How much, of one type, for one purpose and scenario. */
const Count = closed({
  call: Type.Enum([...CALLS]),
  purpose: Purpose,
  scenario: text(MAX_NAME),
  served: count(),
  /** Refused, failed or broken off. */
  refused: count(),
  rows: count(),
});
export type Count = Static<typeof Count>;

/** 一月一方: what a department gave to, or got from, another of one dataset. */
const Line = closed({
  side: Type.Enum(["provided", "used"]),
  dataset: DatasetId,
  counterpart: MspId,
  counts: Type.Array(Count, { minItems: 1, maxItems: MAX_COUNTS }),
});
export type Line = Static<typeof Line>;

/** Positions of the department's log that the figures stand on: from one up to, not including, the other. */
const LogRange = closed({ from: count(), to: count() });

const stated = { log: LogRange, lines: Type.Array(Line, { maxItems: MAX_LINES }) };
export const StateUsage = closed({ code: Month, ...stated });
export type StateUsage = Static<typeof StateUsage>;
export const AmendUsage = closed({ ...stated, reasons: Type.Optional(Text) });
export type AmendUsage = Static<typeof AmendUsage>;

export const UsageState = closed({
  status: Type.Literal("stated"),
  department: MspId,
  month: Month,
  log: LogRange,
  /** When it was first stated. */
  first: Instant,
  /** Acts in which it was stated. */
  statements: Type.Integer({ minimum: 1, maximum: MAX_STATEMENTS }),
});
export type UsageState = Static<typeof UsageState>;
