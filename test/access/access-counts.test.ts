import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  COUNTED_BY,
  COUNTED_UNDER,
  countAccesses,
  countsAfter,
  takeIn,
  totalsOf,
} from "@wanlian/client/access/access-counts.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import type { AccessTable, NodeDatabase } from "@wanlian/client/projection/database/schema.js";
import type { Instant, MspId } from "@wanlian/model/identifiers.js";
import { hourOf } from "@wanlian/model/time/instant.js";
import { expect } from "chai";
import fc from "fast-check";
import type { Kysely } from "kysely";
import { type PostgresServer, postgresPrograms, startPostgres } from "../client/postgres.js";

/** What a log can hold, in any order and doubled: openings and closings that belong together, or to nothing. */
interface Draft {
  readonly kind: "access" | "opening" | "closing" | "filing";
  readonly stream: number;
  readonly hour: number;
  readonly officer: number;
  readonly empty: 0 | 1;
}
const draft: fc.Arbitrary<Draft> = fc.record({
  kind: fc.constantFrom("access", "opening", "closing", "filing"),
  stream: fc.nat(3),
  hour: fc.nat(40),
  officer: fc.nat(2),
  empty: fc.constantFrom(0, 1),
});

function rowOf({ kind, stream, hour, officer, empty }: Draft, position: number): AccessTable {
  const time = new Date(Date.UTC(2026, 8, 27, hour, 59, 59)).toISOString().replace(".000", "") as Instant;
  const ended = { access: "served", opening: "opened", closing: "stopped", filing: "refused" } as const;
  return {
    ...{ position, id: kind === "opening" ? `stream ${stream}` : `${position}`, kind },
    opening: kind === "closing" ? `stream ${stream}` : "",
    ...{
      provider: "CivilMSP",
      consumer: "HealthMSP",
      officer: `030${officer}`,
      machine: 0,
      operator: "",
      dataset: "CivilMSP/d",
    },
    ...{ release: "", grant_case: "g", grant_act: 2, fields: "code", purpose: "lookup", scenario: "s", way: "lookup" },
    ...{ road: "gateway", result: ended[kind], reason: "", row_count: position % 5, empty },
    ...{ time, day: hourOf(time).slice(0, 10), hour: hourOf(time), height: 3, nonce: "", filing: "" },
  };
}

for (const kind of ["embedded SQL", "PostgreSQL"] as const) {
  describe(`accesses summed up by the hour on ${kind}`, () => {
    let directory: string;
    let server: PostgresServer | undefined;
    let db: Kysely<NodeDatabase>;

    before(async function () {
      this.timeout(30_000);
      directory = await mkdtemp(join(tmpdir(), "wanlian-counts-"));
      if (kind === "PostgreSQL") {
        const programs = postgresPrograms();
        if (programs === undefined) this.skip();
        server = await startPostgres(programs);
      }
      db = await openDatabase({ directory, url: server?.url });
    });
    after(async () => {
      await db?.destroy();
      await server?.stop();
      await rm(directory, { recursive: true, force: true });
    });

    /** @param sizes of the batches that rows come in */
    async function fill(rows: readonly AccessTable[], sizes: readonly number[]): Promise<void> {
      await db.deleteFrom("local.accesses").execute();
      for (let from = 0, batch = 0; from < rows.length; batch += 1) {
        const some = rows.slice(from, from + (sizes[batch % sizes.length] ?? 1));
        await db.transaction().execute(async (transaction) => {
          await takeIn(transaction, some);
          await transaction.insertInto("local.accesses").values(some).execute();
        });
        from += some.length;
      }
    }
    /** One second of an hour is left out, in which nothing is: so it is counted from the records themselves. */
    const LATE = "2030-01-01T00:00:00Z" as Instant;

    it("come to what the records come to, whatever order and batches they stand in", async () => {
      const runs = kind === "PostgreSQL" ? 10 : 25;
      await fc.assert(
        fc.asyncProperty(
          fc.array(draft, { minLength: 1, maxLength: 25 }),
          fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
          async (drafts, sizes) => {
            await fill(drafts.map(rowOf), sizes);
            for (const per of ["day", "hour", "hourOfDay"] as const) {
              const wishes = { by: "officer", per } as const;
              const one = await countAccesses(db, { until: LATE }, wishes);
              expect(await countAccesses(db, {}, wishes)).to.deep.equal(one);
            }
          },
        ),
        { numRuns: runs },
      );
    });

    it("are given by everything that they are counted by, of a time, and page by page", async () => {
      const drafts = Array.from({ length: 30 }, (_, at): Draft => {
        return { kind: "access", stream: 0, hour: at, officer: at % 3, empty: at % 2 === 0 ? 1 : 0 };
      });
      await fill(drafts.map(rowOf), [7]);
      for (const by of COUNTED_BY) {
        const counts = await countAccesses(db, {}, { by });
        expect(
          counts.reduce((sum, { accesses }) => sum + accesses, 0),
          by,
        ).to.equal(30);
        expect(counts[0], by).to.have.property(by);
      }
      const since = "2026-09-27T16:00:00Z" as Instant;
      const day = await countAccesses(db, { since, until: "2026-09-28T15:59:59Z" as Instant }, { by: "way" });
      expect(day).to.deep.equal([
        { day: "2026-09-28", way: "lookup", result: "served", accesses: 14, rows: 30, empty: 7 },
      ]);
      const pages = [];
      for (let page = await countsAfter(db, {}, 4, undefined); page.length > 0; ) {
        pages.push(...page);
        page = await countsAfter(db, {}, 4, page.at(-1));
      }
      expect(pages.map(({ hour }) => hour)).to.deep.equal(drafts.map((one) => rowOf(one, 0).hour));
      expect(Object.keys(pages[0] ?? {})).to.include.members([...COUNTED_UNDER]);
      expect(await totalsOf(db, "CivilMSP" as MspId)).to.deep.equal([
        { side: "provider", other: "HealthMSP", way: "lookup", result: "served", accesses: 30 },
      ]);
    });
  });
}
