import { fileURLToPath } from "node:url";
import { TxValidationCode } from "@wanlian/protocol/messages/transaction.js";
import { standInForContracts } from "@wanlian/scripts/host/stand-in-contracts.js";
import { runStory } from "@wanlian/scripts/story/run.js";
import { expect } from "chai";
import { summaryOf } from "./agreement.js";
import { submitConflicting } from "./conflicting-load.js";
import { type Follower, followAsEmbedded, followAsFabric } from "./follower.js";
import { isAvailable, NETWORKS } from "./networks.js";
import { PILOT_START_MS } from "./shared.js";
import { RunningPilot } from "./shared-pilot.js";

const BUREAU = "BureauMSP";
const TRANSACTIONS = 2_000;
const PROBE = fileURLToPath(new URL("../network/peer/chaincode.js", import.meta.url));

for (const consensus of NETWORKS) {
  const peer =
    consensus === "embedded" ? "a peer of Fabric's on the embedded network" : `an embedded peer on ${consensus}`;
  describe(`pilot › ${peer} (FABRIC_BIN)`, function () {
    this.timeout(2 * PILOT_START_MS);
    let pilot: RunningPilot;
    let follower: Follower;

    before(async function () {
      if (!process.env.FABRIC_BIN || !isAvailable(consensus)) return this.skip();
      pilot = await RunningPilot.start({ departments: 3, consensus });
      follower = await (consensus === "embedded" ? followAsFabric : followAsEmbedded)(pilot, BUREAU);
    });

    after(async () => {
      await follower?.close();
      await pilot?.remove();
    });

    it("follows the whole story from the genesis block, with the same codes and commit hashes", async () => {
      await runStory(pilot.pilot, "en", () => undefined);
      const { height } = await pilot.peer(BUREAU).info(pilot.topology.channel);
      expect(Number(height)).to.be.greaterThan(40);
      await expectAgreement(0n, height);
    });

    it(`follows ${TRANSACTIONS} transactions with conflicts likewise`, async () => {
      const { height } = await pilot.peer(BUREAU).info(pilot.topology.channel);
      await standInForContracts(pilot.pilot, PROBE);
      const { codes, lastBlock } = await submitConflicting(pilot, TRANSACTIONS);
      const { VALID, MVCC_READ_CONFLICT, PHANTOM_READ_CONFLICT, ENDORSEMENT_POLICY_FAILURE } = TxValidationCode;
      expect([...codes.keys()], "one of each kind at least").to.include.members([
        VALID,
        MVCC_READ_CONFLICT,
        PHANTOM_READ_CONFLICT,
        ENDORSEMENT_POLICY_FAILURE,
      ]);
      await expectAgreement(height, lastBlock + 1n);
    });

    async function expectAgreement(from: bigint, to: bigint): Promise<void> {
      for (let number = from; number < to; number += 1n) {
        const own = await pilot.peer(BUREAU).block(pilot.topology.channel, number);
        expect(summaryOf(await follower.block(number)), `block ${number}`).to.deep.equal(summaryOf(own));
      }
    }
  });
}
