import { expect } from "chai";
import { conditionalEntry } from "../attacks/catalogue-entry.js";
import { checkProjection, disagreements } from "./agreement.js";
import { type AcknowledgedFiling, expectEachOnce, FilingLoad } from "./filing-load.js";
import { isAvailable } from "./networks.js";
import { PILOT_START_MS } from "./shared.js";
import { RunningPilot } from "./shared-pilot.js";

/** A Raft election takes ten seconds, a BFT view change twenty, and clients wait for both. */
const KILL_TIMEOUT_MS = 180_000;
const DEPARTMENTS = 4; // three of four endorse, so that one can be away

/** The process of this department is killed; the others' officers go on. */
const VICTIM = "PoliceMSP";
const OTHERS = ["BureauMSP", "HealthMSP"];

/** What is killed: each orderer in turn, so that the leader is among them, and one of every other kind. */
const VICTIMS = {
  raft: [...orderers(3), `peer-${VICTIM}-peer0`, `contracts-${VICTIM}-peer0`, `node-${VICTIM}`],
  bft: [...orderers(4), `peer-${VICTIM}-peer0`],
} as const;

for (const consensus of ["raft", "bft"] as const)
  describe(`${consensus} › kill -9 under load (FABRIC_BIN)`, function () {
    this.timeout(KILL_TIMEOUT_MS);
    let pilot: RunningPilot;
    let dataset: string;
    const acknowledged: AcknowledgedFiling[] = [];

    before(async function () {
      this.timeout(PILOT_START_MS);
      if (!isAvailable(consensus)) return this.skip();
      pilot = await RunningPilot.start({ departments: DEPARTMENTS, consensus });
      await pilot.open();
      const steward = await pilot.desk("CivilMSP", "steward");
      const registered = await steward.file("datasets", conditionalEntry("crash"));
      dataset = registered.case;
      await pilot.foldedEverywhere(registered.block);
    });

    after(() => pilot?.remove());

    for (const name of VICTIMS[consensus])
      it(`${name}: every filing is resolved, none is lost and none counts twice`, async () => {
        const load = new FilingLoad(pilot, dataset, name, [...OTHERS, VICTIM]);
        await load.acknowledgedMore(OTHERS, 1);
        await pilot.kill(name);
        await load.acknowledgedMore(OTHERS, 2);
        await pilot.restart(name);
        await load.acknowledgedMore([...OTHERS, VICTIM], 1);
        await load.stop();
        acknowledged.push(...load.acknowledged);
        await expectEachOnce(pilot, dataset, acknowledged);
      });

    it("all peers agree block by block, and every projection equals one made anew", async () => {
      expect(await disagreements(pilot)).to.deep.equal([]);
      for (const mspId of pilot.mspIds) {
        await pilot.stop(`node-${mspId}`);
        const { kept, rebuilt } = await checkProjection(pilot, mspId);
        expect(kept, mspId).to.deep.equal(rebuilt);
      }
    });
  });

function orderers(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `orderer-orderer${index}`);
}
