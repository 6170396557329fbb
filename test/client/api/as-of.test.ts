import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { byAct, byCase, changedCases } from "@wanlian/client/read/past/changed-cases.js";
import type { Digest } from "@wanlian/model/identifiers.js";
import { releaseRoot } from "@wanlian/model/release/release-root.js";
import { expect } from "chai";
import { runWanlian } from "../cli/wanlian.js";
import { PASSPHRASE } from "../keys/officer.js";
import { type PostgresServer, postgresPrograms, startPostgres } from "../postgres.js";
import { type ApiWorld, apiWorld, BUREAU, CIVIL, DATASET, ENTRY, HEALTH, objectionTo, openChannel } from "./world.js";

const programs = postgresPrograms();
const databases = ["embedded SQL", ...(programs === undefined ? [] : ["PostgreSQL"])];

for (const sql of databases) {
  describe(`as of a time, on ${sql}`, () => {
    let world: ApiWorld;
    let postgres: PostgresServer | undefined;
    let token: string;
    let directory: string;
    const made = { release: "", application: "", objection: "", before: 0 };

    /** 21 September: the dataset. 22nd: a release, a grant, an objection. 23rd: revised, found wrong, grant revoked. */
    before(async () => {
      if (sql === "PostgreSQL" && programs !== undefined) postgres = await startPostgres(programs);
      world = await apiWorld(postgres === undefined ? {} : { databaseUrl: postgres.url });
      await openChannel(world);
      directory = await mkdtemp(join(tmpdir(), "wanlian-as-of-"));
      token = await world.logIn("CA-1");
      await as(CIVIL, "dataset", "register", { ...ENTRY, code: "divisions" });
      await tick("2026-09-22T01:00:00Z");
      made.release = await as(CIVIL, "release", "register", RELEASE);
      made.application = await as(HEALTH, "application", "apply", APPLICATION);
      await as(CIVIL, "application", "grant", GRANT, made.application);
      made.objection = await as(HEALTH, "objection", "raise", objectionTo(made.release));
      made.before = Number(world.ledger.status().height) - 1;
      await tick("2026-09-23T01:00:00Z");
      await as(CIVIL, "objection", "accept", {}, made.objection);
      await as(CIVIL, "objection", "conclude", { outcome: "unsubstantiated", reasons: TEXT }, made.objection);
      await as(HEALTH, "objection", "confirm", {}, made.objection);
      const { name: _name, ...entry } = ENTRY;
      await as(CIVIL, "dataset", "revise", { ...entry, name: "区划", changes: "shorter" }, DATASET);
      await as(HEALTH, "application", "withdraw", {}, made.application);
    });
    after(async () => {
      await world?.stop();
      await postgres?.stop();
      if (directory !== undefined) await rm(directory, { recursive: true, force: true });
    });

    async function as(department: string, noun: string, type: string, body: object, id?: string): Promise<string> {
      const command = { noun, type, body: { ...body }, ...(id === undefined ? {} : { case: id }) };
      return (await world.ledger.act(department, ["steward", "user"], command)).case;
    }
    const tick = (time: string) =>
      world.ledger.act(BUREAU, ["node"], { noun: "clock", case: "clock", type: "tick", body: { time } });
    const ask = (path: string) => world.call("GET", path, { token });
    const caseAt = (at: string, noun: string, id: string) => ask(`/as-of/case?at=${at}&noun=${noun}&case=${id}`);

    it("shows a dataset's entry and the objections that were open, at an instant, on a day, after a block", async () => {
      for (const at of ["2026-09-22T05:00:00Z", "2026-09-22", String(made.before)]) {
        const then = await caseAt(at, "dataset", DATASET);
        expect([then.get("entry.name"), then.get("openObjections")], at).to.deep.equal([ENTRY.name, [made.objection]]);
        expect(then.get("at.block")).to.equal(made.before);
      }
      const now = await caseAt("2026-12-31", "dataset", DATASET);
      expect([now.get("entry.name"), now.get("openObjections")]).to.deep.equal(["区划", []]);
      const first = await caseAt("2026-09-21", "dataset", DATASET);
      expect([first.get("case.act"), first.get("openObjections")]).to.deep.equal([1, []]);
      expect((await caseAt("2026-09-22", "release", made.release)).get("openObjections")).to.eql([made.objection]);
    });

    it("shows whether a grant was in force, and what has proven it since", async () => {
      const then = await caseAt("2026-09-22", "application", made.application);
      expect([then.get("case.status"), then.get("inForce")]).to.deep.equal(["granted", true]);
      expect(then.get("case.transactionId")).to.equal(then.get("lastAct.transactionId"));
      const later = await caseAt("2026-09-23", "application", made.application);
      expect([later.get("case.status"), later.get("inForce")]).to.deep.equal(["withdrawn", false]);
      expect((await caseAt("2026-09-21", "application", made.application)).get("code")).to.equal("NO_SUCH_CASE");
    });

    it("shows the policy and the members, and nothing before the ledger began", async () => {
      const then = await ask("/as-of?at=2026-09-21");
      expect([then.get("policy.bureau"), then.get("members")]).to.deep.equal([BUREAU, [BUREAU, CIVIL, HEALTH]]);
      expect((await ask("/as-of?at=2026-01-01")).get("policy.act")).to.equal(1);
      expect((await ask("/as-of?at=0")).get("code")).to.equal("NO_SUCH_ENTRY");
      expect((await ask("/as-of?at=99999")).get("code")).to.equal("NO_SUCH_ENTRY");
      expect((await ask("/as-of?at=yesterday")).get("code")).to.equal("BAD_REQUEST");
    });

    it("lists a noun's cases as they stood, page by page", async () => {
      const then = await ask("/as-of/cases?at=2026-09-22&noun=objection");
      expect([then.get("items.0.case"), then.get("items.0.status")]).to.deep.equal([made.objection, "raised"]);
      expect((await ask("/as-of/cases?at=2026-09-21&noun=objection")).get("items")).to.deep.equal([]);
      const first = await ask("/as-of/cases?noun=member&limit=2");
      const next = await ask(`/as-of/cases?noun=member&limit=2&cursor=${String(first.get("next"))}`);
      const ids = [...(first.get("items") as { case: string }[]), ...(next.get("items") as { case: string }[])];
      expect(ids.map((one) => one.case)).to.deep.equal([BUREAU, CIVIL, HEALTH]);
      expect(next.get("next")).to.equal(undefined);
    });

    it("tells what changed between two times, member by member, and no more", async () => {
      const changes = await ask("/changes?from=2026-09-22&to=2026-09-23");
      const items = changes.get("items") as { noun: string; members: { member: string }[] }[];
      expect(items.map(({ noun }) => noun)).to.deep.equal(["application", "clock", "dataset", "objection"]);
      const dataset = await ask("/changes?from=2026-09-22&noun=dataset");
      const members = dataset.get("items.0.members") as { member: string; before: unknown; after: unknown }[];
      expect(members.map(({ member }) => member))
        .to.include("name")
        .and.include("version")
        .and.not.include("fields");
      expect(members.find(({ member }) => member === "name")).to.include({ before: ENTRY.name, after: "区划" });
      const begun = await ask(`/changes?from=2026-09-21&to=2026-09-22&noun=release`);
      expect([begun.get("items.0.before"), begun.get("items.0.after.act")]).to.deep.equal([undefined, 1]);
      expect((await ask("/changes?from=2026-09-23&to=2026-09-22")).get("code")).to.equal("BAD_REQUEST");
      expect((await ask("/changes?from=99999")).get("code"), "a block to come").to.equal("NO_SUCH_ENTRY");
      const whole = (await ask("/changes?noun=release")).get("items");
      expect((await ask("/changes?from=2026-01-01&noun=release")).get("items"), "a day before it").to.eql(whole);
      expect((await ask("/changes?from=2026-09-23&to=2026-09-23")).get("items")).to.deep.equal([]);
      const first = await ask("/changes?limit=3");
      const second = await ask(`/changes?limit=500&cursor=${String(first.get("next"))}`);
      const all = await ask("/changes?limit=500");
      const named = (answer: typeof all) => (answer.get("items") as { noun: string; case: string }[]).map(nameOf);
      expect([...named(first), ...named(second)]).to.deep.equal(named(all));
    });

    it("tells all that happened to a case of any noun, and how an operator company came and went", async () => {
      const history = await ask(`/trace/cases/application/${made.application}`);
      const types = (history.get("items") as { type: string }[]).map(({ type }) => type);
      expect(types).to.deep.equal(["apply", "grant", "withdraw"]);
      const release = await ask(`/trace/cases/release/${made.release}`);
      const nouns = new Set((release.get("items") as { noun: string }[]).map(({ noun }) => noun));
      expect([...nouns]).to.include.members(["release", "objection"]);
      expect((await ask(`/trace/cases/mandate/${made.release}`)).get("code")).to.equal("NO_SUCH_CASE");
      const member = (type: string, body: Readonly<Record<string, unknown>>) =>
        world.ledger.act(HEALTH, ["administrator"], { noun: "member", case: HEALTH, type, body });
      const work = { scope: [`${HEALTH}/births`], from: "2026-09-24T00:00:00Z", to: "2026-12-31T00:00:00Z" };
      for (const code of ["91411300MA3X0000XX", "91411300MA3X0000YY"])
        await member("engage", { ...work, code, name: "company" });
      await member("dismiss", { code: "91411300MA3X0000XX" });
      const operator = await ask(`/trace/departments/${HEALTH}/operators/91411300MA3X0000XX`);
      const acts = operator.get("items") as { type: string; body: { code: string } }[];
      expect(acts.map(({ type, body }) => [type, body.code])).to.deep.equal([
        ["engage", "91411300MA3X0000XX"],
        ["dismiss", "91411300MA3X0000XX"],
      ]);
      expect((await ask(`/trace/departments/${HEALTH}/operators/91411300MA3X0000_%25`)).get("items")).to.deep.equal([]);
    });

    it("finds the same cases act by act as case by case, each at the first act of the range, page by page", async () => {
      const height = Number(world.ledger.status().height);
      const acts = await world.db.selectFrom("acts").selectAll().where("counted", "=", 1).execute();
      let compared = 0;
      for (let since = 0; since < height; since += 3) {
        for (let until = since; until <= height; until += 4) {
          const range = { since, until };
          const firsts = new Map<string, { noun: string; case_id: string; block: number; tx: number }>();
          for (const { noun, case_id, block, tx } of acts.sort((a, b) => a.block - b.block || a.tx - b.tx)) {
            const name = `${noun}/${case_id}`;
            const within = block >= since && block < until;
            if (within && !firsts.has(name)) firsts.set(name, { noun, case_id, block, tx });
          }
          const nouns = [...new Set([...firsts.values()].map(({ noun }) => noun))].sort();
          const all = nouns.flatMap((noun) => [...firsts.values()].filter((one) => one.noun === noun));
          expect(await changedCases(world.db, range, {}, undefined, 1000), `${since} to ${until}`).to.deep.equal(all);
          for (const noun of nouns) {
            for (const way of [byAct, byCase]) {
              const found = way(world.db, range, noun).select(["a.noun", "a.case_id", "a.block", "a.tx"]);
              const rows = await found.orderBy("a.block").orderBy("a.tx").execute();
              expect(rows).to.deep.equal(all.filter((one) => one.noun === noun));
            }
          }
          const [first] = all;
          if (first === undefined) continue;
          expect(await changedCases(world.db, range, {}, first, 2)).to.deep.equal(all.slice(1, 3));
          compared += 1;
        }
      }
      expect(compared).to.be.above(10);
    });

    it("is asked from the command line, in both languages", async () => {
      const wanlian = (...argv: string[]) =>
        runWanlian(argv, {
          WANLIAN_NODE: world.base.replace("/api/v1", ""),
          WANLIAN_SESSION: join(directory, "session.json"),
          WANLIAN_PASSPHRASE: PASSPHRASE,
          LANG: "en_GB.UTF-8",
        });
      expect((await wanlian("login", "CA-1")).code).to.equal(0);
      expect((await wanlian("as-of", "2026-09-22")).out).to.include(`${BUREAU} ${CIVIL} ${HEALTH}`);
      expect((await wanlian("as-of", "2026-09-22", "application", made.application)).out).to.match(/in force +yes/);
      expect((await wanlian("as-of", "2026-09-22", "dataset", DATASET)).out).to.include(made.objection);
      expect((await wanlian("as-of", "2026-09-22", "objection")).out).to.include(made.objection);
      const changes = await wanlian("changes", "--from", "2026-09-22", "--noun", "dataset", "--lang", "zh");
      expect(changes.out).to.match(/数据资源 CivilMSP\/divisions +已登记 +已登记 +1→2 +.*名称/);
      expect((await wanlian("changes", "--noun", "release")).out).to.include("began");
      expect((await wanlian("as-of", "yesterday")).code).to.equal(1);
    });
  });
}

const nameOf = (one: { noun: string; case: string }) => `${one.noun}/${one.case}`;
const TEXT = { digest: "e".repeat(64) };
const FIELDS = ["code", "name"].map((name, at) => ({ name, digest: `${at}4`.repeat(32) as Digest }));
const RELEASE = {
  ...{ dataset: DATASET, fields: FIELDS, root: releaseRoot(FIELDS), rows: 3, rowRoot: "c".repeat(64) },
  ...{ derivedFrom: [], selfCheck: [], period: { from: "2022-01-01", to: "2022-12-31" } },
};
const TERM = { from: "2026-09-22", to: "2026-12-31", frequency: { calls: 10, per: "day" } };
const APPLICATION = {
  ...{ dataset: DATASET, fields: ["code"], purpose: "verification", scenario: "births", duty: "law" },
  ...{ ...TERM, kind: "ordinary" },
};
const GRANT = { dataset: DATASET, fields: ["code"], ...TERM };
