import type { GraphReader } from "./graph-reader.js";
import type { MarkedGraph } from "./marks.js";
import type { LineageRelease } from "./release.js";

/** Releases that are looked at for the marks of one answer. */
const MOST_JUDGED = 20_000;

/**
 * What decides on the marks of some releases: those that take their place, the sources of all of these, and objections.
 * `complete` is false where there is more than one answer can look at.
 */
export async function judgedAround(
  reader: GraphReader,
  ids: readonly string[],
): Promise<MarkedGraph & { readonly complete: boolean }> {
  const releases = new Map<string, LineageRelease>();
  const take = (found: readonly LineageRelease[]) => {
    const fresh = found.filter(({ release }) => !releases.has(release));
    for (const one of fresh) releases.set(one.release, one);
    return fresh.map(({ release }) => release);
  };
  take(await reader.releases(ids));
  let successors = [...releases.keys()];
  while (successors.length > 0 && releases.size < MOST_JUDGED) successors = take(await reader.revisions(successors));
  let sources = missing([...releases.values()], releases);
  while (sources.length > 0 && releases.size < MOST_JUDGED) {
    const fresh = new Set(take(await reader.releases(sources)));
    sources = missing(
      [...fresh].flatMap((id) => releases.get(id) ?? []),
      releases,
    );
  }
  const complete = successors.length === 0 && sources.length === 0;
  // A source that a correction has taken the place of is wrong, whatever the objection was raised on.
  for (const correction of await reader.revisions([...releases.keys()])) {
    if (correction.objection !== undefined && !releases.has(correction.release)) {
      releases.set(correction.release, correction);
    }
  }
  return { releases, objections: await reader.objections([...releases.keys()]), complete };
}

/** Sources that are not at hand. One that was asked for and is not there is asked for again by nobody. */
function missing(from: readonly LineageRelease[], releases: ReadonlyMap<string, LineageRelease>): string[] {
  return [...new Set(from.flatMap(({ derivedFrom }) => derivedFrom))].filter((id) => !releases.has(id));
}
