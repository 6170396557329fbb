import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { Insertable } from "kysely";
import type { CountedTransaction } from "../fold/index.js";
import type { NodeDatabase } from "./database/schema.js";

interface Stated {
  readonly derivedFrom?: unknown;
  readonly revises?: unknown;
  readonly objection?: unknown;
  readonly explained?: unknown;
}

/** Nouns whose cases are made from releases. */
const MADE = new Set(["release", "product"]);

/**
 * What a release or a product says of where it came from, as its registration fixes it, and what was explained of it
 * since. By the members' names, which every version's have had so far: a lineage is what was stated, whichever rules it
 * was stated by.
 */
export function releaseSourceRows({ act, before }: CountedTransaction): Insertable<NodeDatabase["release_sources"]>[] {
  if (!MADE.has(act.noun)) return [];
  const { case: release } = act;
  const { derivedFrom, revises, objection, explained } = act.state as CaseState & Stated;
  if (before !== undefined) {
    const known = new Set(textsOf((before as CaseState & Stated).explained));
    const causes = textsOf(explained).filter((cause) => !known.has(cause));
    return causes.map((source) => ({ release, source, how: "explained" as const }));
  }
  const rows = textsOf(derivedFrom).map((source) => ({ release, source, how: "derived" as const }));
  if (typeof revises !== "string") return rows;
  return [...rows, { release, source: revises, how: objection === undefined ? "revised" : "corrected" }];
}

const textsOf = (list: unknown): string[] =>
  Array.isArray(list) ? [...new Set(list.filter((one): one is string => typeof one === "string"))] : [];
