import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NOTHING_SEEN } from "@wanlian/client/fold/configuration-watch.js";
import { createDerivedTables } from "@wanlian/client/projection/database/create-tables.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import type { NodeDatabase } from "@wanlian/client/projection/database/schema.js";
import { GrantHolders } from "@wanlian/client/projection/grant-holders.js";
import { SqlHeadStore } from "@wanlian/client/projection/head-store.js";
import { ownersBehind } from "@wanlian/client/projection/owners-behind.js";
import { writeBlocks } from "@wanlian/client/projection/write-blocks.js";
import { RELEASED } from "@wanlian/model/models.js";
import { expect } from "chai";
import type { Kysely } from "kysely";

const AT_ONCE = 50;

/** More of them than one statement of SQL takes. */
describe("the tables, however much is asked of them at once", () => {
  let directory: string;
  let db: Kysely<NodeDatabase>;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-many-"));
    db = await openDatabase({ directory, url: undefined });
    await createDerivedTables(db, "sqlite");
  });
  after(async () => {
    await db.destroy();
    await rm(directory, { recursive: true, force: true });
  });

  const inParts = async <T>(rows: readonly T[], insert: (part: readonly T[]) => Promise<unknown>) => {
    for (let at = 0; at < rows.length; at += AT_ONCE) await insert(rows.slice(at, at + AT_ONCE));
  };
  const party = (case_id: string, department: string, relation: string, noun = "release") => ({
    ...{ noun, case_id, department, relation },
  });

  it("give the heads of all cases that are asked for, of that noun, and of no other", async () => {
    const ids = Array.from({ length: 1001 }, (_, at) => `c${at}`);
    const place = { opened_block: 1, changed_block: 1, changed_tx: 0, opened_time: "", changed_time: "" };
    const row = (noun: string, case_id: string, act: number) => ({
      ...{ noun, case_id, act, transaction_id: `t${act}`, next: act + 1, status: "s", state: "{}" },
      ...{ ...place, expires: "", search_text: "" },
    });
    const rows = [
      ...ids.map((id, at) => row("demand", id, at + 1)),
      row("demand", "other", 1),
      row("mandate", "c0", 7),
    ];
    await inParts(rows, (part) =>
      db
        .insertInto("cases")
        .values([...part])
        .execute(),
    );
    const found = await new SqlHeadStore(db).loadAll("demand", ids);
    expect([...found].map(([id, { act }]) => `${id} ${act}`)).to.have.members(ids.map((id, at) => `${id} ${at + 1}`));
  });

  it("give the numbers of a case that void acts alone have used, from the first unused on", async () => {
    const voids = [1, 2, 4].map((number) => ({ noun: "demand", case_id: "void", number, block: 1, tx: number }));
    await db.insertInto("voids").values(voids).execute();
    const store = new SqlHeadStore(db);
    const ref = { noun: "demand", case: "void" };
    expect(await store.load(ref)).to.include({ act: 0, next: 3 });
    expect(await store.taken(ref)).to.deep.equal([4]);
    expect(await store.touched()).to.deep.equal(["demand/void"]);
  });

  it("give what a void act left under its number: its bytes, or nothing where it is longer than any act", async () => {
    const left = { noun: "demand", case_id: "void", number: 4 };
    await db
      .insertInto("left_keys")
      .values([
        { ...left, key: "short", content: Buffer.from("bytes").toString("base64") },
        { ...left, key: "long", content: "" },
        { ...left, key: "elsewhere", number: 5, content: "" },
      ])
      .execute();
    const store = new SqlHeadStore(db);
    const ref = { noun: "demand", case: "void", number: 4 };
    expect(await store.left("short")).to.deep.equal({ ...ref, key: "short", value: Buffer.from("bytes") });
    expect(await store.left("long")).to.deep.equal({ ...ref, key: "long", value: undefined });
    expect(await store.left("none")).to.equal(undefined);
    expect(await store.leftUnder(ref, 9)).to.have.members(["short", "long"]);
    expect(await store.leftUnder(ref, 1)).to.have.lengthOf(1);
  });

  it("end in one portion an alarm that begins in it, and no other", async () => {
    const difference = (topic: string) => ({
      ...{ topic, kind: "CONFIGURATION_BEYOND_ACTS", said: { zh: topic, en: topic }, departments: [] },
    });
    const taken = (number: number, begun: readonly string[], ended: readonly string[]) => ({
      folded: {
        block: {
          number: BigInt(number),
          hash: `${number}`,
          previousHash: "",
          dataHash: "",
          codes: new Uint8Array(),
          commitHash: "",
        },
        ...{ transactions: [], verdicts: "[]", heads: [] },
      },
      watched: { state: NOTHING_SEEN, configured: [], begun: begun.map(difference), ended },
    });
    const blocks = [taken(1, ["members", "k"], []), taken(2, [], ["members"]), taken(3, ["members"], [])];
    await db
      .transaction()
      .execute((transaction) => writeBlocks(transaction, blocks as never, RELEASED, new GrantHolders()));
    const alarms = await db.selectFrom("alarms").select(["topic", "block", "ended_block"]).orderBy("block").execute();
    expect(alarms.map(({ topic, block, ended_block: ended }) => `${topic} ${block} ${ended}`)).to.have.members([
      ...["members 1 2", "k 1 -1", "members 3 -1"],
    ]);
  });

  it("name who made something of a release, directly or through others, and nobody else", async () => {
    const derived = (source: string, release: string) => ({ source, release, how: "derived" as const });
    const made = Array.from({ length: 600 }, (_, at) => `made ${at}`);
    await inParts(
      [
        ...made.map((release) => derived("first", release)),
        derived("made 599", "further"),
        derived("further", "product"),
        { source: "first", release: "revised", how: "revised" as const },
        derived("another", "elsewhere"),
      ],
      (part) =>
        db
          .insertInto("release_sources")
          .values([...part])
          .execute(),
    );
    await inParts(
      [
        ...made.map((release) => party(release, "HealthMSP", "provider")),
        ...[party("further", "TaxMSP", "provider"), party("further", "SeenMSP", "consumer")],
        ...[party("product", "StatisticsMSP", "author", "product"), party("product", "NamedMSP", "author", "demand")],
        ...[party("first", "CivilMSP", "provider"), party("revised", "CivilMSP", "provider")],
        party("elsewhere", "PoliceMSP", "provider"),
      ],
      (part) =>
        db
          .insertInto("parties")
          .values([...part])
          .execute(),
    );
    expect(await ownersBehind(db, "first")).to.deep.equal(["HealthMSP", "StatisticsMSP", "TaxMSP"]);
    expect(await ownersBehind(db, "further")).to.deep.equal(["StatisticsMSP"]);
    expect(await ownersBehind(db, "product")).to.deep.equal([]);
  });

  it("look through two thousand of them, and stop there", async () => {
    const chain = Array.from({ length: 2100 }, (_, at) => ({
      ...{ source: `link ${at}`, release: `link ${at + 1}`, how: "derived" as const },
    }));
    await inParts(chain, (part) =>
      db
        .insertInto("release_sources")
        .values([...part])
        .execute(),
    );
    const named = [party("link 1999", "LastMSP", "provider"), party("link 2000", "BeyondMSP", "provider")];
    await db.insertInto("parties").values(named).execute();
    expect(await ownersBehind(db, "link 0")).to.deep.equal(["LastMSP"]);
  });
});
