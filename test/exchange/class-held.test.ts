import { listGrants } from "@wanlian/client/api/reading/catalogue.js";
import { coveredBy, fieldsGranted } from "@wanlian/client/api/reading/covered.js";
import { LedgerThen } from "@wanlian/client/calls/ledger-then.js";
import { GrantHolders } from "@wanlian/client/projection/grant-holders.js";
import type { DatasetId, Instant, TransactionId } from "@wanlian/model/identifiers.js";
import { model2 } from "@wanlian/model/model-2/model.js";
import type { CallFacts } from "@wanlian/verify/records/platform-call.js";
import { expect } from "chai";
import { type Beside, besides, entryIn, grantOfClass } from "./class-grant.js";
import {
  BUREAU,
  CONSUMER,
  DATASET,
  type ExchangeWorld,
  makeExchangeWorld,
  PROVIDER,
  passTime,
} from "./exchange-world.js";

/** Whoever looks for grants on a dataset finds those of a class that has it. */
describe("a grant for a class, looked for by dataset", () => {
  let world: ExchangeWorld;
  let grant: TransactionId;
  let towns: Beside;
  let people: Beside;
  before(async () => {
    world = await makeExchangeWorld({ model: 2 });
    await world.conditional();
    towns = await besides(world, "towns", ["base", "divisions"]);
    people = await besides(world, "people", ["people"]);
    grant = await grantOfClass(world);
    await passTime(world, "2026-03-02T02:00:00Z");
  });
  after(() => world.remove());

  const db = () => world.provider.exchange.options.db;
  const listed = async (dataset: DatasetId) =>
    (await listGrants(db(), dataset, {}, "2026-03-02T02:00:00Z", model2.reading)).items.map(({ case: id }) => id);

  it("is among the grants of each of its datasets, and of no other", async () => {
    expect(await listed(DATASET)).to.deep.equal([grant]);
    expect(await listed(towns.dataset)).to.deep.equal([grant]);
    expect(await listed(people.dataset)).to.deep.equal([]);
  });

  it("says which datasets it covers, the one that it names first, with the fields of each", async () => {
    const state = (await world.provider.view.honest.head("application", grant))?.state ?? expect.fail("no grant");
    expect(await coveredBy(db(), state, model2.reading)).to.deep.equal([
      { dataset: DATASET, name: "administrative divisions", fields: ["code", "name"] },
      { dataset: towns.dataset, name: "towns", fields: ["code", "name", "id", "note"] },
    ]);
    const { dataset } = people;
    const read = model2.reading.application(state);
    expect(
      fieldsGranted({ ...read, grant: { ...read.grant, ofClass: undefined } as never }, dataset, ["code", "id"]),
      "named alike",
    ).to.deep.equal(["code"]);
  });

  it("tells its holder of what happens to them, the act included that takes one out of the class", async () => {
    const told = async (dataset: string) =>
      (
        await db()
          .selectFrom("notices")
          .select("number")
          .where("department", "=", CONSUMER)
          .where("noun", "=", "dataset")
          .where("case_id", "=", dataset)
          .orderBy("number")
          .execute()
      ).map(({ number }) => number);
    const move = async (category: readonly string[], changes: string) => {
      const { code: _, ...body } = { ...entryIn("towns", category), changes };
      await world.act(world.steward, { noun: "dataset", case: towns.dataset, type: "revise", body });
    };
    expect(await told(towns.dataset)).to.deep.equal([]);
    await move(["base", "divisions"], "other words");
    await move(["people"], "out of the class");
    await move(["people", "towns"], "no more of its business");
    expect(await told(towns.dataset)).to.deep.equal([2, 3]);
    expect(await told(people.dataset)).to.deep.equal([]);
  });

  it("is known alike to a node that starts again", async () => {
    const streets = await besides(world, "streets", ["base"]);
    const wider = await grantOfClass(world, { later: "included" });
    const known = async () => [...(await GrantHolders.load(db())).of(streets.dataset, model2.reading)];
    expect(await known()).to.deep.equal([CONSUMER]);
    await world.act(world.steward, {
      ...{ noun: "application", case: wider, type: "revoke" },
      body: { reasons: { digest: "ab".repeat(32) }, basis: "law" },
    });
    expect(await known()).to.deep.equal([]);
  });

  describe("by which a platform's calls are judged", () => {
    const facts = (dataset: DatasetId, more: Partial<CallFacts> = {}): CallFacts => ({
      ...{
        road: "platform",
        platform: "p",
        call: "1",
        time: "2026-03-02T01:30:00Z" as Instant,
        way: "lookup",
        rows: 1,
      },
      ...{ provider: PROVIDER, consumer: CONSUMER, dataset, result: "served", ...more },
    });
    const judged = async (of: CallFacts, details = {}) => {
      const then = new LedgerThen(db(), world.provider.view.honest);
      await then.refresh();
      const { checked, reason } = await then.judge(of, details);
      return [checked.grant, reason];
    };

    it("finds it for a dataset that was of the class at the call's time", async () => {
      expect(await judged(facts(towns.dataset))).to.deep.equal([grant, undefined]);
      expect(await judged(facts(DATASET))).to.deep.equal([grant, undefined]);
    });

    it("finds none for another dataset or consumer, and says why where the call names it", async () => {
      expect(await judged(facts(people.dataset))).to.deep.equal([undefined, "UNKNOWN_GRANT"]);
      expect(await judged(facts(people.dataset), { grant })).to.deep.equal([grant, "OUTSIDE_CLASS"]);
      expect(await judged(facts(towns.dataset, { consumer: BUREAU }))).to.deep.equal([undefined, "UNKNOWN_GRANT"]);
    });
  });
});
