import type { Reading } from "@wanlian/model/reading.js";
import type { Db } from "../read/index.js";
import { type Derivation, type FieldLink, fieldLinksOf, type Registration } from "./derivation.js";
import { GraphReader } from "./graph-reader.js";
import { judgedAround } from "./judged.js";
import { type Marked, marksOf } from "./marks.js";
import type { LineageLink, LineageObjection, LineageRelease } from "./release.js";
import { type Beyond, walk } from "./walk.js";

/** Which way a lineage is followed: to the sources, to what was made of it, or both. */
export const DIRECTIONS = ["up", "down", "both"] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** Steps from the release that is asked for, where nobody says how many. */
export const DEFAULT_DEPTH = 5;
export const MAX_DEPTH = 50;
/** Releases in one answer: as many as a picture can show. */
export const MAX_RELEASES = 1000;

export interface LineageQuestion {
  readonly release: string;
  readonly direction?: Direction;
  readonly depth?: number;
  /** At most {@link MAX_RELEASES}. */
  readonly limit?: number;
  /** One of the release's fields, to be followed by itself. */
  readonly field?: string;
}

/** A release of a lineage, and what is known against it. */
export interface LineageEntry extends LineageRelease, Marked, Registration {
  /** What its dataset is called. */
  readonly name: string;
  /** Steps from the release that was asked for: below 0 sources, above 0 what was made of it. */
  readonly step: number;
}

export interface Lineage {
  readonly release: string;
  readonly releases: readonly LineageEntry[];
  readonly links: readonly LineageLink[];
  /** Those to the releases shown, and those that they correct. */
  readonly objections: readonly LineageObjection[];
  /** What lies behind what is shown: "further sources, n departments". */
  readonly further: { readonly up: Beyond; readonly down: Beyond };
  /** Whether every source of what is shown was looked at; if not, what is marked as sound may not be. */
  readonly complete: boolean;
  /** Where a field was asked for: what it was made from and into, as far as registrations say. */
  readonly fieldLinks?: readonly FieldLink[];
}

/**
 * Where a release came from and where it went. Bounded in breadth and depth; undefined if there is no such release.
 * Whatever the projection holds, it answers: a source that is not there is left out, a circle ends where it began.
 */
export async function lineageOf(
  db: Db,
  reading: Pick<Reading, "openOn">,
  { release, direction = "both", depth = DEFAULT_DEPTH, limit = MAX_RELEASES, field }: LineageQuestion,
): Promise<Lineage | undefined> {
  const reader = new GraphReader(db);
  const [root] = await reader.releases([release]);
  if (root === undefined) return undefined;
  const { shown, further } = await walk(reader, root, { direction, depth, limit });
  const judged = await judgedAround(
    db,
    reading,
    [...shown.values()].map(({ release }) => release.release),
  );
  const marks = marksOf(judged);
  const names = await reader.datasetNames([...shown.values()].map(({ release }) => release.dataset));
  const registrations = await reader.registrations([...shown.keys()]);
  const releases = [...shown.values()]
    .map(({ release: found, step }) => {
      const registration = registrations.get(found.release) ?? { derivation: [], selfCheck: [] };
      return {
        ...found,
        ...(marks.get(found.release) ?? UNKNOWN),
        ...{ name: found.product?.name ?? names.get(found.dataset) ?? "", step, ...registration },
        // A product has no digests of fields; it has those that it says were made.
        fields: found.noun === "product" ? madeFields(registration.derivation) : found.fields,
      };
    })
    .sort((a, b) => a.step - b.step || a.registered.block - b.registered.block || (a.release < b.release ? -1 : 1));
  const concerned = judged.objections.filter((one) => [one.release, ...one.corrections].some((id) => shown.has(id)));
  return {
    ...{ release, releases, links: linksAmong(releases), objections: concerned, further },
    complete: judged.complete,
    ...(field === undefined ? {} : { fieldLinks: fieldLinksOf(releases, { release, field }) }),
  };
}

const madeFields = (derivation: readonly Derivation[]): string[] => [
  ...new Set(derivation.flatMap(({ fields }) => fields.map(({ as }) => as))),
];

const UNKNOWN: Marked = { mark: "none", faults: [], restsOn: [], outstanding: false };

function linksAmong(releases: readonly LineageEntry[]): LineageLink[] {
  const shown = new Set(releases.map(({ release }) => release));
  return releases.flatMap(({ release: to, derivedFrom, revises, objection }) => {
    const links: LineageLink[] = derivedFrom.map((from) => ({ from, to, how: "derived" }));
    if (revises !== undefined)
      links.push({ from: revises, to, how: objection === undefined ? "revised" : "corrected" });
    return links.filter(({ from }) => shown.has(from));
  });
}
