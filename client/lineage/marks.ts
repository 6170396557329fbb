import type { LineageObjection } from "./release.js";

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

/** A release or a product among those that it has to do with. */
export interface JudgedRelease {
  readonly id: string;
  /** What it was made from, and what was made from it. */
  readonly sources: readonly JudgedRelease[];
  readonly products: readonly JudgedRelease[];
  /** Those that take its place. */
  readonly replacedBy: readonly JudgedRelease[];
  readonly isWithdrawn: boolean;
  /** A correction has taken its place. */
  readonly isCorrected: boolean;
  /** The objections and withdrawn releases of which its owner explained why it stands all the same. */
  readonly explained: readonly string[];
}

/** What decides on the marks of the releases that are asked about. */
export interface JudgedGraph {
  readonly asked: readonly JudgedRelease[];
  /** All that is looked at, those asked about included. */
  readonly known: ReadonlySet<JudgedRelease>;
  readonly find: (id: string) => JudgedRelease | undefined;
  readonly objections: readonly LineageObjection[];
}

/** Sources looked at, in all, to see whether an explanation covers what is behind a release: beyond, it covers nothing. */
const MOST_LOOKED_AT = 200_000;

/** What is known against each release asked about. Linear in the graph, whatever it holds: a circle ends where it began. */
export function marksOf(graph: JudgedGraph): ReadonlyMap<string, Marked> {
  const faults = faultsOf(graph);
  const bad = spread(graph, faults, explainedIn(graph, faults));
  const questioned = new Set(graph.objections.filter(({ open }) => open).map(({ release }) => release));
  return new Map(
    graph.asked.map((one) => {
      const own = [...(faults.get(one) ?? [])];
      const mark =
        own.length > 0 ? "wrong" : bad.has(one) ? "affected" : questioned.has(one.id) ? "questioned" : "none";
      const madeAnewBy = bad.has(one) ? soundRevision(one, graph.known, bad) : undefined;
      const marked: Marked = {
        mark,
        faults: own,
        restsOn: one.sources.filter((source) => bad.has(source)).map(({ id }) => id),
        ...(madeAnewBy === undefined ? {} : { madeAnewBy }),
        outstanding: bad.has(one) && !one.isWithdrawn && madeAnewBy === undefined,
      };
      return [one.id, marked];
    }),
  );
}

type Faults = ReadonlyMap<JudgedRelease, ReadonlySet<Fault>>;

function faultsOf({ known, find, objections }: JudgedGraph): Faults {
  const faults = new Map<JudgedRelease, Set<Fault>>();
  const blame = (one: JudgedRelease | undefined, fault: Fault) => {
    if (one !== undefined && known.has(one)) faults.set(one, (faults.get(one) ?? new Set()).add(fault));
  };
  for (const one of objections) {
    if (!isFoundWrong(one)) continue;
    for (const id of [one.release, ...insufficient(one)]) blame(find(id), "foundWrong");
  }
  for (const one of known) {
    if (one.isCorrected) blame(one, "corrected");
    if (one.isWithdrawn) blame(one, "withdrawn");
  }
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
  known,
  objections,
}: Pick<JudgedGraph, "known" | "objections">): ReadonlyMap<string, readonly string[]> {
  const causes = new Map<string, string[]>();
  for (const { id, isWithdrawn } of known) if (isWithdrawn) causes.set(id, [id]);
  for (const one of objections) {
    if (!isFoundWrong(one)) continue;
    for (const id of [one.release, ...insufficient(one)]) causes.set(id, [...(causes.get(id) ?? []), one.objection]);
  }
  return causes;
}

/** Those of which everything wrong that lies behind them was explained. */
function explainedIn(graph: JudgedGraph, faults: Faults): ReadonlySet<JudgedRelease> {
  const answered: JudgedRelease[] = [];
  for (const one of graph.known) if (one.explained.length > 0) answered.push(one);
  if (answered.length === 0) return new Set();
  const causes = causesOf(graph);
  let left = MOST_LOOKED_AT;
  const isCovered = ({ sources, explained }: JudgedRelease): boolean => {
    const behind = new Set(sources);
    for (const source of behind) {
      left -= 1;
      if (left < 0) return false;
      const why = causes.get(source.id) ?? [];
      // Wrong without a cause that could be named: nothing explains it.
      if (faults.has(source) && (why.length === 0 || why.some((cause) => !explained.includes(cause)))) return false;
      for (const further of source.sources) behind.add(further);
    }
    return true;
  };
  return new Set(answered.filter(isCovered));
}

/** What is wrong, and all that was made from it, directly or through others, unless it was explained. */
function spread(
  { known }: JudgedGraph,
  wrong: Faults,
  explained: ReadonlySet<JudgedRelease>,
): ReadonlySet<JudgedRelease> {
  const bad = new Set(wrong.keys());
  for (const { products } of bad) {
    for (const product of products) if (known.has(product) && !explained.has(product)) bad.add(product);
  }
  return bad;
}

/** The first of those that took its place, one after the other, on which nothing wrong lies. */
function soundRevision(
  one: JudgedRelease,
  known: ReadonlySet<JudgedRelease>,
  bad: ReadonlySet<JudgedRelease>,
): string | undefined {
  const seen = new Set([one]);
  for (const earlier of seen) {
    for (const later of earlier.replacedBy) {
      // One that was withdrawn is wrong, and so no remedy; of one that was not looked at nothing is known.
      if (known.has(later) && !bad.has(later)) return later.id;
      seen.add(later);
    }
  }
  return undefined;
}
