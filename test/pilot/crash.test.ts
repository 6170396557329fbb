import { expect } from "chai";
import { conditionalEntry } from "../attacks/catalogue-entry.js";
import { disagreements, expectSameProjections } from "./agreement.js";
import { type AcknowledgedFiling, expectEachOnce, FilingLoad } from "./filing-load.js";
import { openedPilot, PILOT_START_MS } from "./shared.js";
import type { RunningPilot } from "./shared-pilot.js";

const VICTIM = "PoliceMSP";

/** What is killed; `alone`: whether only the department whose it is stands still meanwhile. */
const VICTIMS = [
  { title: "a peer", name: `peer-${VICTIM}-peer0`, alone: true },
  { title: "the orderer", name: "orderer-orderer0", alone: false },
  { title: "a contract process", name: `contracts-${VICTIM}-peer0`, alone: true },
  { title: "a department's node", name: `node-${VICTIM}`, alone: true },
] as const;

describe("pilot › kill -9 under load", function () {
  this.timeout(180_000);
  let pilot: RunningPilot;
  let dataset: string;
  const acknowledged: AcknowledgedFiling[] = [];

  before(async function () {
    this.timeout(PILOT_START_MS);
    pilot = await openedPilot();
    const steward = await pilot.desk("CivilMSP", "steward");
    const registered = await steward.file("datasets", conditionalEntry("crash"));
    dataset = registered.case;
    await pilot.foldedEverywhere(registered.block);
  });

  const others = () => pilot.mspIds.filter((mspId) => mspId !== VICTIM && mspId !== "CivilMSP");
  const applicants = () => [...others(), VICTIM];

  for (const { title, name, alone } of VICTIMS)
    it(`${title}: nothing acknowledged is lost, nothing is counted twice, and all go on`, async () => {
      const load = new FilingLoad(pilot, dataset, name, applicants());
      await load.acknowledgedMore(applicants(), 2);
      await pilot.kill(name);
      if (alone) await load.acknowledgedMore(others(), 2);
      await pilot.restart(name);
      await load.acknowledgedMore(applicants(), 2);
      await load.stop();
      acknowledged.push(...load.acknowledged);
      await expectEachOnce(pilot, dataset, acknowledged);
    });

  it("filed again with the same key, each is the same filing", async () => {
    const sample = acknowledged.filter((_, at) => at % 5 === 0);
    for (const { mspId, key, body, filed } of sample) {
      const desk = await pilot.desk(mspId, "user");
      expect(await desk.file("applications", body, key)).to.deep.equal(filed);
    }
    await expectEachOnce(pilot, dataset, acknowledged);
  });

  it("all peers agree block by block, in header and commit hash", async () => {
    expect(await disagreements(pilot)).to.deep.equal([]);
  });

  it("every node's projection equals every other's, and one made anew from block 0", async () => {
    await quietly(() => expectSameProjections(pilot, VICTIM));
  });

  /** Runs with all nodes stopped, and starts them again. */
  async function quietly(work: () => Promise<void>): Promise<void> {
    const nodes = pilot.mspIds.map((mspId) => `node-${mspId}`);
    await Promise.all(nodes.map((name) => pilot.stop(name)));
    try {
      await work();
    } finally {
      await Promise.all(nodes.map((name) => pilot.restart(name)));
    }
  }
});
