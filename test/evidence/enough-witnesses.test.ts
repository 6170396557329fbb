import type { MspId } from "@wanlian/model/identifiers.js";
import type { EvidenceFile } from "@wanlian/verify/evidence-file.js";
import type { StepName } from "@wanlian/verify/step.js";
import { verifyEvidence } from "@wanlian/verify/verify.js";
import { expect } from "chai";
import { TestLedger } from "../client/test-ledger.js";
import { BUREAU, CONSUMER, OPENING, PROVIDER } from "../exchange/exchange-world.js";
import { EvidenceWorld } from "./evidence-world.js";

/** Departments that have no part in the access, beside the bureau. */
const OTHERS = ["HealthMSP" as MspId, "StatisticsMSP" as MspId];

/** Five departments: their policy asks for a majority, three; the channel's configuration, which is behind, for two. */
describe("evidence on a channel whose policy asks for more departments than its configuration", () => {
  let world: EvidenceWorld;
  let genuine: EvidenceFile;
  before(async function () {
    this.timeout(60_000);
    const founders = [BUREAU, PROVIDER, CONSUMER, ...OTHERS];
    const ledger = await TestLedger.create(founders, 2);
    await ledger.open({ ...OPENING, founders });
    world = await EvidenceWorld.make({ ledger: async () => ledger });
    const signed = await world.lookUp(await world.exchange.grant(["code", "name"]));
    await world.witness();
    for (const other of OTHERS) await world.beginsAndAnchors(other);
    await world.exchange.bureau.catchUp();
    genuine = await world.evidence(signed);
    await ledger.remove();
  });
  after(() => world.remove());

  const witnessedBy = (count: number): EvidenceFile => ({
    ...genuine,
    witnesses: genuine.witnesses.slice(0, count),
    leaves: genuine.leaves.map((leaf) => ({ ...leaf, inclusions: leaf.inclusions.slice(0, count) })),
  });
  const table: [count: number, verdict: string, lacking: StepName | undefined, why: string][] = [
    [3, "proven", undefined, ""],
    [2, "notProven", "policy", "it takes 3 departments that are no party, and the file has 2"],
    [1, "notProven", "witnesses", "it takes 2 departments that are no party, and the file has 1"],
  ];
  for (const [count, expected, lacking, why] of table) {
    it(`witnessed by ${count} comes to: ${expected}`, async () => {
      const { verdict, steps } = await verifyEvidence(witnessedBy(count), world.trust);
      const first = steps.find(({ outcome }) => outcome === "notProven" || outcome === "fails");
      expect(verdict, JSON.stringify(steps, null, 1)).to.equal(expected);
      expect([first?.name, first?.text.en ?? ""]).to.deep.equal([lacking, why]);
    });
  }
});
