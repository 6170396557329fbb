import type { GraphReader } from "./graph-reader.js";
import type { LineageRelease } from "./release.js";

export interface Bounds {
  readonly direction: "up" | "down" | "both";
  readonly depth: number;
  readonly limit: number;
}

/** What lies one step behind what is shown. */
export interface Beyond {
  readonly releases: number;
  readonly departments: number;
  /** Present where there are more than were counted. */
  readonly more?: true;
}

export interface Walked {
  readonly shown: ReadonlyMap<string, { readonly release: LineageRelease; readonly step: number }>;
  readonly further: { readonly up: Beyond; readonly down: Beyond };
}

/** Step by step from a release to its sources and to what was made of it, the nearest first, within bounds. */
export async function walk(reader: GraphReader, root: LineageRelease, bounds: Bounds): Promise<Walked> {
  const shown = new Map([[root.release, { release: root, step: 0 }]]);
  const beyond = { up: new Map<string, LineageRelease>(), down: new Map<string, LineageRelease>() };
  let up: readonly LineageRelease[] = [root];
  let down: readonly LineageRelease[] = [root];
  let more = false;
  for (let step = 1; step <= bounds.depth + 1 && up.length + down.length > 0; step += 1) {
    up = bounds.direction === "down" ? [] : take(await sourcesOf(reader, up, shown), -step, shown, beyond.up, bounds);
    if (bounds.direction === "up") down = [];
    const products = await reader.products(down.map(({ release }) => release));
    down = take(products.releases, step, shown, beyond.down, bounds);
    more ||= products.more;
  }
  const further = { up: counted(beyond.up, shown), down: counted(beyond.down, shown) };
  return { shown, further: more ? { ...further, down: { ...further.down, more } } : further };
}

function take(
  found: readonly LineageRelease[],
  step: number,
  shown: Map<string, { readonly release: LineageRelease; readonly step: number }>,
  beyond: Map<string, LineageRelease>,
  { depth, limit }: Bounds,
): LineageRelease[] {
  const taken: LineageRelease[] = [];
  for (const release of found) {
    if (shown.has(release.release)) continue;
    if (Math.abs(step) <= depth && shown.size < limit) {
      shown.set(release.release, { release, step });
      taken.push(release);
    } else {
      beyond.set(release.release, release);
    }
  }
  return taken;
}

async function sourcesOf(
  reader: GraphReader,
  releases: readonly LineageRelease[],
  shown: ReadonlyMap<string, unknown>,
): Promise<LineageRelease[]> {
  const ids = releases.flatMap(({ derivedFrom, revises }) => [
    ...derivedFrom,
    ...(revises === undefined ? [] : [revises]),
  ]);
  return reader.releases([...new Set(ids)].filter((id) => !shown.has(id)));
}

function counted(beyond: ReadonlyMap<string, LineageRelease>, shown: ReadonlyMap<string, unknown>): Beyond {
  const left = [...beyond.values()].filter(({ release }) => !shown.has(release));
  return { releases: left.length, departments: new Set(left.map(({ provider }) => provider)).size };
}
