import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { Reading } from "@wanlian/model/reading.js";
import type { Db } from "../read/index.js";
import { KeptGraph } from "./kept-graph.js";
import type { JudgedGraph } from "./marks.js";
import { objectionOf } from "./release.js";

/** Releases that are looked at for the marks of one answer. */
const MOST_JUDGED = 20_000;

/**
 * What decides on the marks of some releases: those that take their place, the sources of all of these, and objections.
 * `complete` is false where there is more than one answer can look at.
 */
export async function judgedAround(
  db: Db,
  reading: Pick<Reading, "openOn">,
  ids: readonly string[],
): Promise<JudgedGraph & { readonly complete: boolean }> {
  const { objections, ...found } = (await KeptGraph.of(db).now()).around(ids, MOST_JUDGED);
  return {
    ...found,
    objections: objections.map((one) => objectionOf(one, reading.openOn(one.state as CaseState) !== undefined)),
  };
}
