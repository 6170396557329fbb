import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { apply } from "@wanlian/network/administration/apply.js";
import { memberPeer } from "@wanlian/network/administration/member.js";
import { Network } from "@wanlian/network/administration/network.js";
import { describeStep, planFor } from "@wanlian/network/administration/plan.js";
import { currentConfig, observe } from "@wanlian/network/administration/state.js";
import { networkStatus } from "@wanlian/network/administration/status.js";
import { part } from "@wanlian/network/channel/changes.js";
import { decodedValue } from "@wanlian/network/channel/group.js";
import { run } from "@wanlian/network/cli/program.js";
import { readTopology } from "@wanlian/network/topology/read.js";
import type { OrdererPlace, Topology } from "@wanlian/network/topology/topology.js";
import { BatchSize } from "@wanlian/protocol/messages/configuration.js";
import { logIn } from "@wanlian/scripts/host/decision.js";
import type { Desk } from "@wanlian/scripts/host/desk.js";
import { addDepartment, removeDepartment } from "@wanlian/scripts/host/membership.js";
import { silent } from "@wanlian/scripts/host/progress.js";
import { until } from "@wanlian/scripts/host/until.js";
import { expect } from "chai";
import { parseDocument } from "yaml";
import { freePort } from "../network/free-port.js";
import { isAvailable, NETWORKS } from "./networks.js";
import { RunningPilot } from "./shared-pilot.js";

/** A whole pilot starts, and departments come and go. */
const TIMEOUT_MS = 240_000;

for (const consensus of NETWORKS)
  describe(`administration on ${consensus}`, function () {
    this.timeout(TIMEOUT_MS);
    let world: RunningPilot;
    let bureau: Desk;

    before(async function () {
      if (!isAvailable(consensus)) return this.skip();
      world = await RunningPilot.start({ departments: 3, consensus });
      await world.open();
      bureau = await world.desk("BureauMSP", "administrator");
    });

    after(() => world?.remove());

    it("a pilot that is up has nothing left to do and nothing to complain about", async () => {
      await withNetwork(async (network) => {
        const plan = planFor(network.topology, await observe(network));
        expect(plan.steps.map((step) => describeStep(step).en)).to.deep.equal([]);
        const status = await networkStatus(network);
        expect(status.complaints).to.deep.equal([]);
        expect(
          status.peers.map(({ contracts }) => contracts.kind === "answer" && contracts.value?.version),
        ).to.deep.equal(["1.0", "1.0", "1.0"]);
      });
    });

    it("the command line says the same", async () => {
      const answer = await wanlianNetwork("--json", "status");
      const status: { complaints: unknown[]; peers: unknown[] } = JSON.parse(answer);
      expect(status.complaints).to.deep.equal([]);
      expect(status.peers).to.have.length(3);
      expect(await wanlianNetwork("--lang", "en", "plan")).to.equal(
        "The network is as its topology says; there is nothing to do.\n",
      );
    });

    it("a department joins while transactions flow, endorses, and has the whole history", async () => {
      const traffic = ticking(bureau);
      expect(await addDepartment(world.pilot, silent)).to.equal("HealthMSP");
      const ticks = await traffic.stop();
      expect(ticks).to.be.greaterThan(0);
      const newcomer = (await world.pilot.data.topology()).departments.find(({ mspId }) => mspId === "HealthMSP");
      const health = await logIn(world.pilot.data, newcomer ?? expect.fail("no HealthMSP"), "administrator");
      const member = await health.get<{ case: { status: string } }>("members/HealthMSP");
      expect(member.case.status).to.equal("active");
      await withNetwork(async (network) => {
        const status = await networkStatus(network);
        expect(status.complaints).to.deep.equal([]);
        expect(
          new Set(status.peers.map(({ ledger }) => ledger.kind === "answer" && ledger.value.commitHash)).size,
        ).to.equal(1);
        expect(network.topology.endorsements).to.equal(3);
      });
    });

    it("another batch size is a change of the topology and an apply", async () => {
      await editTopology((text) => `${text}batch:\n  messages: 77\n`);
      await withNetwork(async (network) => {
        const outcome = await apply(network, quiet);
        expect(outcome).to.deep.include({ done: 1, waiting: 0 });
        expect(await batchSize(network)).to.equal(77);
      });
    });

    it("an ordering service of its own, without a department's key, plans, signs and submits what is its to change", async () => {
      const { topologyFile } = world.pilot.data;
      const base = await mkdtemp(join(tmpdir(), "wanlian-ordering-"));
      try {
        await cp(join(dirname(topologyFile), "organizations"), join(base, "organizations"), { recursive: true });
        const topology = await readTopology(topologyFile);
        for (const { mspId } of topology.departments)
          await rm(join(base, "organizations", mspId, "administrators"), { recursive: true });
        const alone = await Network.open({ ...topology, batch: { ...topology.batch, messages: 55 } }, base);
        expect(alone.hasDepartment).to.equal(false);
        const { steps } = planFor(alone.topology, await observe(alone));
        expect(steps.map(({ kind, by }) => `${kind} ${by}`)).to.deep.equal(["update configuration OrdererMSP"]);
        expect(await apply(alone, quiet)).to.deep.include({ done: 1, waiting: 0 });
        expect(planFor(alone.topology, await observe(alone)).steps).to.deep.equal([]);
        alone.close();
      } finally {
        await rm(base, { recursive: true });
      }
      expect(await withNetwork(batchSize)).to.equal(55);
      await editTopology((text) => text.replace("messages: 77", "messages: 55"));
    });

    it("a department gets a second peer by the topology, which has the whole ledger and the same contracts", async () => {
      await world.pilot.change(async (file) => {
        const { departments } = await readTopology(file);
        const at = departments.findIndex(({ mspId }) => mspId === "CivilMSP");
        const [first] = departments[at]?.peers ?? expect.fail("no CivilMSP");
        const second = { name: "peer1", contracts: first.contracts, ...(await freePlaces(["address", "operations"])) };
        const document = parseDocument(await readFile(file, "utf8"));
        document.setIn(["departments", at, "peers"], [first, second]);
        await writeFile(file, document.toString());
        return readTopology(file);
      });
      await withNetwork(async (network) => {
        expect(planFor(network.topology, await observe(network)).steps).to.deep.equal([]);
        const { complaints, peers } = await networkStatus(network);
        expect(complaints).to.deep.equal([]);
        expect(peers.filter(({ mspId }) => mspId === "CivilMSP").map(({ name }) => name)).to.deep.equal([
          "peer0",
          "peer1",
        ]);
      });
    });

    it("an orderer comes and another goes while transactions flow, each by the topology", async function () {
      if (consensus === "embedded") return this.skip();
      const traffic = ticking(bureau);
      const { orderers } = await world.pilot.data.topology();
      const [oldest] = orderers.nodes;
      const newcomer = {
        ...(oldest ?? expect.fail("no orderer")),
        name: "orderer9",
        ...(await freePlaces(["address", "administration", "operations"])),
      };
      await world.pilot.change((file) => editOrderers(file, (nodes) => [...nodes, newcomer]));
      await withNetwork(async (network) => {
        expect(await network.participation(newcomer).channel(network.channel)).to.include({
          consensusRelation: "consenter",
          status: "active",
        });
        expect((await networkStatus(network)).complaints).to.deep.equal([]);
      });
      await world.pilot.change((file) =>
        editOrderers(file, (nodes) => nodes.filter(({ name }) => name !== oldest?.name)),
      );
      expect(await world.pilot.processes.names()).to.not.include(`orderer-${oldest?.name}`);
      expect(await traffic.stop()).to.be.greaterThan(0);
      // What is ordered now is ordered without the one that went.
      expect(await ticking(bureau).stop()).to.be.greaterThan(0);
      await withNetwork(async (network) => {
        expect(planFor(network.topology, await observe(network)).steps).to.deep.equal([]);
        expect((await networkStatus(network)).complaints).to.deep.equal([]);
      });
    });

    it("the contracts are upgraded under load, without an act that fails", async () => {
      await editTopology((text) => `${text}contracts:\n  version: "1.1"\n`);
      const traffic = ticking(bureau);
      await withNetwork(async (network) => {
        const outcome = await apply(network, quiet);
        expect(outcome).to.deep.include({ done: 5, waiting: 0 }); // four approve, one commits
        const { definition } = await observe(network);
        expect(definition).to.include({ version: "1.1", sequence: 2n });
      });
      expect(await traffic.stop()).to.be.greaterThan(0);
    });

    it("a revoked officer is refused from the next block on", async () => {
      const officer = await world.desk("PoliceMSP", "administrator");
      expect(await wanlianNetwork("revoke", "PoliceMSP", "0303")).to.match(
        /Revoked as of block \d+: 0303 of PoliceMSP/,
      );
      const changes = await withNetwork(configurationChanges);
      expect(await wanlianNetwork("revoke", "PoliceMSP", "0303")).to.include("nothing changes");
      expect(await withNetwork(configurationChanges), "configurations written").to.equal(changes);
      const propose = () => officer.refusal("consortium/propose", { kind: "admit", subject: "TaxMSP", name: "税务局" });
      // Peers and orderers first; the own node shuts its door when it has taken the block in.
      let code = await propose();
      for (; code !== "CERTIFICATE_REFUSED"; code = await propose())
        expect(code).to.be.oneOf(["NO_ENDORSEMENT", "REFUSED_BY_ORDERER"]);
    });

    it("a department leaves, and the others go on", async () => {
      await removeDepartment(world.pilot, silent, "PoliceMSP");
      expect((await world.pilot.data.topology()).departments.map(({ mspId }) => mspId)).to.deep.equal([
        "BureauMSP",
        "CivilMSP",
        "HealthMSP",
      ]);
      expect((await world.pilot.processes.names()).filter((name) => name.includes("PoliceMSP"))).to.deep.equal([]);
      const traffic = ticking(bureau);
      expect(await traffic.stop()).to.be.greaterThan(0);
    });

    it("what was killed is started again by up, and down then up loses nothing", async () => {
      const before = await withNetwork(networkStatus);
      await world.pilot.processes.kill("peer-CivilMSP-peer0");
      await world.pilot.up();
      await world.pilot.down();
      await world.pilot.up();
      const after = await withNetwork(networkStatus);
      expect(after.complaints).to.deep.equal([]);
      expect(after.comparedAt ?? -1n).to.be.at.least(Number(before.comparedAt ?? 0n));
    });

    it("contracts that have died are found, and named with what to do", async () => {
      await world.pilot.processes.kill("contracts-CivilMSP-peer0");
      const { complaints } = await withNetwork(networkStatus);
      // Both of its peers have them.
      expect(complaints.map(({ kind }) => kind)).to.deep.equal(["contracts silent", "contracts silent"]);
      for (const complaint of complaints) expect(complaint).to.include({ mspId: "CivilMSP" });
      await world.pilot.up();
      await until(async () => (await withNetwork(networkStatus)).complaints.length === 0, {
        withinMs: 60_000,
        otherwise: "there is still something to complain about",
      });
    });

    async function withNetwork<T>(work: (network: Network) => Promise<T>): Promise<T> {
      const network = await world.pilot.network();
      try {
        return await work(network);
      } finally {
        network.close();
      }
    }

    async function wanlianNetwork(...argv: string[]): Promise<string> {
      let said = "";
      let failed = "";
      const code = await run(
        ["--topology", world.pilot.data.topologyFile, ...argv],
        { write: (text) => (said += text) },
        { write: (text) => (failed += text) },
      );
      expect(code, failed).to.equal(0);
      return said;
    }

    async function editOrderers(
      file: string,
      edit: (nodes: readonly OrdererPlace[]) => readonly OrdererPlace[],
    ): Promise<Topology> {
      const document = parseDocument(await readFile(file, "utf8"));
      const { orderers } = await readTopology(file);
      document.setIn(["orderers", "nodes"], edit(orderers.nodes));
      await writeFile(file, document.toString());
      return readTopology(file);
    }

    async function editTopology(change: (text: string) => string): Promise<void> {
      const file = world.pilot.data.topologyFile;
      await writeFile(file, change(await readFile(file, "utf8")));
    }
  });

const quiet = { begins: () => undefined, done: () => undefined, waits: () => undefined };

async function batchSize(network: Network): Promise<number | undefined> {
  const { channelGroup } = await currentConfig(await memberPeer(network), network.channel);
  return channelGroup && decodedValue(part(channelGroup, "Orderer"), "BatchSize", BatchSize)?.maxMessageCount;
}

/** How often the channel's configuration was changed; nodes write blocks of their own meanwhile. */
async function configurationChanges(network: Network): Promise<bigint> {
  return (await currentConfig(await memberPeer(network), network.channel)).sequence;
}

/** The time that the pilot's clock begins with, and every tick after it ten minutes more. */
let ledgerTime = Date.parse("2026-09-28T01:00:00Z");

function later(): string {
  ledgerTime += 600_000;
  return `${new Date(ledgerTime).toISOString().slice(0, 19)}Z`;
}

/** A place on this host for each. */
async function freePlaces<K extends string>(names: readonly K[]): Promise<Record<K, string>> {
  const places = await Promise.all(names.map(async (name) => [name, `127.0.0.1:${await freePort()}`] as const));
  return Object.fromEntries(places) as Record<K, string>;
}

/** Lets the demo clock tick again and again, each tick an act that must count. */
function ticking(desk: Desk): { stop(): Promise<number> } {
  let going = true;
  const counted = (async () => {
    let count = 0;
    do {
      await desk.file("clock/tick", { time: later() });
      count += 1;
    } while (going);
    return count;
  })();
  counted.catch(() => undefined); // it is thrown by stop
  return {
    stop: () => {
      going = false;
      return counted;
    },
  };
}
