import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { Kysely } from "kysely";
import type { CountedTransaction } from "../fold/index.js";
import type { NodeDatabase } from "./database/schema.js";

interface Read {
  readonly outcome?: unknown;
  readonly settled?: unknown;
  readonly release?: unknown;
  readonly status?: unknown;
}

/** Releases and products that are looked through for one act: who is told of a fault may not stop the fold. */
const MOST_TOLD = 2000;
/** Parameters of one statement, below the fewest that a database allows. */
const NAMES_A_QUESTION = 500;

/** The release that an act found wrong or took out of use; by the members' names, as lineage is read. */
export function foundWrong({ act, before }: CountedTransaction): string | undefined {
  const [was, is] = [before, act.state] as readonly (CaseState & Read)[];
  if (act.noun === "release") return is?.status === "withdrawn" && was?.status !== "withdrawn" ? act.case : undefined;
  if (act.noun !== "objection" || typeof is?.release !== "string") return undefined;
  const concluded = was?.outcome === undefined && (is.outcome === "substantiated" || is.outcome === "partly");
  const settled = was?.settled !== "upheld" && is.settled === "upheld";
  return concluded || settled ? is.release : undefined;
}

/** The departments that made something of a release, directly or through others: each step in the order of numbers. */
export async function ownersBehind(db: Kysely<NodeDatabase>, release: string): Promise<string[]> {
  const found = new Set([release]);
  let step = [release];
  while (step.length > 0 && found.size < MOST_TOLD) {
    const rows = await db
      .selectFrom("release_sources")
      .select("release")
      .distinct()
      .where("source", "in", step.slice(0, NAMES_A_QUESTION))
      .where("how", "=", "derived")
      .orderBy("release")
      .limit(MOST_TOLD)
      .execute();
    step = [...step.slice(NAMES_A_QUESTION), ...rows.map((row) => row.release).filter((id) => !found.has(id))];
    for (const { release: id } of rows) found.add(id);
  }
  found.delete(release);
  const owners = new Set<string>();
  const made = [...found];
  for (let at = 0; at < made.length; at += NAMES_A_QUESTION) {
    const rows = await db
      .selectFrom("parties")
      .select("department")
      .distinct()
      .where("noun", "in", ["release", "product"])
      .where("case_id", "in", made.slice(at, at + NAMES_A_QUESTION))
      .where("relation", "in", ["provider", "author"])
      .execute();
    for (const { department } of rows) owners.add(department);
  }
  return [...owners].sort();
}
