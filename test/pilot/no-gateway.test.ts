import type { LedgerConnector } from "@wanlian/client/ledger/connector.js";
import { FabricNetworkConnector } from "@wanlian/client/ledger/fabric-network/fabric-network-connector.js";
import { GatewayConnector } from "@wanlian/client/ledger/gateway/gateway-connector.js";
import type { LedgerLocation } from "@wanlian/client/ledger/peer-blocks.js";
import { type NodeConfig, readConfig } from "@wanlian/client/running/machine/config.js";
import { connectorOf, locationOf } from "@wanlian/client/running/start.js";
import type { Instant } from "@wanlian/model/identifiers.js";
import { addSeconds } from "@wanlian/model/time/instant.js";
import { TxValidationCode } from "@wanlian/protocol/messages/transaction.js";
import { basisOf } from "@wanlian/scripts/story/basis.js";
import { runStory } from "@wanlian/scripts/story/run.js";
import { expect } from "chai";
import { isAvailable } from "./networks.js";
import { PILOT_START_MS } from "./shared.js";
import { RunningPilot } from "./shared-pilot.js";

const BUREAU = "BureauMSP";
/** As long as a fate may take to be known, on a busy machine. */
const PATIENCE_MS = 20_000;
const NO_TRANSACTION = "0".repeat(64);

for (const consensus of ["embedded", "raft"] as const)
  describe(`pilot › without the Gateway service, on ${consensus}`, function () {
    this.timeout(PILOT_START_MS);
    let pilot: RunningPilot;
    let config: NodeConfig;
    let location: LedgerLocation;
    let connector: LedgerConnector;
    let told = "";

    before(async function () {
      if (!isAvailable(consensus)) return this.skip();
      pilot = await RunningPilot.start({ departments: 3, consensus, connector: "fabric-network" });
      config = await readConfig(pilot.pilot.data.file("nodes", BUREAU, "node.json"), {});
      location = await locationOf(config);
      connector = await connectorOf(config);
      await runStory(pilot.pilot, "en", (text) => {
        told += text;
      });
    });

    after(async () => {
      connector?.close();
      await pilot?.remove();
    });

    it("the whole story is told", () => {
      const refused = told.match(/✗.*ENDORSEMENT_POLICY_FAILURE/g);
      expect(refused, "each dishonest write").to.have.length(4);
      expect(told).to.contain("outcome: unsubstantiated").and.to.contain("auditor");
    });

    it("no peer has the service that the nodes are said to do without", async () => {
      const gateway = new GatewayConnector(location);
      try {
        const failure = await failureOf(gateway.evaluate(location.signer, "clock:read", ["{}"]));
        expect(failure).to.match(/unimplemented|unknown service|not implemented/i);
      } finally {
        gateway.close();
      }
    });

    it("an envelope that was kept and is handed over twice counts once, and its fate is known by its id", async () => {
      const kept = await endorsedTick();
      expect(await connector.commitStatus(kept.transactionId, 200), "nothing was sent").to.equal(undefined);
      await connector.submit(kept);
      const fate = await connector.commitStatus(kept.transactionId, PATIENCE_MS);
      expect(fate?.code).to.equal(TxValidationCode.VALID);
      await connector.submit({ ...kept, envelope: Uint8Array.from(kept.envelope) });
      const height = (fate?.block ?? 0n) + 1n;
      await blockAt(height);
      expect(await connector.commitStatus(kept.transactionId, PATIENCE_MS)).to.deep.equal(fate);
    });

    it("who waits for a fate hears of it when the block comes", async () => {
      await pilot.folded(BUREAU, Number(await connector.height(AbortSignal.timeout(PATIENCE_MS))) - 1);
      const tick = await endorsedTick();
      const waiting = connector.commitStatus(tick.transactionId, PATIENCE_MS);
      await connector.submit(tick);
      expect((await waiting)?.code).to.equal(TxValidationCode.VALID);
    });

    it("an id that nobody used has no fate within the time given", async () => {
      expect(await connector.commitStatus(NO_TRANSACTION, 500)).to.equal(undefined);
    });

    it("the contract's own words come through, endorsed or only asked", async () => {
      const input = JSON.stringify({ case: "clock", body: { time: "2027-11-04T01:00:00Z" }, basis: [] });
      for (const attempt of ["endorse", "evaluate"] as const) {
        const failure = await failureOf(connector[attempt](location.signer, "clock:tick", [input]));
        expect(failure).to.match(/^LedgerAccessError REFUSED: .*chaincode response 500, [A-Z_]+: /);
      }
    });

    it("a peer that cannot be reached is unavailable, not silent", async () => {
      const lost = FabricNetworkConnector.open({ ...location, address: "127.0.0.1:9" }, () => undefined);
      try {
        expect(await failureOf(lost.evaluate(location.signer, "clock:tick", ["{}"]))).to.match(/ UNAVAILABLE: /);
        expect(await failureOf(lost.endorse(location.signer, "clock:tick", ["{}"]))).to.match(/ UNAVAILABLE: /);
      } finally {
        lost.close();
      }
    });

    /** To a day after what the clock says. */
    async function endorsedTick() {
      const bureau = await pilot.desk(BUREAU, "administrator");
      const { case: clock } = await bureau.get<{ case: { state: { time: Instant } } }>("clock");
      const time = addSeconds(clock.state.time, 24 * 3600);
      const basis = await basisOf(bureau, [{ noun: "member", case: BUREAU }]);
      return connector.endorse(location.signer, "clock:tick", [
        JSON.stringify({ case: "clock", body: { time }, basis }),
      ]);
    }

    async function blockAt(height: bigint): Promise<void> {
      const ended = new AbortController();
      for await (const block of connector.blocks(height, ended.signal)) {
        expect(block).to.have.length.greaterThan(0);
        ended.abort();
      }
    }
  });

async function failureOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof Error) return `${error.name} ${"code" in error ? error.code : ""}: ${error.message}`;
    throw error;
  }
  throw new Error("it was done, against expectation");
}
