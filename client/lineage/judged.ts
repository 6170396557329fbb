import type { GraphReader } from "./graph-reader.js";
import type { JudgedGraph } from "./marks.js";

/** Releases that are looked at for the marks of one answer. */
const MOST_JUDGED = 20_000;

/**
 * What decides on the marks of some releases: those that take their place, the sources of all of these, and objections.
 * `complete` is false where there is more than one answer can look at.
 */
export async function judgedAround(
  reader: GraphReader,
  ids: readonly string[],
): Promise<JudgedGraph & { readonly complete: boolean }> {
  const near = new Set(ids);
  let fresh = ids;
  while (fresh.length > 0 && near.size < MOST_JUDGED) {
    fresh = (await reader.revisions(fresh)).filter((id) => !near.has(id));
    for (const id of fresh) near.add(id);
  }
  const releases = await reader.withSources([...near], MOST_JUDGED);
  return {
    releases,
    ...(await reader.links(releases)),
    corrected: await reader.corrected(releases),
    withdrawn: await reader.withdrawn(releases),
    objections: await reader.objections(releases),
    complete: fresh.length === 0 && releases.length < MOST_JUDGED,
  };
}
