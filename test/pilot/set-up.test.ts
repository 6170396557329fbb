import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openingPolicy } from "@wanlian/client/opening";
import type { Instant } from "@wanlian/model/identifiers.js";
import { apply } from "@wanlian/network/administration/apply.js";
import type { ApplyListener } from "@wanlian/network/administration/carry-out.js";
import { Network } from "@wanlian/network/administration/network.js";
import { planFor, type Step } from "@wanlian/network/administration/plan.js";
import { awaitDiscovery } from "@wanlian/network/administration/settled.js";
import { observe } from "@wanlian/network/administration/state.js";
import { findBinaries } from "@wanlian/network/fabric/binaries.js";
import { Processes } from "@wanlian/network/processes/process.js";
import { makeCertificates } from "@wanlian/scripts/host/certificates.js";
import { DataDirectory } from "@wanlian/scripts/host/data-directory.js";
import { Pilot, STANDARD } from "@wanlian/scripts/host/pilot.js";
import { openingPolicyFile, pilotProcesses } from "@wanlian/scripts/host/processes.js";
import { silent } from "@wanlian/scripts/host/progress.js";
import { expect } from "chai";
import { refusal } from "../network/refusal.js";
import { freePorts, isAvailable, NETWORKS } from "./networks.js";

describe("setting a pilot up", () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-set-up-"));
  });

  afterEach(() => rm(directory, { recursive: true, force: true }));

  /** Certificates of three departments and what is to be started for them. */
  async function prepared(consensus: (typeof NETWORKS)[number]) {
    const data = DataDirectory.at(directory);
    const topology = await data.begin({ departments: 3, consensus, firstPort: await freePorts() }, STANDARD);
    await makeCertificates(data, topology);
    const [departments, opened] = [topology.departments.map(({ mspId }) => mspId), "2026-09-21T01:00:00Z" as Instant];
    await mkdir(dirname(openingPolicyFile(data)), { recursive: true });
    await writeFile(
      openingPolicyFile(data),
      JSON.stringify(openingPolicy({ departments, opened, clock: "demo", model: 1 })),
    );
    const binaries = consensus === "embedded" ? undefined : await findBinaries(process.env.FABRIC_BIN, consensus);
    const { orderers, peers, contracts } = await pilotProcesses(data, topology, binaries);
    return { data, topology, specs: [...orderers, ...peers, ...contracts], processes: new Processes(directory) };
  }

  for (const consensus of NETWORKS)
    it(`on ${consensus} goes on wherever it was interrupted, and is done once`, async function () {
      this.timeout(120_000);
      if (!isAvailable(consensus)) return this.skip();
      const { topology, specs, processes } = await prepared(consensus);
      try {
        await Promise.all(specs.map((spec) => processes.start(spec)));
        const network = await Network.open(topology, directory);
        const done: Step[] = [];
        for (let run = 0; (await planOf(network)).length > 0; run++) {
          expect(run, `after ${done.map(({ kind }) => kind).join(", ")}`).to.be.lessThan(30);
          await apply(network, interrupting(done)).catch((error: unknown) => expect(error).to.equal(INTERRUPTION));
        }
        await awaitDiscovery(network);
        network.close();
        // A transaction that was under way at the interruption is found done by the run after it.
        const once = (kind: Step["kind"]) =>
          new Set(done.filter((step) => step.kind === kind).map(({ by }) => by)).size;
        expect(once("join peer")).to.equal(3);
        expect(once("approve")).to.equal(3);
        expect(once("commit")).to.equal(1);
      } finally {
        for (const name of await processes.names()) await processes.stop(name);
      }
    });

  it("takes a step that another run has just done for done", async function () {
    this.timeout(120_000);
    const { topology, specs, processes } = await prepared("embedded");
    try {
      await Promise.all(specs.map((spec) => processes.start(spec)));
      const network = await Network.open(topology, directory);
      // Both plan the same and do it at once: of two transactions for one step the second is invalid.
      const runs = await Promise.all([apply(network, quiet), apply(network, quiet), apply(network, quiet)]);
      for (const { waiting } of runs) expect(waiting).to.equal(0);
      expect(await planOf(network)).to.deep.equal([]);
      network.close();
    } finally {
      for (const name of await processes.names()) await processes.stop(name);
    }
  });

  it("a folder that holds something else is left alone", async () => {
    await writeFile(join(directory, "thesis.txt"), "years of work");
    expect(await refusal(quietPilot(directory).up())).to.equal("UNUSABLE_DIRECTORY");
    expect(await readdir(directory)).to.deep.equal(["thesis.txt"]);
    await quietPilot(directory)
      .reset()
      .catch(() => undefined);
    expect(existsSync(join(directory, "thesis.txt"))).to.equal(true);
  });

  it("without Fabric's binaries a real network is not begun, and the message says what is needed", async () => {
    const pilot = new Pilot(directory, silent, "");
    const failure = await pilot.up({ consensus: "raft" }).catch((error: unknown) => error);
    expect(String(failure)).to.include("FABRIC_BIN").and.include("https://github.com/hyperledger/fabric/releases");
    expect(await readdir(directory)).to.deep.equal([]);
    expect(await refusal(findBinaries(directory, "raft"))).to.equal("NO_FABRIC");
  });

  it("a port in use is named, and nothing is started", async () => {
    const firstPort = await freePorts();
    const server = await listening(firstPort + 101);
    const pilot = quietPilot(directory);
    const failure = await pilot.up({ departments: 3, firstPort }).catch((error: unknown) => error);
    await new Promise((resolve) => server.close(resolve));
    expect(String(failure)).to.include(`127.0.0.1:${firstPort + 101} (peer0 of BureauMSP)`);
    expect(await pilot.processes.names()).to.deep.equal([]);
  });

  it("a second command at the same time is refused in one sentence", async () => {
    const data = DataDirectory.at(directory);
    const unlock = await data.lock({ zh: "启动本试点", en: "Starting this pilot" });
    const failure = await quietPilot(directory)
      .up()
      .catch((error: unknown) => error);
    unlock();
    expect(failure).to.have.property("code", "UNUSABLE_DIRECTORY");
    expect(String(failure)).to.match(/under way already \(process \d+\)/);
  });

  it("a pilot of one size does not become one of another by accident", async () => {
    const data = DataDirectory.at(directory);
    await data.begin({ departments: 4 }, STANDARD);
    expect(await refusal(data.begin({ departments: 5 }, STANDARD))).to.equal("UNUSABLE_DIRECTORY");
    expect(await refusal(data.begin({ consensus: "bft" }, STANDARD))).to.equal("UNUSABLE_DIRECTORY");
    expect((await data.begin({}, STANDARD)).departments).to.have.length(4);
    await rm(data.topologyFile); // as a kill between the two first files leaves it
    expect((await data.begin({ departments: 5 }, STANDARD)).departments).to.have.length(5);
  });
});

const INTERRUPTION = new Error("interrupted");

/** Lets one step be done, then breaks off. */
function interrupting(done: Step[]): ApplyListener {
  return {
    begins: () => undefined,
    done: (step) => {
      done.push(step);
      throw INTERRUPTION;
    },
    waits: (step, hint) => expect.fail(`${step.kind} waits: ${hint}`),
  };
}

const quiet: ApplyListener = { begins: () => undefined, done: () => undefined, waits: () => undefined };

async function planOf(network: Network): Promise<readonly Step[]> {
  return planFor(network.topology, await observe(network)).steps;
}

function quietPilot(directory: string): Pilot {
  return new Pilot(directory, silent);
}

function listening(port: number): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}
