import type { LineageObjection, LineageRelease } from "./release.js";

/**
 * Whether what a release says can be relied on:
 * - `wrong`: an objection was upheld against it, a correction took its place, or it was withdrawn from use;
 * - `affected`: it was made from one that is wrong or affected;
 * - `questioned`: an objection to it is open and nothing was found yet;
 * - `none`: nothing is known against it.
 */
export const MARKS = ["none", "questioned", "affected", "wrong"] as const;
export type Mark = (typeof MARKS)[number];

/** Why a release is wrong. */
export const FAULTS = ["foundWrong", "corrected", "withdrawn"] as const;
export type Fault = (typeof FAULTS)[number];

export interface Marked {
  readonly mark: Mark;
  /** Present where it is wrong. */
  readonly faults: readonly Fault[];
  /** Of the releases it was made from, those that are wrong or affected. */
  readonly restsOn: readonly string[];
  /** The release that has taken its place and is neither wrong nor affected: what was to be done is done. */
  readonly madeAnewBy?: string;
  /** Wrong or affected, still in use, and not made anew. */
  readonly outstanding: boolean;
}

export interface MarkedGraph {
  readonly releases: ReadonlyMap<string, LineageRelease>;
  readonly objections: readonly LineageObjection[];
}

/** What is known against each release of a graph. Linear in it, whatever it holds: a circle ends where it began. */
export function marksOf({ releases, objections }: MarkedGraph): ReadonlyMap<string, Marked> {
  const faults = faultsOf(releases, objections);
  const bad = spread(releases, faults);
  const questioned = new Set(objections.filter(({ open }) => open).map(({ release }) => release));
  const revisions = groupedBy(releases.values(), ({ revises }) => (revises === undefined ? [] : [revises]));
  return new Map(
    [...releases.values()].map((one) => {
      const id = one.release;
      const own = [...(faults.get(id) ?? [])];
      const mark = own.length > 0 ? "wrong" : bad.has(id) ? "affected" : questioned.has(id) ? "questioned" : "none";
      const madeAnewBy = bad.has(id) ? soundRevision(id, revisions, bad) : undefined;
      const marked: Marked = {
        mark,
        faults: own,
        restsOn: one.derivedFrom.filter((source) => bad.has(source)),
        ...(madeAnewBy === undefined ? {} : { madeAnewBy }),
        outstanding: bad.has(id) && one.status !== "withdrawn" && madeAnewBy === undefined,
      };
      return [id, marked];
    }),
  );
}

function faultsOf(releases: MarkedGraph["releases"], objections: MarkedGraph["objections"]) {
  const faults = new Map<string, Set<Fault>>();
  const blame = (id: string, fault: Fault) => faults.set(id, (faults.get(id) ?? new Set()).add(fault));
  for (const one of objections) {
    if (!isFoundWrong(one)) continue;
    blame(one.release, "foundWrong");
    for (const insufficient of superseded(one)) blame(insufficient, "foundWrong");
  }
  for (const { release, status, revises, objection } of releases.values()) {
    if (status === "withdrawn") blame(release, "withdrawn");
    if (revises !== undefined && objection !== undefined) blame(revises, "corrected");
  }
  return faults;
}

/** The provider found it so, or the bureau did; a later verdict on the correction does not take that back. */
function isFoundWrong({ outcome, settled, corrections }: LineageObjection): boolean {
  return outcome === "substantiated" || outcome === "partly" || settled === "upheld" || corrections.length > 0;
}

/** Corrections that were not enough: each but the last, and the last while another is asked for. */
function superseded({ status, corrections }: LineageObjection): readonly string[] {
  return status === "correcting" ? corrections : corrections.slice(0, -1);
}

/** What is wrong, and all that was made from it, directly or through others. */
function spread(releases: MarkedGraph["releases"], wrong: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  const products = groupedBy(releases.values(), ({ derivedFrom }) => derivedFrom);
  const bad = new Set(wrong.keys());
  for (const id of bad) for (const { release } of products.get(id) ?? []) bad.add(release);
  return bad;
}

/** The first of those that took its place, one after the other, on which nothing wrong lies. */
function soundRevision(
  id: string,
  revisions: ReadonlyMap<string, readonly LineageRelease[]>,
  bad: ReadonlySet<string>,
): string | undefined {
  const seen = new Set([id]);
  for (const earlier of seen) {
    for (const { release, status } of revisions.get(earlier) ?? []) {
      if (!bad.has(release) && status !== "withdrawn") return release;
      seen.add(release);
    }
  }
  return undefined;
}

function groupedBy(
  releases: Iterable<LineageRelease>,
  keys: (release: LineageRelease) => readonly string[],
): ReadonlyMap<string, readonly LineageRelease[]> {
  const groups = new Map<string, LineageRelease[]>();
  for (const release of releases) {
    for (const key of keys(release)) {
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [release]);
      else group.push(release);
    }
  }
  return groups;
}
