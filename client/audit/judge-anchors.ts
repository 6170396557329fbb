import type { Instant } from "@wanlian/model/identifiers.js";
import type { LogRead } from "@wanlian/model/reading.js";
import { secondsBetween } from "@wanlian/model/time/instant.js";
import { ANCHOR_LATE_SECONDS } from "../ledger-tree/index.js";
import type { Anchor, LedgerPast } from "../read/index.js";
import type { FindingFacts } from "./finding.js";

/** The ledger of a department's log: its anchors up to the moment before it was asked. */
export interface Anchored {
  /** Of the log that it has now. */
  readonly anchors: readonly Anchor[];
  /** Logs before it that could not go on. */
  readonly former?: LogRead["former"];
}

/** The log that is shown, against what was anchored of it. */
export async function judgeAnchors(
  { anchors, former }: Anchored,
  size: number,
  history: LedgerPast,
  extendsAnchor: (anchor: Anchor) => Promise<boolean>,
): Promise<FindingFacts[]> {
  const findings: FindingFacts[] = former === undefined ? [] : [{ kind: "LOG_BEGUN_ANEW", ...former }];
  const last = anchors.at(-1);
  if (last === undefined) return [...findings, { kind: "NOT_ANCHORED", entries: size }];
  const anchor = last.transactionId;
  if (size < last.size) findings.push({ kind: "LOG_SHRANK", anchor, anchored: last.size, shown: size });
  else if (!(await extendsAnchor(last))) findings.push({ kind: "LOG_REWRITTEN", anchor });
  const { time: now } = history.position();
  if (secondsBetween(last.time as Instant, now) > ANCHOR_LATE_SECONDS) {
    findings.push({ kind: "ANCHOR_LATE", anchored: last.time, now });
  }
  return findings;
}

/** Of the ledger, how many blocks the node knew when it filed what stands at a position: its last anchor before has them. */
export function blocksKnownAt({ anchors }: Anchored, position: number): number {
  let low = 0;
  let high = anchors.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((anchors[middle] as Anchor).size <= position) low = middle + 1;
    else high = middle;
  }
  return anchors[low - 1]?.blocks ?? 0;
}
