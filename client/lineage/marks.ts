import type { Explanation, LineageLink, LineageObjection } from "./release.js";

/**
 * Whether what a release says can be relied on:
 * - `wrong`: an objection was upheld against it, a correction took its place, or it was withdrawn from use;
 * - `affected`: it was made from one that is wrong or affected, and its owner has not explained why it stands;
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

/** Releases by id, and what is known of them. */
export interface JudgedGraph {
  readonly releases: readonly string[];
  readonly links: readonly LineageLink[];
  readonly objections: readonly LineageObjection[];
  /** Those that a correction has taken the place of. */
  readonly corrected: readonly string[];
  readonly withdrawn: readonly string[];
  readonly explained: readonly Explanation[];
}

/** Sources looked at, in all, to see whether an explanation covers what is behind a release: beyond, it covers nothing. */
const MOST_LOOKED_AT = 200_000;

/** What is known against each release of a graph. Linear in it, whatever it holds: a circle ends where it began. */
export function marksOf(graph: JudgedGraph): ReadonlyMap<string, Marked> {
  const faults = faultsOf(graph);
  const derived = graph.links.filter(({ how }) => how === "derived");
  const sources = grouped(derived, ({ to, from }) => [to, from]);
  const bad = spread(derived, faults, explainedIn(graph, faults, sources));
  const withdrawn = new Set(graph.withdrawn);
  const questioned = new Set(graph.objections.filter(({ open }) => open).map(({ release }) => release));
  const revisions = grouped(
    graph.links.filter(({ how }) => how !== "derived"),
    ({ from, to }) => [from, to],
  );
  return new Map(
    graph.releases.map((id) => {
      const own = [...(faults.get(id) ?? [])];
      const mark = own.length > 0 ? "wrong" : bad.has(id) ? "affected" : questioned.has(id) ? "questioned" : "none";
      const madeAnewBy = bad.has(id) ? soundRevision(id, revisions, bad) : undefined;
      const marked: Marked = {
        mark,
        faults: own,
        restsOn: (sources.get(id) ?? []).filter((source) => bad.has(source)),
        ...(madeAnewBy === undefined ? {} : { madeAnewBy }),
        outstanding: bad.has(id) && !withdrawn.has(id) && madeAnewBy === undefined,
      };
      return [id, marked];
    }),
  );
}

function faultsOf({ objections, corrected, withdrawn }: JudgedGraph) {
  const faults = new Map<string, Set<Fault>>();
  const blame = (id: string, fault: Fault) => faults.set(id, (faults.get(id) ?? new Set()).add(fault));
  for (const one of objections) {
    if (!isFoundWrong(one)) continue;
    for (const id of [one.release, ...insufficient(one)]) blame(id, "foundWrong");
  }
  for (const id of corrected) blame(id, "corrected");
  for (const id of withdrawn) blame(id, "withdrawn");
  return faults;
}

/** The provider found it so, or the bureau did; a later verdict on the correction does not take that back. */
function isFoundWrong({ outcome, settled, corrections }: LineageObjection): boolean {
  return outcome === "substantiated" || outcome === "partly" || settled === "upheld" || corrections.length > 0;
}

/** Corrections that were not enough: each but the last, and the last while another is asked for. */
function insufficient({ status, corrections }: LineageObjection): readonly string[] {
  return status === "correcting" ? corrections : corrections.slice(0, -1);
}

/** Why releases are wrong, as an explanation names it: objections that were upheld, withdrawn releases themselves. */
export function causesOf({
  objections,
  withdrawn,
}: Pick<JudgedGraph, "objections" | "withdrawn">): ReadonlyMap<string, readonly string[]> {
  const causes = new Map<string, string[]>(withdrawn.map((id) => [id, [id]]));
  for (const one of objections) {
    if (!isFoundWrong(one)) continue;
    for (const id of [one.release, ...insufficient(one)]) causes.set(id, [...(causes.get(id) ?? []), one.objection]);
  }
  return causes;
}

/** Those of which everything wrong that lies behind them was explained. */
function explainedIn(
  { explained, objections, withdrawn }: JudgedGraph,
  faults: ReadonlyMap<string, unknown>,
  sources: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  if (explained.length === 0) return new Set();
  const answered = grouped(
    explained.map(({ release, cause }) => ({ from: cause, to: release, how: "derived" }) as const),
    ({ from, to }) => [to, from],
  );
  const causes = causesOf({ objections, withdrawn });
  let left = MOST_LOOKED_AT;
  const isCovered = (id: string, known: ReadonlySet<string>): boolean => {
    const behind = new Set(sources.get(id) ?? []);
    for (const source of behind) {
      left -= 1;
      if (left < 0) return false;
      const why = causes.get(source) ?? [];
      // Wrong without a cause that could be named: nothing explains it.
      if (faults.has(source) && (why.length === 0 || why.some((cause) => !known.has(cause)))) return false;
      for (const further of sources.get(source) ?? []) behind.add(further);
    }
    return true;
  };
  return new Set([...answered].filter(([id, known]) => isCovered(id, new Set(known))).map(([id]) => id));
}

/** What is wrong, and all that was made from it, directly or through others, unless it was explained. */
function spread(
  derived: readonly LineageLink[],
  wrong: ReadonlyMap<string, unknown>,
  explained: ReadonlySet<string>,
): ReadonlySet<string> {
  const products = grouped(derived, ({ from, to }) => [from, to]);
  const bad = new Set(wrong.keys());
  for (const id of bad) {
    for (const product of products.get(id) ?? []) if (!explained.has(product)) bad.add(product);
  }
  return bad;
}

/** The first of those that took its place, one after the other, on which nothing wrong lies. */
function soundRevision(
  id: string,
  revisions: ReadonlyMap<string, readonly string[]>,
  bad: ReadonlySet<string>,
): string | undefined {
  const seen = new Set([id]);
  for (const earlier of seen) {
    for (const later of revisions.get(earlier) ?? []) {
      // One that was withdrawn is wrong, and so no remedy.
      if (!bad.has(later)) return later;
      seen.add(later);
    }
  }
  return undefined;
}

function grouped(
  links: readonly LineageLink[],
  pair: (link: LineageLink) => readonly [string, string],
): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const link of links) {
    const [key, value] = pair(link);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}
