import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBlock } from "@wanlian/client/ledger/block.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import type { NodeDatabase } from "@wanlian/client/projection/database/schema.js";
import { Projection } from "@wanlian/client/projection/projection.js";
import { NodeLedger } from "@wanlian/client/read/node-ledger.js";
import type { Model } from "@wanlian/model/kernel/model.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import { model2 } from "@wanlian/model/model-2/model.js";
import { ModelVersions } from "@wanlian/model/models.js";
import { expect } from "chai";
import type { Kysely } from "kysely";
import { CHAINCODE, CHANNEL, openPolicy, publishDemand, TestLedger, tick } from "../test-ledger.js";

/** Reads a policy in a way of its own, so that it shows which version was asked. */
const later: Model = {
  ...model2,
  reading: {
    ...model1.reading,
    policy: (state, time) => ({ ...model1.reading.policy(state, time), profile: "later" }),
  },
};

describe("a channel that goes on to another version of the rules", () => {
  let ledger: TestLedger;
  /** The number of the block that puts version 2 in force. */
  let day: number;
  const opened: { directory: string; db: Kysely<NodeDatabase> }[] = [];

  before(async () => {
    ledger = await TestLedger.opened();
    const bureau = await ledger.officer("BureauMSP", "9001", "administrator");
    const node = await ledger.officer("BureauMSP", "9000", "node");
    const user = await ledger.officer("CivilMSP", "3001", "user");
    const {
      calendar: _calendar,
      bureau: _bureau,
      founders: _founders,
      demo: _demo,
      opened: _opened,
      ...rules
    } = openPolicy().body as Record<string, unknown>;
    const body = { ...rules, model: 2, from: "2026-03-03" };
    ledger.appendValid(await ledger.make(bureau, { noun: "policy", case: "policy", type: "amend", body }));
    ledger.appendValid(await ledger.make(user, publishDemand("before the day")));
    day = Number(ledger.appendValid(await ledger.make(node, { ...tick("2026-03-03T01:00:00Z"), case: "clock" })));
    ledger.appendValid(await ledger.make(user, publishDemand("after the day")));
  });
  after(async () => {
    for (const { db, directory } of opened) {
      await db.destroy();
      await rm(directory, { recursive: true, force: true });
    }
    await ledger.remove();
  });

  async function nodeWith(models: ModelVersions) {
    const directory = await mkdtemp(join(tmpdir(), "wanlian-versions-"));
    const db = await openDatabase({ directory, url: undefined });
    opened.push({ directory, db });
    const projection = await Projection.open(db, CHANNEL, CHAINCODE, models);
    return { db, projection, blocks: ledger.blocks.map((block) => readBlock(block)) };
  }

  it("is read at each place by the version in force there, and its acts say which one gave them", async () => {
    const models = new ModelVersions(model1, later);
    const { db, projection, blocks } = await nodeWith(models);
    await projection.takeAll(blocks);
    const { watch, height, hash: blockHash } = projection;
    const services = {
      models,
      model: () => models.offered(projection.watch.policy, projection.watch.time).model,
      head: async () => expect.fail("not asked"),
      folded: async () => undefined,
    };
    const reader = new NodeLedger(
      { ...services, status: () => ({ height, blockHash, ledgerTime: watch.time, ready: true }) },
      db,
    );
    const profiles = await Promise.all([day, day + 1].map(async (at) => (await reader.rulesAt(at))?.policy.profile));
    expect(profiles).to.deep.equal(["test", "later"]);
    const acts = await db.selectFrom("acts").select(["block", "model"]).orderBy("block").execute();
    expect(acts.filter(({ model }) => model === 2).map(({ block }) => Number(block))).to.deep.equal([day + 1]);
  });

  it("is followed up to that day by software that lacks it, which stops then with a clear word", async () => {
    const { projection, blocks } = await nodeWith(new ModelVersions(model1));
    for (const block of blocks.slice(0, day + 1)) await projection.take(block);
    const stopped = await projection.take(blocks[day + 1] ?? expect.fail("nothing came after")).catch((error) => error);
    expect(stopped).to.include({ code: "UNKNOWN_MODEL", message: "this software has no model 2; upgrade it" });
    expect(Number(projection.height), "what it took in stays").to.equal(day + 1);
  });
});
