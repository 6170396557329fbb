import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { countAccesses, takeIn } from "@wanlian/client/access/access-counts.js";
import type { UseWarning } from "@wanlian/client/core";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import type { AccessTable, NodeDatabase } from "@wanlian/client/projection/database/schema.js";
import { EarlyWarnings, listWarnings, markWarning } from "@wanlian/client/warnings";
import { DEFAULT_EARLY_WARNING, type EarlyWarning } from "@wanlian/model/early-warning.js";
import type { Instant } from "@wanlian/model/identifiers.js";
import { RELEASED } from "@wanlian/model/models.js";
import { hourOf } from "@wanlian/model/time/instant.js";
import { expect } from "chai";
import type { Kysely } from "kysely";
import { type PostgresServer, postgresPrograms, startPostgres } from "../client/postgres.js";

/** Ten working days of ten accesses, then a day. */
const FIRST = Date.UTC(2026, 8, 1, 2);
const TODAY = 10;
const MS_PER_DAY = 86_400_000;
const timeOf = (day: number, second = 0): Instant =>
  new Date(FIRST + day * MS_PER_DAY + second * 1000).toISOString().replace(".000", "") as Instant;

for (const kind of ["embedded SQL", "PostgreSQL"] as const) {
  describe(`warnings of a log on ${kind}`, () => {
    let directory: string;
    let server: PostgresServer | undefined;
    let db: Kysely<NodeDatabase>;
    let told: UseWarning[];
    let policy: EarlyWarning | undefined;
    let runs: { consumer: string; dataset: string; asked: number; following: number }[];
    let position: number;
    let now: Instant;

    before(async function () {
      this.timeout(30_000);
      directory = await mkdtemp(join(tmpdir(), "wanlian-warnings-"));
      if (kind === "embedded SQL") return;
      const programs = postgresPrograms();
      if (programs === undefined) this.skip();
      server = await startPostgres(programs);
    });
    beforeEach(async () => {
      db = await openDatabase({ directory, url: server?.url });
      for (const table of ["accesses", "access_counts", "field_uses", "key_runs", "warnings"] as const) {
        await db.deleteFrom(`local.${table}`).execute();
      }
      await db.deleteFrom("local.warning_marks").execute();
      await db.deleteFrom("local.warned_to").execute();
      told = [];
      runs = [];
      policy = undefined;
      position = 0;
      now = timeOf(TODAY);
    });
    afterEach(() => db?.destroy());
    after(async () => {
      await server?.stop();
      await rm(directory, { recursive: true, force: true });
    });

    const row = (day: number, more: Partial<AccessTable> = {}): AccessTable => {
      const time = timeOf(day);
      const made = {
        ...{ position, id: `${position}`, kind: "access", opening: "", provider: "CivilMSP", consumer: "HealthMSP" },
        ...{
          officer: "0301",
          operator: "",
          machine: 0 as const,
          dataset: "CivilMSP/d",
          release: "",
          grant_case: "g",
          grant_act: 2,
        },
        ...{ fields: "code", purpose: "lookup", scenario: "s", way: "lookup", road: "gateway", result: "served" },
        ...{ reason: "", row_count: 1, empty: 0, time, day: hourOf(time).slice(0, 10), hour: hourOf(time) },
        ...{ height: 3, nonce: "", filing: "" },
        ...more,
      } as const;
      position += 1;
      return made as AccessTable;
    };
    const file = async (rows: readonly AccessTable[]) => {
      await takeIn(db, rows);
      await db
        .insertInto("local.accesses")
        .values([...rows])
        .execute();
    };
    const many = (count: number, day: number, more: (at: number) => Partial<AccessTable> = () => ({})) =>
      Array.from({ length: count }, (_, at) => row(day, more(at)));
    const history = () => file(Array.from({ length: TODAY }, (_, day) => many(10, day)).flat());
    const node = () =>
      new EarlyWarnings({
        db,
        runs: { take: () => runs.splice(0) },
        told: (warning) => told.push(warning),
        ledger: {
          position: () => ({ height: 9, block: "", time: now, ready: true }),
          reading: () => ({ ...RELEASED.latest.reading, policy: () => ({ earlyWarning: policy }) as never }),
          head: async (noun) => (noun === "policy" ? { act: 1, state: {} as never } : undefined),
        },
      });

    it("are told once, with their figures, though a consumer spreads its use over officers", async () => {
      await history();
      const warnings = node();
      await warnings.look();
      expect(told).to.deep.equal([]);
      await file(many(40, TODAY, (at) => ({ officer: `1${at}` })));
      await warnings.look();
      await file(many(5, TODAY));
      await warnings.look();
      expect(told.map(({ kind, officer }) => [kind, officer])).to.deep.equal([
        ["VOLUME", ""],
        ["ROWS", ""],
      ]);
      expect(told[0]?.figures).to.deep.equal({ accesses: 40, usual: 10, times: 3, days: 10 });
      const { items } = await listWarnings(db, { kind: "VOLUME" }, {});
      expect(items[0]?.figures, "the figures go on while the day does").to.include({ accesses: 45 });
      const again = node();
      await file(many(1, TODAY));
      await again.look();
      expect(told, "a node that starts anew repeats nothing").to.have.lengthOf(2);
    });

    it("count calls over other roads: many of them are as unusual as any, whoever brought the data", async () => {
      await history();
      const call = { kind: "call", road: "platform", officer: "", purpose: "", scenario: "", fields: "" } as const;
      await file(many(40, TODAY, () => call));
      await node().look();
      expect(told.map(({ kind, officer }) => [kind, officer])).to.deep.equal([
        ["VOLUME", ""],
        ["ROWS", ""],
      ]);
    });

    it("take what a platform does not say of a call for nobody, and for no other purpose", async () => {
      const call = { kind: "call", road: "platform", officer: "", purpose: "", scenario: "", fields: "" } as const;
      const officers = ["0301", "0302", "0303", "0304"];
      const days = Array.from({ length: TODAY }, (_, day) => [
        ...many(40, day, (at) => ({ officer: officers[at % 4] ?? "" })),
        ...many(400, day, () => call),
      ]);
      for (const rows of days) await file(rows);
      await file(many(400, TODAY, () => call));
      await node().look();
      expect(told, JSON.stringify(told)).to.deep.equal([]);
      // As much by an officer who is named is unlike its peers.
      await file(many(400, TODAY, () => ({ ...call, officer: "0305" })));
      await node().look();
      expect(told.map(({ kind, officer }) => [kind, officer])).to.deep.include(["UNLIKE_PEERS", "0305"]);
    });

    it("say where the number that they are about is a machine's, and so do the counts", async () => {
      const officers = ["0301", "0302", "0303", "0304"];
      const days = Array.from({ length: TODAY }, (_, day) =>
        many(40, day, (at) => ({ officer: officers[at % 4] ?? "" })),
      );
      for (const rows of days) await file(rows);
      await file(many(100, TODAY, () => ({ officer: "m-01", machine: 1 })));
      await node().look();
      const { items } = await listWarnings(db, { kind: "UNLIKE_PEERS" }, {});
      expect(items.map(({ officer, machine }) => [officer, machine])).to.deep.equal([["m-01", true]]);
      const counts = await countAccesses(db, {}, { by: "officer" });
      expect(counts.filter(({ machine }) => machine).map(({ officer }) => officer)).to.deep.equal(["m-01"]);
      expect(await countAccesses(db, {}, { by: "purpose" }), "of people and machines together").to.satisfy(
        (all: readonly object[]) => all.every((one) => !("machine" in one)),
      );
    });

    it("go by the policy in force, and by the software's figures where it has none", async () => {
      await history();
      policy = { ...DEFAULT_EARLY_WARNING, volumeTimes: 5 };
      await file(many(40, TODAY));
      await node().look();
      expect(told).to.deep.equal([]);
      policy = undefined;
      await file(many(1, TODAY));
      await node().look();
      expect(told.map(({ kind }) => kind)).to.deep.equal(["VOLUME", "ROWS"]);
    });

    it("add up keys in a row over a day, as this node alone sees them", async () => {
      const run = { consumer: "HealthMSP", dataset: "CivilMSP/d" };
      runs = [{ ...run, asked: 20, following: 1 }];
      const warnings = node();
      await file(many(20, TODAY));
      await warnings.look();
      runs = [{ ...run, asked: 20, following: 18 }];
      await file(many(20, TODAY));
      await warnings.look();
      expect(told.map(({ kind }) => kind)).to.deep.equal(["SCANNING"]);
      expect(told[0]?.figures).to.include({ asked: 40, following: 19 });
    });

    it("see through a consumer that tries many datasets, each a few times", async () => {
      const refused = { result: "refused", reason: "WRONG_DATASET", row_count: 0 };
      await file(many(30, TODAY, (at) => ({ dataset: `CivilMSP/${at % 10}`, ...refused })));
      await node().look();
      expect(told.map(({ kind, dataset }) => [kind, dataset])).to.deep.equal([["REFUSALS", ""]]);
    });

    it("say nothing of days long gone, as of a log that is read anew", async () => {
      await file(many(200, 0, () => ({ result: "refused" })));
      await node().look();
      expect(told).to.deep.equal([]);
    });

    it("are settled by a note of somebody else than whom they are about, and the notes stay", async () => {
      await file(many(30, TODAY, () => ({ result: "refused" })));
      await node().look();
      const [first] = (await listWarnings(db, {}, {})).items;
      const id = first?.id as string;
      await db.updateTable("local.warnings").set({ officer: "0301" }).where("id", "=", id).execute();
      const mark = { id, officer: "0302", time: now, note: "测试数据" };
      const own = await markWarning(db, "HealthMSP", { ...mark, officer: "0301" }).then(
        () => undefined,
        (error: { code: string }) => error.code,
      );
      expect(own).to.equal("OWN_WARNING");
      await markWarning(db, "CivilMSP", { ...mark, officer: "0301" });
      await markWarning(db, "HealthMSP", mark);
      const open = await listWarnings(db, {}, {});
      expect(open.items.map((warning) => warning.id)).to.not.include(id);
      const all = await listWarnings(db, { shown: "all" }, {});
      expect(
        all.items.find((warning) => warning.id === id)?.marks.map(({ officer, note }) => [officer, note]),
      ).to.deep.equal([
        ["0301", "测试数据"],
        ["0302", "测试数据"],
      ]);
      const unknown = await markWarning(db, "HealthMSP", { ...mark, id: "0".repeat(64) }).then(
        () => undefined,
        (error: { code: string }) => error.code,
      );
      expect(unknown).to.equal("NO_SUCH_CASE");
    });

    it("are listed page by page, the last first", async () => {
      for (let day = TODAY; day < TODAY + 5; day += 1) {
        now = timeOf(day);
        await file(many(30, day, () => ({ result: "refused", dataset: "CivilMSP/e" })));
        await node().look();
      }
      const days: string[] = [];
      let page = await listWarnings(db, { dataset: "CivilMSP/e" }, { limit: 2 });
      for (;;) {
        days.push(...page.items.map(({ day }) => day));
        if (page.next === undefined) break;
        page = await listWarnings(db, { dataset: "CivilMSP/e" }, { limit: 2, cursor: page.next });
      }
      expect(days).to.deep.equal(["2026-09-15", "2026-09-14", "2026-09-13", "2026-09-12", "2026-09-11"]);
    });
  });
}
