import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { VALIDATION_PARAMETER } from "@wanlian/model/kernel/seal.js";
import { broadcast } from "@wanlian/network/administration/calls/orderer.js";
import { Envelope } from "@wanlian/protocol/messages/common.js";
import { expect } from "chai";
import { isAvailable } from "../pilot/networks.js";
import { PILOT_START_MS } from "../pilot/shared.js";
import { RunningPilot } from "../pilot/shared-pilot.js";
import { Attacker } from "./attacker.js";
import { forge } from "./forge.js";

const KEY = "a key that nobody else has";
/** No protobuf message: a tag of field 31 whose length never ends. */
const UNDECODABLE = Buffer.from([0xfa, 0xff, 0xff]);
/** What a peer says when it goes no further (gossip/state/state.go). */
const STOPPED = /Aborting chain processing/;
const POLL_MS = 200;

/**
 * Trust, row "k or more departments together": what they can do to Fabric itself. A key policy that cannot be decoded,
 * then a write to its key, and every peer stops at that block rather than risk a fork: a fault of Fabric's that no
 * contract and no node can keep from a channel. What the documents say of it is what is shown here. The network is the
 * test's own, since nothing happens on its channel any more.
 */
for (const consensus of ["raft", "bft"] as const) {
  const register = isAvailable(consensus) ? describe : describe.skip;
  register(`attacks › halting every peer (${consensus})`, function () {
    this.timeout(PILOT_START_MS);
    let pilot: RunningPilot;

    before(async () => {
      pilot = await RunningPilot.start({ departments: 3, consensus });
      await pilot.open();
    });

    after(() => pilot.remove());

    it("k departments can, by a key policy that cannot be decoded and a write to its key", async () => {
      const [first = "", second = ""] = pilot.mspIds;
      const attacker = new Attacker(pilot);
      const { identity } = await attacker.officer(second, "steward");
      const { channel, contracts } = pilot.topology;
      const poisoned = {
        writes: [{ key: KEY, value: Buffer.from("1") }],
        metadataWrites: [{ key: KEY, entries: [{ name: VALIDATION_PARAMETER, value: UNDECODABLE }] }],
      };
      const fate = await attacker.write(identity, [first, second], poisoned);
      expect(fate.code, "Fabric looks at no policy that is written").to.equal("VALID");
      await pilot.foldedEverywhere(fate.block);
      const { envelope } = forge({
        ...{ channel, chaincode: contracts.name, creator: identity, args: ["altered"] },
        endorsers: await Promise.all([first, second].map((mspId) => attacker.peerKey(mspId))),
        sets: { [contracts.name]: { writes: [{ key: KEY, value: Buffer.from("2") }] } },
      });
      const { orderers, connections } = pilot.network;
      await broadcast(Envelope.decode(envelope), orderers, connections, "all");
      for (const mspId of pilot.mspIds) await saysThatItStopped(mspId);
    });

    async function saysThatItStopped(mspId: string): Promise<void> {
      const file = pilot.pilot.processes.logFile(`peer-${mspId}-peer0`);
      while (!STOPPED.test(await readFile(file, "utf8"))) await delay(POLL_MS);
    }
  });
}
