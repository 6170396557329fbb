import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBlock } from "@wanlian/client/ledger/block.js";
import { actorOf } from "@wanlian/client/ledger/creator.js";
import { openDatabase, resetDerived } from "@wanlian/client/projection/database/database.js";
import type { NodeDatabase } from "@wanlian/client/projection/database/schema.js";
import { digestProjection } from "@wanlian/client/projection/digest.js";
import { Projection } from "@wanlian/client/projection/projection.js";
import { searchPattern } from "@wanlian/client/projection/search.js";
import { planCommand } from "@wanlian/client/submission/plan.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { Act, CaseState } from "@wanlian/model/kernel/act.js";
import { decide } from "@wanlian/model/kernel/decide.js";
import type { Heads } from "@wanlian/model/kernel/heads.js";
import { RELEASED } from "@wanlian/model/models.js";
import { TxValidationCode } from "@wanlian/protocol/messages/transaction.js";
import { expect } from "chai";
import { type Kysely, sql } from "kysely";
import { postgresPrograms, startPostgres } from "../postgres.js";
import {
  CHAINCODE,
  CHANNEL,
  publishDemand,
  TestLedger,
  type TestOfficer,
  tick,
  withdrawDemand,
  writesOf,
} from "../test-ledger.js";

describe("projection", () => {
  let ledger: TestLedger;
  let user: TestOfficer;
  let demand: string;
  let directory: string;
  let db: Kysely<NodeDatabase>;
  let projection: Projection;

  before(async () => {
    ledger = await TestLedger.opened();
    user = await ledger.officer("CivilMSP", "1001", "user");
    const made = await ledger.make(user, publishDemand("出生人口 births"));
    demand = made.transactionId;
    ledger.appendValid(made, await ledger.make(user, publishDemand("marriages")));
    ledger.append([{ envelope: made.envelope, code: TxValidationCode.DUPLICATE_TXID }]);
    const act = ledger.decide(user, withdrawDemand(demand), "0".repeat(64));
    const forged = { ...act, author: { ...act.author, officer: "7777" as Act["author"]["officer"] } };
    const { envelope } = ledger.forge(user, (id) => ({ [CHAINCODE]: writesOf(forged, id) }));
    ledger.append([{ envelope, code: 0 }]);
    ledger.use({ noun: "demand", case: demand }, act.number);
    ledger.appendValid(await ledger.make(user, withdrawDemand(demand)));
    const node = await ledger.officer("BureauMSP", "9000", "node");
    ledger.appendValid(await ledger.make(node, tick("2026-03-20T01:00:00Z")));
  });

  after(() => ledger.remove());

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-projection-"));
    await reopen();
  });

  afterEach(async () => {
    await db.destroy();
    await rm(directory, { recursive: true, force: true });
  });

  async function reopen(): Promise<void> {
    db = await openDatabase({ directory, url: undefined });
    projection = await Projection.open(db, CHANNEL, CHAINCODE, RELEASED);
  }

  async function catchUp(): Promise<void> {
    for (const bytes of ledger.blocks.slice(Number(projection.height))) await projection.take(readBlock(bytes));
  }

  it("has a row for every act, counted or void, with who, when, transaction and block", async () => {
    await catchUp();
    const acts = await db.selectFrom("acts").selectAll().where("case_id", "=", demand).orderBy("number").execute();
    expect(acts.map(({ number, counted, reason }) => [number, counted, reason])).to.deep.equal([
      [1, 1, ""],
      [2, 0, "WRONG_AUTHOR"],
      [3, 1, ""],
    ]);
    expect(acts[0]).to.include({
      department: "CivilMSP",
      officer: "1001",
      type: "publish",
      time: "2026-03-02T01:00:00Z",
      transaction_id: demand,
      endorsers: '["BureauMSP","CivilMSP"]',
    });
  });

  it("has cases as their last act left them", async () => {
    await catchUp();
    const found = await db.selectFrom("cases").selectAll().where("case_id", "=", demand).executeTakeFirstOrThrow();
    expect(found).to.include({ act: 3, next: 4, status: "withdrawn", opened_block: 6 });
    expect(JSON.parse(found.state)).to.deep.equal(ledger.head({ noun: "demand", case: demand }).state);
    const parties = await db.selectFrom("parties").select("department").where("case_id", "=", demand).execute();
    expect(parties.map(({ department }) => department)).to.have.members(["CivilMSP", "PoliceMSP"]);
  });

  it("keeps deadlines, so that what is overdue needs nobody's act", async () => {
    await catchUp();
    const deadlines = await db.selectFrom("deadlines").selectAll().where("noun", "=", "demand").execute();
    const open = deadlines.filter(({ ended }) => ended === "");
    expect(open).to.have.length(1);
    expect(open[0]).to.include({ kind: "demandReply", owner: "PoliceMSP", due: "2026-03-09T15:59:59Z" });
    expect((open[0]?.due ?? "") < (projection.watch.time ?? "")).to.equal(true);
  });

  it("tells whom an act concerns, its author excepted", async () => {
    await catchUp();
    const notices = await db.selectFrom("notices").selectAll().where("case_id", "=", demand).execute();
    expect(notices.map(({ department, number }) => [department, number])).to.deep.equal([
      ["PoliceMSP", 1],
      ["PoliceMSP", 3],
    ]);
  });

  it("finds text anywhere, in either script and case", async () => {
    await catchUp();
    const search = async (words: string) =>
      (await db.selectFrom("cases").select("case_id").where("search_text", "like", searchPattern(words)).execute()).map(
        (row) => row.case_id,
      );
    expect(await search("人口")).to.deep.equal([demand]);
    expect(await search("BIRTHS")).to.deep.equal([demand]);
    expect(await search("%")).to.deep.equal([]);
  });

  it("raises an alarm that names the endorsers of a void act", async () => {
    await catchUp();
    const alarms = await db.selectFrom("alarms").selectAll().where("kind", "=", "VOID_ACT").execute();
    expect(alarms).to.have.length(1);
    expect(alarms[0]?.departments).to.equal('["BureauMSP","CivilMSP"]');
    expect(alarms[0]?.message).to.contain(`demand/${demand} act 2`);
  });

  for (const taken of ["one after another, with a restart between", "together"]) {
    it(`names nobody who endorsed honestly what rests on a void act, and whoever else did (taken in ${taken})`, async () => {
      const { envelopes, blocks } = await onVoidAct();
      await catchUp();
      if (taken === "together") await projection.takeAll(blocks);
      else {
        for (const block of blocks) {
          await projection.take(block);
          await db.destroy();
          await reopen();
        }
      }
      const named = await db.selectFrom("alarms").select(["departments", "detail"]).orderBy("block").execute();
      const [, ...found] = named.map(({ departments, detail }) => [JSON.parse(detail).transaction, departments]);
      const colluders = '["BureauMSP","CivilMSP"]';
      expect(found).to.deep.equal([
        [envelopes[0], colluders],
        [envelopes[1], "[]"],
        [envelopes[2], colluders],
      ]);
    });
  }

  /** A void demand, what an honest contract gives for it that cannot know, and what none gives. */
  async function onVoidAct() {
    const fork = ledger.fork();
    const begin = (act: Act, id: string) => ({ ...act, case: id, basis: act.basis.slice(1) });
    const published = fork.decide(user, publishDemand("nothing"), "0".repeat(64));
    const forged = fork.forge(user, (id) => ({ [CHAINCODE]: writesOf(begin(published, id), id) }));
    const id = forged.transactionId as TransactionId;
    const own = { noun: "demand", case: id };
    const on = (state: CaseState): Act => {
      const heads: Heads = (ref) => (ref.case === id ? { act: 1, transaction: id, next: 2, state } : fork.head(ref));
      const actor = actorOf(user.identity.creator) ?? expect.fail("no officer");
      const { basis } = planCommand(withdrawDemand(id), actor, heads, RELEASED);
      return decide({ ...own, type: "withdraw", body: {}, basis }, heads, actor, id, RELEASED).act;
    };
    const honest = fork.forge(user, (made) => ({ [CHAINCODE]: writesOf(on(published.state), made) }));
    const worse = { ...on(published.state), number: 3, state: { ...published.state, status: "matched" } };
    const altered = fork.forge(user, (made) => ({ [CHAINCODE]: writesOf(worse, made) }));
    for (const { envelope } of [forged, honest, altered]) fork.append([{ envelope, code: 0 }]);
    return {
      envelopes: [forged, honest, altered].map(({ transactionId }) => transactionId),
      blocks: fork.blocks.slice(-3).map(readBlock),
    };
  }

  it("gives the heads that its fold had, also from its tables", async () => {
    await catchUp();
    const remembered = await projection.heads.head({ noun: "demand", case: demand });
    await db.destroy();
    await reopen();
    expect(await projection.heads.head({ noun: "demand", case: demand })).to.deep.equal(remembered);
    expect(remembered).to.deep.equal(ledger.head({ noun: "demand", case: demand }));
  });

  it("goes on after a restart at any block with the result of one run", async () => {
    await catchUp();
    const whole = await digestProjection(db);
    await db.destroy();
    await resetDerived({ directory, url: undefined });
    await reopen();
    for (const bytes of ledger.blocks) {
      await projection.take(readBlock(bytes));
      await db.destroy();
      await reopen();
    }
    expect(await digestProjection(db)).to.deep.equal(whole);
  });

  it("writes a block whole or not at all, and takes it again", async () => {
    await catchUp();
    const whole = await digestProjection(db);
    await db.destroy();
    await resetDerived({ directory, url: undefined });
    await reopen();
    for (const bytes of ledger.blocks) {
      const block = readBlock(bytes);
      // The last statement of a block's SQL transaction fails, as a full disk would make it.
      await sql`create trigger full before insert on checkpoint begin select raise(abort, 'disk full'); end`.execute(
        db,
      );
      let refused: unknown;
      await projection.take(block).catch((error: unknown) => {
        refused = error;
      });
      expect(String(refused)).to.contain("disk full");
      expect(projection.height).to.equal(block.number);
      await sql`drop trigger full`.execute(db);
      await projection.take(block);
    }
    expect(await digestProjection(db)).to.deep.equal(whole);
  });

  it("takes blocks in together with the result of one by one, also where they had to be written twice", async () => {
    await catchUp();
    const whole = await digestProjection(db);
    const { alarms } = projection;
    expect(alarms).to.equal(1);
    for (const together of [2, 3, ledger.blocks.length]) {
      await db.destroy();
      await resetDerived({ directory, url: undefined });
      await reopen();
      for (let at = 0; at < ledger.blocks.length; at += together) {
        const blocks = ledger.blocks.slice(at, at + together).map(readBlock);
        await sql`create trigger full before insert on checkpoint begin select raise(abort, 'disk full'); end`.execute(
          db,
        );
        const refused = await projection.takeAll(blocks).catch(String);
        expect(refused).to.contain("disk full");
        expect(projection.height).to.equal(BigInt(at));
        await sql`drop trigger full`.execute(db);
        expect(await projection.takeAll(blocks)).to.have.length(blocks.length);
      }
      expect(await digestProjection(db), `${together} together`).to.deep.equal(whole);
      expect(projection.alarms).to.equal(alarms);
    }
  });

  it("takes in what stands before a block that it cannot judge, and says why not that one", async () => {
    await catchUp();
    const heights = [2, 4, ledger.blocks.length - 1];
    for (const lacking of heights) {
      await db.destroy();
      await resetDerived({ directory, url: undefined });
      db = await openDatabase({ directory, url: undefined });
      projection = await Projection.open(db, CHANNEL, CHAINCODE, RELEASED);
      const blocks = ledger.blocks.map(readBlock);
      // As if the policy in force named, from that block on, a version of the model that this software lacks.
      const unknown = () => {
        throw new LedgerError("UNKNOWN_MODEL", "model 2 is not here");
      };
      const withheld = blocks.map((block, at) =>
        at < lacking
          ? block
          : {
              ...block,
              get envelopes() {
                return unknown();
              },
            },
      );
      expect(await projection.takeAll(withheld)).to.have.length(lacking);
      expect(projection.height).to.equal(BigInt(lacking));
      const refused: unknown = await projection.takeAll(withheld.slice(lacking)).catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(LedgerError).with.property("code", "UNKNOWN_MODEL");
      expect(projection.height).to.equal(BigInt(lacking));
    }
  });

  it("refuses a block out of turn", async () => {
    const [, second] = ledger.blocks;
    let refused: unknown;
    await projection.take(readBlock(second ?? expect.fail("no block"))).catch((error: unknown) => {
      refused = error;
    });
    expect(refused).to.be.instanceOf(RangeError);
  });

  it("keeps the node's own tables when the derived ones are thrown away", async () => {
    await db
      .insertInto("local.read_marks")
      .values({ noun: "demand", case_id: demand, number: 1, officer: "1", time: "2026-03-02T01:00:00Z" })
      .execute();
    await db.destroy();
    await resetDerived({ directory, url: undefined });
    await reopen();
    expect(projection.height).to.equal(0n);
    expect(await db.selectFrom("local.read_marks").selectAll().execute()).to.have.length(1);
  });

  it("opens after a kill that left the library's lock behind", async () => {
    await catchUp();
    await db.destroy();
    for (const name of ["projection.db", "local.db"]) await mkdir(join(directory, `${name}.lock`));
    await reopen();
    expect(projection.height).to.equal(BigInt(ledger.blocks.length));
  });

  it("makes a damaged projection anew, and refuses to go on without its own tables", async () => {
    await catchUp();
    await db
      .insertInto("local.read_marks")
      .values({ noun: "demand", case_id: demand, number: 1, officer: "1", time: "2026-03-02T01:00:00Z" })
      .execute();
    await db.destroy();
    await writeFile(join(directory, "projection.db"), "x".repeat(10_000));
    await reopen();
    expect(projection.height).to.equal(0n);
    expect(await db.selectFrom("local.read_marks").selectAll().execute()).to.have.length(1);
    await db.destroy();
    await writeFile(join(directory, "local.db"), "x".repeat(10_000));
    let refused: unknown;
    await openDatabase({ directory, url: undefined }).catch((error: unknown) => {
      refused = error;
    });
    expect(String(refused)).to.match(/local\.db is damaged: .*restore it from a backup/);
    await rm(join(directory, "local.db"));
    await reopen();
  });

  it("is the same in PostgreSQL, row for row", async function () {
    this.timeout(60_000); // a database server is made for it
    const programs = postgresPrograms();
    if (programs === undefined) this.skip();
    await catchUp();
    const server = await startPostgres(programs);
    try {
      const location = { directory, url: server.url };
      const other = await openDatabase(location);
      const otherProjection = await Projection.open(other, CHANNEL, CHAINCODE, RELEASED);
      for (const bytes of ledger.blocks) await otherProjection.take(readBlock(bytes));
      expect(await digestProjection(other)).to.deep.equal(await digestProjection(db));
      await other.destroy();
      await resetDerived(location);
      const empty = await openDatabase(location);
      expect((await Projection.open(empty, CHANNEL, CHAINCODE, RELEASED)).height).to.equal(0n);
      await empty.destroy();
    } finally {
      await server.stop();
    }
  });
});
