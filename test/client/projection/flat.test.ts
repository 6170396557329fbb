import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBlock } from "@wanlian/client/ledger/block.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import type { NodeDatabase } from "@wanlian/client/projection/database/schema.js";
import { Projection } from "@wanlian/client/projection/projection.js";
import { RELEASED } from "@wanlian/model/models.js";
import { CityActs } from "@wanlian/scripts/bench/fold/city-acts.js";
import { CHAINCODE, CHANNEL, PaperLedger } from "@wanlian/scripts/bench/fold/paper-ledger.js";
import { makeConsortium } from "@wanlian/scripts/bench/ledger/consortium.js";
import { expect } from "chai";
import { CompiledQuery, type Kysely } from "kysely";
import { CountedWork } from "./counted-work.js";

/** Acts at a time; the ledger becomes eight times as long. */
const MEASURED = 80;
const PERIODS = 8;

describe("what an act costs a node", function () {
  this.timeout(120_000);
  let directory: string;
  let db: Kysely<NodeDatabase>;
  let work: CountedWork;
  let projection: Projection;
  let city: CityActs;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-flat-"));
    const consortium = await makeConsortium(directory);
    const departments = [...consortium.organisations.keys()].slice(0, 3);
    const ledger = await PaperLedger.create(consortium, departments.slice(0, 2));
    city = new CityActs(ledger, departments);
    db = await openDatabase({ directory, url: undefined });
    work = new CountedWork();
    projection = await Projection.open(db.withPlugin(work), CHANNEL, CHAINCODE, RELEASED);
    await projection.take(readBlock(ledger.genesis(consortium)));
    for (const block of await city.open()) await projection.take(readBlock(block));
    // What is asked once, when a node starts, may cost what there is.
    work.nodes.length = 0;
  });

  after(async () => {
    await db.destroy();
    await rm(directory, { recursive: true });
  });

  /** Folds some more rounds of what departments file. @returns what was asked of the database, an act */
  async function costOf(acts: number, blocksAtOnce: number) {
    work.take();
    const blocks = [];
    while (blocks.length < acts) blocks.push(...(await city.round()).map(readBlock));
    for (let at = 0; at < blocks.length; at += blocksAtOnce) {
      for (const { transactions } of await projection.takeAll(blocks.slice(at, at + blocksAtOnce))) {
        for (const { judged } of transactions) expect(judged).to.have.property("counted", true);
      }
    }
    const { statements, rows } = work.take();
    return { statements: statements / blocks.length, rows: rows / blocks.length };
  }

  it("does not grow with the ledger, in statements and in rows that are read", async () => {
    const costs = [];
    for (let period = 0; period < PERIODS; period += 1) costs.push(await costOf(MEASURED, 1));
    const [first, last] = [costs[0], costs.at(-1)];
    if (first === undefined || last === undefined) return expect.fail("nothing was measured");
    expect(last.statements, "statements an act").to.be.lessThan(first.statements * 1.25);
    expect(last.rows, "rows read for an act").to.be.lessThan(first.rows * 1.25 + 1);
  });

  it("is a fraction of a statement each where a node is behind", async () => {
    const { statements: alone } = await costOf(MEASURED, 1);
    const { statements: together } = await costOf(MEASURED, MEASURED);
    expect(together).to.be.lessThan(alone / 5);
  });

  it("is a matter of single cases: nothing is looked for among all of them", async () => {
    const executor = db.getExecutor();
    const compiled = new Map(
      work.nodes
        .filter(({ kind }) => kind !== "InsertQueryNode" && kind !== "RawNode")
        .map((node) => executor.compileQuery(node as never, { queryId: "plan" }))
        .map((query) => [query.sql, query] as const),
    );
    expect(compiled.size, "questions that were asked").to.be.greaterThan(3);
    for (const { sql, parameters } of compiled.values()) {
      const plan = await db.executeQuery<{ detail: string }>(
        CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
      );
      for (const { detail } of plan.rows)
        expect(detail, sql).to.match(/^SEARCH .*\(noun=\? AND case_id=\?|^LIST SUBQUERY/);
    }
  });
});
