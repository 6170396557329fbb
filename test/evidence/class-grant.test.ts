import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { EvidenceFile } from "@wanlian/verify/evidence-file.js";
import type { SignedRecord } from "@wanlian/verify/records/access-record.js";
import { verifyEvidence } from "@wanlian/verify/verify.js";
import { expect } from "chai";
import { kindsOf, makeAuditor, type TestAuditor } from "../audit/audit-world.js";
import { type Beside, besides, entryIn, grantOfClass } from "../exchange/class-grant.js";
import { PROVIDER } from "../exchange/exchange-world.js";
import { EvidenceWorld } from "./evidence-world.js";

/** One authorization, many datasets: gateway, auditor and verifier go by one rule, and by the catalogue as it stood. */
describe("accesses under a blanket authorization for a class", () => {
  let world: EvidenceWorld;
  let auditor: TestAuditor;
  let grant: TransactionId;
  let towns: Beside;
  let people: Beside;
  let streets: Beside;
  let served: SignedRecord;
  let moved: SignedRecord;
  let lied: SignedRecord;
  before(async function () {
    this.timeout(60_000);
    world = await EvidenceWorld.make({ model: 2 });
    const { exchange } = world;
    await exchange.conditional();
    towns = await besides(exchange, "towns", ["base", "divisions"]);
    people = await besides(exchange, "people", ["people"]);
    grant = await grantOfClass(exchange);
    await passed("2026-03-02T01:05:00Z");
    streets = await besides(exchange, "streets", ["base"]);
    served = await asked(towns);
    const { code: _, ...body } = { ...entryIn("towns", ["people"]), changes: "moved" };
    const { view } = exchange.provider;
    const before = (await view.head("dataset", towns.dataset)) ?? expect.fail("no dataset");
    await exchange.act(exchange.steward, { noun: "dataset", case: towns.dataset, type: "revise", body });
    moved = await asked(towns);
    // A provider whose altered node takes the dataset to stand where it stood.
    view.pretended.set(towns.dataset, before);
    lied = await asked(towns);
    view.pretended.clear();
    auditor = await makeAuditor(exchange, "7001");
    await world.witness();
  });
  after(() => world.remove());

  async function passed(time: string) {
    const node = await world.exchange.ledger.officer("BureauMSP", "9000", "node");
    await world.exchange.act(node, { noun: "clock", case: "clock", type: "tick", body: { time } });
  }
  const asked = ({ dataset, release }: Beside, more: object = {}) =>
    world.lookUp(grant, { dataset, release, fields: ["code", "id"], ...more });
  const outcome = ({ record }: SignedRecord) => ("reason" in record ? record.reason : record.result);
  const stepsOf = async (file: EvidenceFile) => {
    const { verdict, steps } = await verifyEvidence(file, world.trust);
    const step = (name: string) => steps.find((one) => one.name === name) ?? expect.fail(`no step ${name}`);
    return { verdict, grant: step("grant"), stood: step("grantStood"), all: steps };
  };

  it("are served of the class's datasets, and refused of any other, whatever the consumer says it is", async () => {
    expect(outcome(served)).to.equal("served");
    expect(outcome(moved), "moved to another category").to.equal("OUTSIDE_CLASS");
    expect(outcome(await asked(people)), "another category").to.equal("OUTSIDE_CLASS");
    expect(outcome(await asked(streets)), "joined later").to.equal("OUTSIDE_CLASS");
    // The consumer names a dataset of the class, and the release of one that is not.
    const { release } = people;
    expect(outcome(await asked(streets, { release })), "another's release").to.equal("OUTSIDE_CLASS");
    expect(outcome(await world.lookUp(grant, { release })), "beside the dataset named").to.equal("UNKNOWN_RELEASE");
  });

  it("cover what joined later where the authorization says so", async () => {
    const wider = await grantOfClass(world.exchange, { later: "included" });
    const { dataset, release } = await besides(world.exchange, "lanes", ["base"]);
    expect(outcome(await world.lookUp(wider, { dataset, release, fields: ["id"] }))).to.equal("served");
    const narrow = await grantOfClass(world.exchange, { later: "included", extent: "namedFields" });
    expect(outcome(await world.lookUp(narrow, { dataset, release, fields: ["id"] }))).to.equal("FIELD_NOT_GRANTED");
    expect(outcome(await world.lookUp(narrow, { dataset, release, fields: ["name"] }))).to.equal("served");
  });

  it("are proven with the catalogue entry as it stood, in words that name the class", async () => {
    const file = await world.evidence(served);
    expect(file.cases.map(({ noun }) => noun)).to.include("dataset");
    const { verdict, grant, stood, all } = await stepsOf(file);
    expect(verdict, JSON.stringify(all, null, 1)).to.equal("proven");
    expect(grant.text.en).to.contain(`of a class covers the datasets of "base" up to grade 2`);
    expect(grant.text.zh).to.contain("整类授权").and.contain("base").and.contain(towns.dataset);
    expect(stood.text.en).to.contain("catalogue entry");
    expect(stood.text.zh).to.contain("目录条目");
  });

  it("are not proven without that entry, nor by another's", async () => {
    const file = await world.evidence(served);
    const without = { ...file, cases: file.cases.filter(({ noun }) => noun !== "dataset") };
    expect((await stepsOf(without)).verdict).to.equal("notProven");
    const other = await world.parts.db
      .selectFrom("acts")
      .select(["transaction_id", "block"])
      .where("noun", "=", "dataset")
      .where("case_id", "=", streets.dataset)
      .executeTakeFirstOrThrow();
    const act = { transaction: other.transaction_id as TransactionId, block: Number(other.block) };
    const swapped = file.cases.map((one) => (one.noun === "dataset" ? { ...one, act } : one));
    expect((await stepsOf({ ...file, cases: swapped })).verdict).not.to.equal("proven");
  });

  it("are refuted where the provider served a dataset that had left the class", async () => {
    expect(outcome(lied)).to.equal("served");
    const { verdict, grant } = await stepsOf(await world.evidence(lied));
    expect(verdict).to.equal("refuted");
    expect(grant.text.en).to.equal("the grant does not cover it: dataset outside the granted class");
    expect(grant.text.zh).to.equal("授权不涵盖此次调用：整类授权不涵盖此数据资源");
  });

  it("are found by an auditor: the one that was served outside the class, and no other", async () => {
    const found = (await auditor.run()).findings.filter(({ kind }) => kind === "NOT_GRANTED");
    expect(kindsOf({ findings: found })).to.deep.equal([`NOT_GRANTED ${PROVIDER}`]);
  });
});
