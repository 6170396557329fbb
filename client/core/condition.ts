/**
 * What each condition of a node keeps it from: from giving data and filing, from filing alone, or from neither, where
 * the part concerned refuses by itself.
 */
export const CONDITIONS = {
  CATCHING_UP: "serving",
  LEDGER_UNREACHABLE: "serving",
  /** The peer shows a chain that does not follow from what this node has. */
  LEDGER_DIVERGED: "serving",
  CLOCK_STALE: "serving",
  CLOCK_AHEAD: "serving",
  STORE_FAILED: "serving",
  /** The policy in force names a model that this software lacks. */
  SOFTWARE_TOO_OLD: "serving",
  /** The exchange with other departments' nodes could not begin. */
  EXCHANGE_FAILED: "serving",
  /** A release's data is not what was registered: the steward has to register a new release. */
  SOURCE_DIFFERS: "nothing",
  /** Fewer departments' peers answer than have to endorse: nothing that is filed now would count. */
  TOO_FEW_ENDORSERS: "filing",
  /** The department's log has grown, and its anchor does not come to the ledger. */
  LOG_NOT_ANCHORED: "filing",
  /** A file of the department's log of accesses is not what was written: found while it runs, before anybody asks for it. */
  LOG_DAMAGED: "nothing",
  /** The disk will soon take nothing more. */
  DISK_NEARLY_FULL: "filing",
  /** A certificate of the node's, or of one of its officers, ends within a month or has ended. */
  CERTIFICATE_ENDS: "nothing",
} as const satisfies Record<string, "serving" | "filing" | "nothing">;

export type ConditionCode = keyof typeof CONDITIONS;

/** What is wrong or unfinished at this moment; not derived from the ledger alone. */
export interface Condition {
  readonly code: ConditionCode;
  readonly message: string;
  /** RFC 3339. */
  readonly since: string;
}

/** Whether data may be given while these stand. */
export const allowServing = (conditions: readonly Condition[]): boolean =>
  conditions.every(({ code }) => CONDITIONS[code] !== "serving");

/** Those while which the node cannot file, or not for long. */
export const hinderFiling = (conditions: readonly Condition[]): readonly Condition[] =>
  conditions.filter(({ code }) => CONDITIONS[code] !== "nothing");
