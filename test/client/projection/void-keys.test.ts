import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBlock } from "@wanlian/client/ledger/block.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import type { NodeDatabase } from "@wanlian/client/projection/database/schema.js";
import { Projection } from "@wanlian/client/projection/projection.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import { encodeActKey } from "@wanlian/model/kernel/key.js";
import { RELEASED } from "@wanlian/model/models.js";
import { expect } from "chai";
import type { Kysely } from "kysely";
import { CHAINCODE, CHANNEL, publishDemand, TestLedger, type TestOfficer } from "../test-ledger.js";
import { CountedWork } from "./counted-work.js";

const FEW = 100;
const TIMES = 8;

type Keys = (count: number, id: TransactionId) => readonly string[];

/** Counted, not timed: statements asked of the database and rows read from it. */
describe("what void keys cost a node", function () {
  this.timeout(60_000);
  let ledger: TestLedger;
  let user: TestOfficer;
  let directory: string;
  let db: Kysely<NodeDatabase>;
  let work: CountedWork;
  let projection: Projection;
  let demand: string;
  let serial = 0;
  /** The last number of the demand's case that was used. */
  let next = 1;

  before(async () => {
    ledger = await TestLedger.opened();
    user = await ledger.officer("CivilMSP", "1001", "user");
    const made = await ledger.make(user, publishDemand("births"));
    demand = made.transactionId;
    ledger.appendValid(made);
    directory = await mkdtemp(join(tmpdir(), "wanlian-void-keys-"));
    db = await openDatabase({ directory, url: undefined });
    work = new CountedWork();
    projection = await Projection.open(db.withPlugin(work), CHANNEL, CHAINCODE, RELEASED);
    await catchUp();
  });

  after(async () => {
    await db.destroy();
    await ledger.remove();
    await rm(directory, { recursive: true, force: true });
  });

  async function catchUp(): Promise<{ readonly statements: number; readonly rows: number }> {
    work.take();
    for (const bytes of ledger.blocks.slice(Number(projection.height))) await projection.take(readBlock(bytes));
    return work.take();
  }

  const numbers: Keys = (count, id) =>
    Array.from({ length: count }, () => {
      next += 1;
      return encodeActKey({ noun: "demand", case: demand, number: next }, id);
    });
  const cases: Keys = (count, id) =>
    Array.from({ length: count }, () => {
      serial += 1;
      return encodeActKey({ noun: "dataset", case: `CivilMSP/foreign-${serial}`, number: 1 }, id);
    });

  async function costOf(keys: Keys, count: number) {
    const { envelope } = ledger.forge(user, (id) => ({
      [CHAINCODE]: { writes: keys(count, id).map((key) => ({ key, value: Buffer.from("x") })) },
    }));
    ledger.append([{ envelope, code: 0 }]);
    return catchUp();
  }

  for (const [what, keys] of [
    ["numbers of one case", numbers],
    ["cases of their own", cases],
  ] as const) {
    it(`of ${what}, each costs what one costs, however many there are`, async () => {
      await costOf(keys, 1);
      const few = await costOf(keys, FEW);
      const many = await costOf(keys, FEW * TIMES);
      expect(many.statements, "statements").to.be.at.most(few.statements * TIMES);
      expect(many.rows, "rows read").to.be.at.most((few.rows + 1) * TIMES);
    });
  }

  it("is nothing to the acts that follow", async () => {
    const file = async () => {
      ledger.appendValid(await ledger.make(user, publishDemand("after")));
      return catchUp();
    };
    const before = await file();
    await costOf(cases, FEW * TIMES);
    const after = await file();
    expect(after.statements).to.be.at.most(before.statements);
    expect(after.rows).to.be.at.most(before.rows);
    // The case goes on, past all of the numbers that follow its last act.
    const head = await projection.heads.head({ noun: "demand", case: demand });
    expect(head).to.include({ act: 1, next: next + 1 });
  });
});
