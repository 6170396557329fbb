import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { composeFile, IMAGE_BINARIES } from "@wanlian/network/machine/compose.js";
import { inOrder, organisationProcesses } from "@wanlian/network/machine/processes.js";
import { programsIn } from "@wanlian/network/machine/programs.js";
import { systemdUnit, unitName } from "@wanlian/network/machine/systemd.js";
import type { ProcessSpec } from "@wanlian/network/processes/process.js";
import { pilotTopology } from "@wanlian/network/topology/pilot.js";
import { readTopology } from "@wanlian/network/topology/read.js";
import { expect } from "chai";
import { parse } from "yaml";

const HAS_SYSTEMD = spawnSync("systemd-analyze", ["--version"]).status === 0;

interface Service {
  readonly image: string;
  readonly command: readonly string[];
  readonly network_mode: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes: readonly { readonly source: string; readonly read_only?: boolean }[];
}

describe("services of a machine", () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-services-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  async function specsOf(consensus: "embedded" | "raft", mspId: string): Promise<ProcessSpec[]> {
    const file = join(directory, "topology.yaml");
    await writeFile(file, pilotTopology({ departments: 3, consensus }));
    const binaries = consensus === "embedded" ? undefined : IMAGE_BINARIES;
    const machine = {
      base: directory,
      topology: await readTopology(file),
      programs: programsIn("/opt/wanlian"),
      binaries,
    };
    return inOrder(await organisationProcesses(machine, mspId));
  }

  it("are, for a department, its peer, the contracts beside it and its node; for the ordering service its orderers", async () => {
    const names = async (consensus: "embedded" | "raft", mspId: string) =>
      (await specsOf(consensus, mspId)).map(({ name }) => name);
    expect(await names("embedded", "CivilMSP")).to.deep.equal([
      "peer-CivilMSP-peer0",
      "contracts-CivilMSP-peer0",
      "node-CivilMSP",
    ]);
    expect(await names("raft", "OrdererMSP")).to.deep.equal([
      "orderer-orderer0",
      "orderer-orderer1",
      "orderer-orderer2",
    ]);
  });

  it("begin again when they end, write to their folder alone, and gain no rights", async () => {
    const [peer] = await specsOf("embedded", "CivilMSP");
    const unit = systemdUnit(peer as ProcessSpec, { user: "wanlian", base: directory });
    for (const line of [
      "User=wanlian",
      "Restart=always",
      "ProtectSystem=strict",
      "NoNewPrivileges=yes",
      `ReadWritePaths=${directory}`,
      "EnvironmentFile=-/etc/wanlian/peer-CivilMSP-peer0.env",
    ])
      expect(unit.split("\n")).to.include(line);
  });

  it("keep what systemd would read as something else", () => {
    const spec: ProcessSpec = {
      name: "node-CivilMSP",
      title: { zh: "节点", en: "node, 100 %" },
      command: "/opt/my node/bin",
      args: ["--rate=100%", 'a "word"', "$HOME", "back\\slash"],
      environment: { LABEL: "50 % of $HOME" },
      listens: [],
      ready: "line",
    };
    const unit = systemdUnit(spec, { user: "wanlian", base: "/srv/wan lian" });
    expect(unit).to.include(String.raw`ExecStart="/opt/my node/bin" --rate=100%% "a \"word\"" "$$HOME" "back\\slash"`);
    expect(unit).to.include('Environment="LABEL=50 %% of $HOME"').and.include('ReadWritePaths="/srv/wan lian"');
    expect(unit).to.include("Description=wanlian: node, 100 %%");
  });

  it("are units that systemd takes", async function () {
    if (!HAS_SYSTEMD) return this.skip();
    for (const spec of [...(await specsOf("embedded", "CivilMSP")), ...(await specsOf("embedded", "OrdererMSP"))]) {
      const file = join(directory, unitName(spec));
      await writeFile(file, systemdUnit(spec, { user: "root", base: directory }));
      const { status, stderr } = spawnSync("systemd-analyze", ["verify", file], { encoding: "utf8" });
      expect(status, stderr).to.equal(0);
      expect(stderr).to.not.include(unitName(spec));
    }
  });

  it("run in official images of fixed versions, on the host's network, with this repository to read only", async () => {
    const specs = [...(await specsOf("raft", "CivilMSP")), ...(await specsOf("raft", "OrdererMSP"))];
    const mounts = { base: directory, repository: "/opt/wan$lian" };
    const { services } = parse(composeFile(specs, mounts)) as { services: Record<string, Service> };
    expect(Object.keys(services)).to.have.length(specs.length);
    for (const [name, service] of Object.entries(services)) {
      expect(service.image, name).to.match(/^(hyperledger\/fabric-(peer|orderer):3\.\d+\.\d+|node:\d+-\w+-slim)$/);
      expect(service.network_mode).to.equal("host");
      for (const { source, read_only } of service.volumes)
        expect(read_only === true, source).to.equal(source === "/opt/wan$$lian");
    }
    expect(services["peer-civilmsp-peer0"]?.image).to.include("fabric-peer");
    expect(services["peer-civilmsp-peer0"]?.command).to.deep.equal(["peer", "node", "start"]);
    expect(services["orderer-orderer1"]?.image).to.include("fabric-orderer");
    expect(services["contracts-civilmsp-peer0"]?.environment?.CHAINCODE_ID).to.match(/^wanlian:[0-9a-f]{64}$/);
  });
});
