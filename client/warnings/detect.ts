import type { EarlyWarning } from "@wanlian/model/early-warning.js";
import {
  type Baseline,
  emptyOf,
  FEWEST_DAYS,
  grouped,
  isQuiet,
  isRefused,
  medianOf,
  mixOf,
  rowsOf,
  saysOfficer,
  saysPurpose,
  servedOf,
  shareOf,
  sumOf,
  type Usual,
} from "./baseline.js";
import type { Cell, FieldUse, Finding, KeyRun } from "./warning.js";

/** One pair's day so far, with what is known of it beside the log. */
export interface Watched {
  readonly day: string;
  /** Of that day alone. */
  readonly cells: readonly Cell[];
  readonly usual: Baseline;
  readonly run: KeyRun;
  readonly fields: readonly FieldUse[];
  /** The days on which its grants end; a grant that is not here has no end that is known. */
  readonly ends: ReadonlyMap<string, string>;
}

type Detector = (watched: Watched, policy: EarlyWarning) => readonly Finding[];

/** A share is unusual at the policy's figure, and where it is usually high already, so much above it. */
const ABOVE_USUAL = 1.5;
/** So large a part is never taken for usual: who is refused every day is warned of every day. */
const NEVER_USUAL = 90;
/** Peers that an officer can be held against, and days that each was at work. */
const FEWEST_PEERS = 3;
/** On more of one's days than one in so many, quiet hours are one's own hours. */
const QUIET_DAYS_OF = 10;
/** Accesses of a history that tell a mix, in days of the fewest that warn. */
const MIX_DAYS = 3;
/** Of the fewest accesses that warn, those that have to ask for a new field. */
const FIELD_PART = 3;
const MS_PER_DAY = 86_400_000;

/** What is unusual of a pair's day, as far as it has come. Pure: the same cells, the same findings. */
export function findingsOf(watched: Watched, policy: EarlyWarning): Finding[] {
  return DETECTORS.flatMap((detect) => detect(watched, policy));
}

/** The same over all datasets together: who tries many doors a little knocks at none of them often. */
export function findingsAcross(
  watched: Pick<Watched, "day" | "cells" | "usual">,
  policy: EarlyWarning,
): readonly Finding[] {
  return refusals({ ...watched, run: { asked: 0, following: 0 }, fields: [], ends: new Map() }, policy);
}

const unusual = (share: number, usual: number): number => Math.max(share, Math.min(NEVER_USUAL, ABOVE_USUAL * usual));

const about = ({ day }: Watched, kind: Finding["kind"], figures: Finding["figures"], whom: Partial<Finding> = {}) => ({
  ...{ officer: "", grant: "", ...whom },
  ...{ kind, day, figures },
});

const volume: Detector = (watched, { fewest, volumeTimes }) => {
  const { usual } = watched;
  const accesses = sumOf(watched.cells.filter((cell) => !isRefused(cell)));
  if (usual.days < FEWEST_DAYS || accesses < fewest || accesses <= volumeTimes * usual.median) return [];
  return [about(watched, "VOLUME", { accesses, usual: usual.median, times: volumeTimes, days: usual.days })];
};

/** Few accesses can fetch much: a download, or look-ups by what many rows have. */
const rows: Detector = (watched, { fewest, volumeTimes }) => {
  const { usual } = watched;
  const count = rowsOf(watched.cells);
  if (usual.days < FEWEST_DAYS || count < fewest || count <= volumeTimes * Math.max(1, usual.medianRows)) return [];
  return [about(watched, "ROWS", { rows: count, usual: usual.medianRows, times: volumeTimes, days: usual.days })];
};

const quietHours: Detector = (watched, policy) => {
  const quiet = watched.cells.filter((cell) => isQuiet(cell, policy));
  const isNew = ({ days, quietDays }: Usual) => quietDays * QUIET_DAYS_OF <= days;
  const figuresOf = (accesses: number, { days, quietDays }: Usual) => ({
    ...{ accesses, from: policy.quietFrom, to: policy.quietTo, days, quietDays, fewest: policy.quietFewest },
  });
  const all = sumOf(quiet);
  if (all < policy.quietFewest) return [];
  if (isNew(watched.usual)) return [about(watched, "QUIET_HOURS", figuresOf(all, watched.usual))];
  // Where a machine works at night, an officer who never has is seen all the same.
  return [...grouped(quiet.filter(saysOfficer), ({ officer }) => officer)].flatMap(([officer, cells]) => {
    const usual = watched.usual.officers.get(officer);
    const accesses = sumOf(cells);
    if (usual === undefined || usual.days < FEWEST_DAYS || !isNew(usual) || accesses < policy.quietFewest) return [];
    return [about(watched, "QUIET_HOURS", figuresOf(accesses, usual), { officer })];
  });
};

const scanning: Detector = (watched, { fewest, emptyShare, runShare }) => {
  const { cells, usual, run } = watched;
  const served = servedOf(cells, "lookup");
  const empty = emptyOf(cells, "lookup");
  const share = shareOf(empty, served);
  const isEmpty = served >= fewest && share >= unusual(emptyShare, usual.emptyShare);
  const runs = shareOf(run.following, run.asked);
  const isRun = run.asked >= fewest && runs >= runShare;
  if (!isEmpty && !isRun) return [];
  const figures = { lookups: served, empty, emptyShare, usual: Math.round(usual.emptyShare) };
  return [about(watched, "SCANNING", { ...figures, asked: run.asked, following: run.following, runShare })];
};

const negatives: Detector = (watched, { fewest, noShare }) => {
  const { cells, usual } = watched;
  const checks = servedOf(cells, "verification");
  const no = emptyOf(cells, "verification");
  if (checks < fewest || shareOf(no, checks) < unusual(noShare, usual.noShare)) return [];
  return [about(watched, "NEGATIVES", { checks, no, noShare, usual: Math.round(usual.noShare) })];
};

const refusals: Detector = (watched, { fewest, refusedShare }) => {
  const { cells, usual } = watched;
  const accesses = sumOf(cells);
  const refused = cells.filter(isRefused);
  const count = sumOf(refused);
  if (accesses < fewest || shareOf(count, accesses) < unusual(refusedShare, usual.refusedShare)) {
    return [];
  }
  const [reason = ""] = [...grouped(refused, (cell) => cell.reason)]
    .sort(([, a], [, b]) => sumOf(b) - sumOf(a))
    .map(([name]) => name);
  return [about(watched, "REFUSALS", { accesses, refused: count, refusedShare, reason })];
};

/** How much of a day would have to be something else to be as usual: half the sum of the differences of shares. */
const purposeDrift: Detector = (watched, { fewest, driftShare }) => {
  const { usual } = watched;
  const given = watched.cells.filter((cell) => !isRefused(cell) && saysPurpose(cell));
  const accesses = sumOf(given);
  const before = [...usual.mix.values()].reduce((sum, count) => sum + count, 0);
  if (usual.days < FEWEST_DAYS || accesses < fewest || before < MIX_DAYS * fewest) return [];
  const drifts = [...grouped(given, mixOf)]
    .map(([mix, cells]) => ({ mix, more: shareOf(sumOf(cells), accesses) - shareOf(usual.mix.get(mix) ?? 0, before) }))
    .filter(({ more }) => more > 0)
    .sort((a, b) => b.more - a.more);
  const drift = drifts.reduce((sum, { more }) => sum + more, 0);
  if (drift < driftShare) return [];
  const [purpose = "", scenario = "", way = ""] = (drifts[0]?.mix ?? "").split("\u0000");
  return [about(watched, "PURPOSE_DRIFT", { accesses, drift: Math.round(drift), driftShare, purpose, scenario, way })];
};

/** Granted all along, and asked for only now. */
const fieldDrift: Detector = (watched, { fewest }) => {
  const { usual, fields, day } = watched;
  if (usual.days < FEWEST_DAYS || usual.accesses < MIX_DAYS * fewest) return [];
  const fresh = fields.filter(({ firstDay, uses }) => firstDay === day && uses * FIELD_PART >= fewest);
  if (fresh.length === 0) return [];
  const accesses = Math.max(...fresh.map(({ uses }) => uses));
  const names = fresh.map(({ field }) => field).sort();
  return [about(watched, "FIELD_DRIFT", { accesses, fields: names.join(", "), days: usual.days })];
};

/** Shortly before a grant ends, less is unusual already. */
const ending: Detector = (watched, { fewest, endingDays, endingTimes }) =>
  [
    ...grouped(
      watched.cells.filter((cell) => !isRefused(cell)),
      (cell) => cell.grant_case,
    ),
  ].flatMap(([grant, cells]) => {
    const end = watched.ends.get(grant);
    const usual = watched.usual.grants.get(grant);
    if (end === undefined || usual === undefined || usual.days < FEWEST_DAYS) return [];
    const left = Math.round((Date.parse(end) - Date.parse(watched.day)) / MS_PER_DAY);
    const accesses = sumOf(cells);
    if (left > endingDays || accesses < fewest || accesses <= endingTimes * usual.median) return [];
    return [about(watched, "ENDING", { accesses, usual: usual.median, times: endingTimes, end }, { grant })];
  });

/** Beside others who use the same; whoever always was unlike them is so no news. */
const unlikePeers: Detector = (watched, { fewest, peerTimes, volumeTimes }) => {
  const given = watched.cells.filter((cell) => !isRefused(cell) && saysOfficer(cell));
  return [...grouped(given, ({ officer }) => officer)].flatMap(([officer, cells]) => {
    const accesses = sumOf(cells);
    const peers = [...watched.usual.officers].filter(([other, { days }]) => other !== officer && days >= FEWEST_DAYS);
    if (accesses < fewest || peers.length < FEWEST_PEERS) return [];
    const median = medianOf(peers.map(([, usual]) => usual.median));
    const own = watched.usual.officers.get(officer);
    const isOwn = own !== undefined && own.days >= FEWEST_DAYS && accesses <= volumeTimes * own.median;
    if (accesses <= peerTimes * median || isOwn) return [];
    const figures = { accesses, usual: median, times: peerTimes, peers: peers.length, own: own?.median ?? 0 };
    return [about(watched, "UNLIKE_PEERS", figures, { officer })];
  });
};

const DETECTORS: readonly Detector[] = [
  ...[volume, rows, quietHours, scanning, negatives, refusals, purposeDrift, fieldDrift, ending, unlikePeers],
];
