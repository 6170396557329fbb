import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { Insertable } from "kysely";
import type { CountedTransaction } from "../fold/index.js";
import type { NodeDatabase } from "./database/schema.js";

interface Stated {
  readonly derivedFrom?: unknown;
  readonly revises?: unknown;
  readonly objection?: unknown;
}

/**
 * What a release says of where it came from, as its registration fixes it. By the members' names, which every version's
 * releases have had so far: a lineage is what was stated, whichever rules it was stated by.
 */
export function releaseSourceRows({ act, before }: CountedTransaction): Insertable<NodeDatabase["release_sources"]>[] {
  if (act.noun !== "release" || before !== undefined) return [];
  const { case: release, state } = act;
  const { derivedFrom, revises, objection } = state as CaseState & Stated;
  const sources = new Set(Array.isArray(derivedFrom) ? derivedFrom.filter((one) => typeof one === "string") : []);
  const rows = [...sources].map((source) => ({ release, source, how: "derived" as const }));
  if (typeof revises !== "string") return rows;
  return [...rows, { release, source: revises, how: objection === undefined ? "revised" : "corrected" }];
}
