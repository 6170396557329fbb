import { existsSync } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeDepartment } from "@wanlian/network/certificates/make.js";
import { backUpMachine, NODE_FOLDER, restoreMachine } from "@wanlian/network/machine/backup.js";
import { layout } from "@wanlian/network/machine/layout.js";
import { nodeProcess } from "@wanlian/network/machine/node-process.js";
import { pilotTopology } from "@wanlian/network/topology/pilot.js";
import { readTopology } from "@wanlian/network/topology/read.js";
import type { Topology } from "@wanlian/network/topology/topology.js";
import { expect } from "chai";
import { refusal } from "./refusal.js";

const OWN = "CivilMSP";
const OTHER = "PoliceMSP";

describe("a machine's backup", () => {
  let folder: string;
  let base: string;
  let topology: Topology;
  let made = 0;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "wanlian-backup-"));
    base = join(folder, "machine");
    await mkdir(join(base, "genesis"), { recursive: true });
    await writeFile(join(base, "genesis", "policy.json"), "{}");
    await writeFile(join(base, "topology.yaml"), pilotTopology({ departments: 3, consensus: "embedded" }));
    topology = await readTopology(join(base, "topology.yaml"));
    for (const mspId of [OWN, OTHER]) {
      const department = topology.departments.find((one) => one.mspId === mspId) ?? expect.fail("no department");
      await makeDepartment(join(base, "organizations", mspId), department);
    }
    await configure();
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function configure(): Promise<void> {
    const department = topology.departments.find((one) => one.mspId === OWN);
    if (department?.node === undefined) return expect.fail("no node");
    const programs = { orderer: "", peer: "", contracts: "", node: "node.js" };
    await nodeProcess({ base, topology, programs, binaries: undefined }, department, department.node);
  }
  const nodeFile = (at: string) => join(layout.node(at, OWN), "node.json");
  /** The node's own program copies its configuration, among other things. */
  async function nodeTo(configuration: string, to: string): Promise<void> {
    await mkdir(to, { recursive: true });
    await cp(configuration, join(to, "node.json"));
  }
  async function backup(): Promise<string> {
    made += 1;
    const to = join(folder, "backups", String(made));
    await backUpMachine({ base, topologyFile: join(base, "topology.yaml"), topology, mspId: OWN }, to, nodeTo);
    return to;
  }
  const empty = async () => await mkdtemp(join(folder, "empty-"));
  const nothing = async () => undefined;

  it("comes back in another folder: own keys as they were, of others what everybody may have, paths of the new place", async () => {
    const to = await empty();
    const restored: string[] = [];
    await restoreMachine(await backup(), to, async (from, configuration) => {
      restored.push(from, configuration);
    });
    const key = join("organizations", OWN, "peers", "peer0", "msp", "keystore", "priv_sk");
    for (const file of [
      key,
      join("organizations", OWN, "ca", "key.pem"),
      "topology.yaml",
      join("genesis", "policy.json"),
    ])
      expect(await readFile(join(to, file)), file).to.deep.equal(await readFile(join(base, file)));
    for (const file of [join(to, key), nodeFile(to)]) expect((await stat(file)).mode & 0o077, file).to.equal(0);
    expect(existsSync(join(to, "organizations", OTHER, "msp", "cacerts"))).to.equal(true);
    expect(existsSync(join(to, "organizations", OTHER, "ca"))).to.equal(false);
    expect(restored[0]).to.match(new RegExp(`${NODE_FOLDER}$`));
    expect(restored[1]).to.equal(nodeFile(to));
    const written = await readFile(nodeFile(to), "utf8");
    expect(written).to.include(to).and.not.include(`${base}/`);
  });

  it("is for its owner alone, and never written over another", async () => {
    const to = await backup();
    expect((await stat(to)).mode & 0o077).to.equal(0);
    const again = backUpMachine({ base, topologyFile: join(base, "topology.yaml"), topology, mspId: OWN }, to, nodeTo);
    expect(await refusal(again)).to.equal("UNUSABLE_DIRECTORY");
  });

  it("that broke off is none", async () => {
    const to = join(folder, "broken-off");
    const failing = () => Promise.reject(Object.assign(new Error("the node's backup failed"), { code: "FAILED" }));
    const broken = backUpMachine(
      { base, topologyFile: join(base, "topology.yaml"), topology, mspId: OWN },
      to,
      failing,
    );
    expect(await refusal(broken)).to.equal("FAILED");
    expect(existsSync(to)).to.equal(false);
    expect(await refusal(restoreMachine(`${to}.part`, await empty(), nothing))).to.equal("MISSING_FILE");
  });

  const damages: [string, (files: string) => Promise<void>][] = [
    ["a changed file", (files) => writeFile(join(files, "genesis", "policy.json"), "[]")],
    ["a file less", (files) => rm(join(files, "topology.yaml"))],
    ["a file more", (files) => writeFile(join(files, "more"), "")],
    ["a link", (files) => symlink("/etc/hostname", join(files, "link"))],
  ];
  for (const [what, damage] of damages)
    it(`with ${what} is not put back, and nothing of it is`, async () => {
      const from = await backup();
      await chmod(join(from, "files"), 0o700);
      await damage(join(from, "files"));
      const to = await empty();
      expect(await refusal(restoreMachine(from, to, nothing))).to.equal("DAMAGED");
      expect(existsSync(join(to, "organizations"))).to.equal(false);
    });

  it("is not put where something of the organisation is", async () => {
    const from = await backup();
    expect(await refusal(restoreMachine(from, base, nothing))).to.equal("UNUSABLE_DIRECTORY");
  });

  it("is of a configuration that keeps what the administrator has added, when it is written anew", async () => {
    const present = JSON.parse(await readFile(nodeFile(base), "utf8"));
    const added = { ...present, hosts: ["data.civil.example"], operations: undefined, connector: "fabric-network" };
    await writeFile(
      nodeFile(base),
      JSON.stringify({ ...added, exchange: { ...present.exchange, addresses: { X: "x:1" } } }),
    );
    await configure();
    const written = JSON.parse(await readFile(nodeFile(base), "utf8"));
    expect(written).to.deep.equal({ ...present, hosts: ["data.civil.example"] });
  });
});
