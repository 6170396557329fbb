import type { Reading } from "@wanlian/model/reading.js";
import type { Db } from "../read/index.js";
import { GraphReader } from "./graph-reader.js";
import { judgedAround } from "./judged.js";
import { causesOf, type JudgedGraph, type Marked, marksOf } from "./marks.js";
import type { LineageRelease } from "./release.js";

/** Of a department's releases and products that were made from others, the newest so many are looked at. */
export const MOST_OWN = 2000;
/** Causes named for one of them; what is behind them is in its lineage. */
const MOST_CAUSES = 16;

/** Something of a department's that rests on what was found wrong, until it is made anew or explained. */
export interface Affected extends LineageRelease, Pick<Marked, "restsOn"> {
  readonly name: string;
  /** Objections that were upheld, and withdrawn releases: what an explanation has to speak to. */
  readonly causes: readonly string[];
}

/** What a department has to make anew, to explain or to withdraw. The newest first. */
export async function affectedOf(db: Db, reading: Pick<Reading, "openOn">, department: string): Promise<Affected[]> {
  const rows = await db
    .selectFrom("cases as c")
    .innerJoin("parties as p", (join) => join.onRef("p.noun", "=", "c.noun").onRef("p.case_id", "=", "c.case_id"))
    .select("c.case_id")
    .where("p.department", "=", department)
    .where("p.noun", "in", ["release", "product"])
    .where("p.relation", "in", ["provider", "author"])
    .where("c.status", "=", "registered")
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom("release_sources as s")
          .select("s.source")
          .whereRef("s.release", "=", "c.case_id")
          .where("s.how", "=", "derived"),
      ),
    )
    .orderBy("c.opened_block", "desc")
    .orderBy("c.case_id")
    .limit(MOST_OWN)
    .execute();
  const ids = rows.map(({ case_id }) => case_id);
  const reader = new GraphReader(db);
  const judged = await judgedAround(db, reading, ids);
  const marks = marksOf(judged);
  const outstanding = ids.filter((id) => marks.get(id)?.mark === "affected" && marks.get(id)?.outstanding === true);
  const found = new Map((await reader.releases(outstanding)).map((one) => [one.release, one]));
  const names = await reader.datasetNames([...found.values()].map(({ dataset }) => dataset));
  const causes = causesBehind(judged);
  return outstanding.flatMap((id) => {
    const one = found.get(id);
    if (one === undefined) return [];
    const name = one.product?.name ?? names.get(one.dataset) ?? "";
    return [{ ...one, name, restsOn: marks.get(id)?.restsOn ?? [], causes: causes(id) }];
  });
}

/** Of each what was found wrong behind it and it was not explained for, the nearest first. */
function causesBehind(judged: JudgedGraph): (id: string) => string[] {
  const causes = causesOf(judged);
  return (id) => {
    const one = judged.find(id);
    const behind = new Set(one?.sources);
    const found = new Set<string>();
    for (const source of behind) {
      for (const cause of causes.get(source.id) ?? []) if (one?.explained.includes(cause) === false) found.add(cause);
      if (found.size >= MOST_CAUSES) break;
      for (const further of source.sources) if (judged.known.has(further)) behind.add(further);
    }
    return [...found].slice(0, MOST_CAUSES);
  };
}
