import type { NodeDatabase } from "@wanlian/client/projection";
import type { Db } from "@wanlian/client/read";
import type { Insertable } from "kysely";

/** A release by number: its id is the number in hexadecimal. */
export const idOf = (number: number): string => number.toString(16).padStart(64, "0");

export interface StoredRelease {
  readonly provider?: string;
  readonly from?: readonly number[];
  readonly revises?: number;
  readonly objection?: string;
  readonly status?: "registered" | "withdrawn";
}

/** Puts releases into the projection's tables as the fold keeps them; their blocks are their numbers. */
export async function storeReleases(db: Db, releases: ReadonlyMap<number, StoredRelease>): Promise<void> {
  const rows = [...releases].map(([number, one]) => {
    const { provider = "CivilMSP", from = [], revises, objection, status = "registered" } = one;
    const state = {
      ...{ status, dataset: `${provider}/data`, provider, version: 1, root: idOf(number), rows: 1 },
      derivedFrom: from.map(idOf),
      ...(revises === undefined ? {} : { revises: idOf(revises) }),
      ...(objection === undefined ? {} : { objection }),
    };
    const release = idOf(number);
    const how = objection === undefined ? ("revised" as const) : ("corrected" as const);
    const links = [
      ...from.map((source) => ({ release, source: idOf(source), how: "derived" as const })),
      ...(revises === undefined ? [] : [{ release, source: idOf(revises), how }]),
    ];
    const sources = [...new Set(links.map(({ source }) => source))];
    return { row: caseRow("release", release, number, status, state), sources, links };
  });
  await insert(db, rows);
}

export async function storeObjection(
  db: Db,
  number: number,
  release: number,
  rest: { readonly status: string; readonly outcome?: string; readonly corrections?: readonly number[] },
): Promise<string> {
  const corrections = (rest.corrections ?? []).map(idOf);
  const state = { ...rest, release: idOf(release), dataset: "CivilMSP/data", objector: "HealthMSP", corrections };
  const row = caseRow("objection", idOf(number), number, rest.status, state);
  await insert(db, [{ row, sources: [idOf(release), ...corrections], links: [] }]);
  return idOf(number);
}

function caseRow(noun: string, id: string, number: number, status: string, state: object) {
  const time = "2026-09-28T01:00:00Z";
  return {
    ...{ noun, case_id: id, act: 1, next: 2, transaction_id: id, status, state: JSON.stringify(state) },
    ...{ opened_time: time, opened_block: BigInt(number), changed_time: time, changed_block: BigInt(number) },
    ...{ changed_tx: 0, expires: "", search_text: "" },
  };
}

type Stored = {
  readonly row: ReturnType<typeof caseRow>;
  readonly sources: readonly string[];
  readonly links: readonly SourceRow[];
};

type SourceRow = Insertable<NodeDatabase["release_sources"]>;

/** In lots: a statement holds so many values. */
async function insert(db: Db, all: readonly Stored[]): Promise<void> {
  await db.transaction().execute(async (sql) => {
    for (let at = 0; at < all.length; at += 500) {
      const lot = all.slice(at, at + 500);
      await sql
        .insertInto("cases")
        .values(lot.map(({ row }) => row))
        .execute();
      const references = lot.flatMap(({ row: { noun, case_id }, sources }) =>
        sources.map((to_case) => ({ noun, case_id, to_noun: "release", to_case })),
      );
      const links = lot.flatMap((one) => one.links);
      for (let from = 0; from < links.length; from += 500) {
        await sql
          .insertInto("release_sources")
          .values(links.slice(from, from + 500))
          .execute();
      }
      for (let from = 0; from < references.length; from += 500) {
        await sql
          .insertInto("case_references")
          .values(references.slice(from, from + 500))
          .execute();
      }
    }
  });
}
