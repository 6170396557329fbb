import { spawnSync } from "node:child_process";
import { verify, X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPublicMsp } from "@wanlian/network/certificates/msp-folder.js";
import { Organisation } from "@wanlian/network/certificates/organisation.js";
import { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { approvalsFor, missingApprovals } from "@wanlian/network/channel/approval.js";
import * as changes from "@wanlian/network/channel/changes.js";
import { describeChange } from "@wanlian/network/channel/describe.js";
import { channelGroup, genesisBlock } from "@wanlian/network/channel/genesis.js";
import { changesIn } from "@wanlian/network/channel/inspection.js";
import { readMaterial } from "@wanlian/network/channel/material.js";
import * as files from "@wanlian/network/channel/update-file.js";
import { pilotDepartment } from "@wanlian/network/topology/pilot.js";
import { Bundle } from "@wanlian/protocol/configuration/bundle.js";
import { computeUpdate } from "@wanlian/protocol/configuration/delta.js";
import { proposeUpdate } from "@wanlian/protocol/configuration/update.js";
import { Block, Envelope, Payload, SignatureHeader } from "@wanlian/protocol/messages/common.js";
import {
  Config,
  ConfigEnvelope,
  type ConfigGroup,
  ConfigUpdate,
  ConfigUpdateEnvelope,
} from "@wanlian/protocol/messages/configuration.js";
import { SerializedIdentity } from "@wanlian/protocol/messages/msp.js";
import { expect } from "chai";
import { refusal } from "./refusal.js";
import { makeWorld, type World } from "./world.js";

const FABRIC_BIN = process.env.FABRIC_BIN;

describe("channel configuration", () => {
  let world: World;
  let channel: ConfigGroup;
  let withHealth: ConfigGroup;

  before(async () => {
    world = await makeWorld({ departments: 3, consensus: "embedded" });
    channel = channelGroup(world.topology, await readMaterial(world.directory, world.topology));
    const health = join(world.directory, "organizations", "HealthMSP");
    await Organisation.create(health, "HealthMSP", "health commission");
    withHealth = changes.addDepartment(channel, pilotDepartment(3), await readPublicMsp(join(health, "msp")), 3);
  });

  after(() => world.remove());

  it("begins with the departments, k of their peers for acts, and their majority for changes", async () => {
    const block = Block.decode(genesisBlock(world.topology, await readMaterial(world.directory, world.topology)));
    const payload = Payload.decode(Envelope.decode(block.data?.data[0] ?? new Uint8Array()).payload);
    const group = ConfigEnvelope.decode(payload.data).config?.channelGroup ?? expect.fail("no configuration");
    expect(changes.departmentsOf(group)).to.have.members(["BureauMSP", "CivilMSP", "PoliceMSP"]);
    const update = computeUpdate("pilot", group, changes.setEndorsements(group, 3));
    expect(wordsOf(group, update)).to.match(/^An act needs the peers of 3 of 3 .* instead of 2 of 3 /);
  });

  it("a newcomer and the new Records policy come in one update, in plain words", () => {
    const update = computeUpdate("pilot", channel, withHealth);
    const words = wordsOf(channel, update);
    expect(words).to.include("HealthMSP joins (/Channel/Application)");
    expect(words).to.include("peers at 127.0.0.1:17131");
    expect(words).to.include("An act needs the peers of 3 of 4");
    expect(words).not.to.include("UNUSUAL");
    const approvals = approvalsFor(channel, changesIn(channel, update));
    expect(missingApprovals(approvals, ["BureauMSP"])).to.deep.equal([
      { needed: 1, organisations: ["CivilMSP", "PoliceMSP"] },
    ]);
    expect(missingApprovals(approvals, ["BureauMSP", "PoliceMSP"])).to.deep.equal([]);
  });

  it("a department that leaves is named, and an absent one cannot leave", () => {
    const update = computeUpdate("pilot", withHealth, changes.removeDepartment(withHealth, "CivilMSP", 2));
    expect(wordsOf(withHealth, update)).to.include("CivilMSP leaves");
    expect(() => changes.removeDepartment(channel, "HealthMSP", 2)).to.throw("nothing to remove");
    expect(() => changes.addDepartment(withHealth, pilotDepartment(3), emptyMsp, 3)).to.throw("on the channel already");
  });

  it("more endorsements than departments are refused", () => {
    expect(() => changes.setEndorsements(channel, 4)).to.throw("4 endorsements cannot come from 3 departments");
  });

  it("the batch size is the orderers' matter", () => {
    const update = computeUpdate("pilot", channel, changes.setBatch(channel, { ...world.topology.batch, messages: 7 }));
    expect(wordsOf(channel, update)).to.equal(
      "A block holds at most (transactions / preferred / absolute size) 7 / 2097152 B / 10485760 B instead of 500 / 2097152 B / 10485760 B.",
    );
    expect(approvalsFor(channel, changesIn(channel, update))).to.deep.equal([
      { needed: 1, organisations: ["OrdererMSP"] },
    ]);
  });

  it("a revocation list is its department's own matter, and names the serial numbers", async () => {
    const list = (await world.organisations.get("CivilMSP")?.identities.revoke(["4a0b"])) ?? "";
    const update = computeUpdate("pilot", channel, changes.setRevocationLists(channel, "CivilMSP", [list]));
    expect(wordsOf(channel, update)).to.match(/CivilMSP revokes 1 certificates: 4a0b \(before: 0\)/);
    expect(approvalsFor(channel, changesIn(channel, update))).to.deep.equal([
      { needed: 1, organisations: ["CivilMSP"] },
    ]);
  });

  it("another root certificate is called unusual", async () => {
    const foreign = await readPublicMsp(join(world.directory, "organizations", "CivilMSP", "msp"));
    const replaced = changes.addDepartment(
      changes.removeDepartment(channel, "PoliceMSP", 2),
      pilotDepartment(2),
      foreign,
      2,
    );
    expect(wordsOf(channel, computeUpdate("pilot", channel, replaced))).to.include(
      "UNUSUAL: who belongs to /Channel/App",
    );
  });

  it("an update that changes nothing is none, and one for another state is refused", () => {
    expect(() => computeUpdate("pilot", channel, channel)).to.throw("nothing to change");
    const update = computeUpdate("pilot", channel, changes.setEndorsements(channel, 1));
    const later = ConfigUpdate.create({ ...update, writeSet: bumped(update) });
    expect(() => changesIn(channel, later)).to.throw("another state of the configuration");
  });

  it("travels as a file: each department signs with its own key, twice counts once", async () => {
    const update = computeUpdate("pilot", channel, withHealth);
    let file = files.updateFile(update);
    for (const mspId of ["BureauMSP", "CivilMSP", "BureauMSP"])
      file = files.signUpdate(files.parseUpdateFile(files.formatUpdateFile(file)), await administrator(mspId));
    expect(files.signersOf(file)).to.have.members(["BureauMSP", "CivilMSP"]);
    const envelope = files.updateEnvelope(file, await administrator("BureauMSP"));
    const { configUpdate, signatures } = ConfigUpdateEnvelope.decode(Payload.decode(envelope.payload).data);
    expect(ConfigUpdate.decode(configUpdate)).to.deep.equal(ConfigUpdate.decode(ConfigUpdate.encode(update)));
    for (const { signatureHeader, signature } of signatures) {
      const signer = SerializedIdentity.decode(SignatureHeader.decode(signatureHeader).creator);
      const key = new X509Certificate(signer.idBytes).publicKey;
      expect(verify("sha256", Buffer.concat([signatureHeader, configUpdate]), key, signature)).to.equal(true);
    }
  });

  it("takes an update that a majority of the departments signed, and none that fewer did", async () => {
    const current = new Bundle("pilot", { sequence: 0n, channelGroup: channel });
    const submitter = await administrator("BureauMSP");
    let file = files.signUpdate(files.updateFile(computeUpdate("pilot", channel, withHealth)), submitter);
    expect(await refusal(proposeUpdate(current, files.updateEnvelope(file, submitter)))).to.equal("UPDATE_REFUSED");
    file = files.signUpdate(file, await administrator("PoliceMSP"));
    const { config } = await proposeUpdate(current, files.updateEnvelope(file, submitter));
    expect(changes.departmentsOf(config?.channelGroup ?? expect.fail("no group"))).to.include("HealthMSP");
  });

  for (const text of ["", "{}", "[]", '{"format":"wanlian-configuration-update-1","channel":"pilot"}'])
    it(`${text || "an empty file"} is no update`, () => {
      expect(() => files.parseUpdateFile(text)).to.throw("This is no configuration update");
    });

  for (const consensus of ["embedded", "raft", "bft"] as const)
    it(`on ${consensus} is what Fabric's own tool reads and computes`, async function () {
      if (!FABRIC_BIN) return this.skip();
      const other = await makeWorld({ departments: 4, consensus });
      const material = await readMaterial(other.directory, other.topology);
      const whole = channelGroup(other.topology, material);
      const without = changes.removeDepartment(whole, "CivilMSP", 2);
      await fabricComputes(FABRIC_BIN, whole, without);
      await fabricComputes(FABRIC_BIN, without, whole);
      await fabricComputes(FABRIC_BIN, whole, changes.setBatch(whole, { ...other.topology.batch, timeout: "1s" }));
      await other.remove();
    });

  async function administrator(mspId: string): Promise<SigningIdentity> {
    const folder = join(world.directory, "organizations", mspId, "administrators", "admin", "msp");
    return SigningIdentity.read(mspId, folder);
  }
});

const emptyMsp = {
  rootCertificates: [],
  intermediateCertificates: [],
  tlsRootCertificates: [],
  tlsIntermediateCertificates: [],
  revocationLists: [],
};

function wordsOf(current: ConfigGroup, update: ConfigUpdate): string {
  return changesIn(current, update)
    .map((change) => describeChange(change).en)
    .join("\n");
}

function bumped(update: ConfigUpdate): ConfigGroup {
  const { writeSet } = update;
  return writeSet ? { ...writeSet, version: 7n } : expect.fail("no write set");
}

/** Fabric's configtxlator computes the same update; members of maps have no order there. */
async function fabricComputes(binaries: string, before: ConfigGroup, after: ConfigGroup): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "wanlian-configtxlator-"));
  const [original, updated, output] = ["original", "updated", "output"].map((name) => join(folder, name));
  await writeFile(original ?? "", Config.encode({ sequence: 1n, channelGroup: before }));
  await writeFile(updated ?? "", Config.encode({ sequence: 1n, channelGroup: after }));
  const options = ["--channel_id=pilot", `--original=${original}`, `--updated=${updated}`, `--output=${output}`];
  const run = spawnSync(join(binaries, "configtxlator"), ["compute_update", ...options], { encoding: "utf8" });
  expect(run.status, run.stderr).to.equal(0);
  const theirs = ConfigUpdate.decode(await readFile(output ?? ""));
  const ours = computeUpdate("pilot", before, after);
  expect(Buffer.from(ConfigUpdate.encode(ours)).equals(ConfigUpdate.encode(theirs))).to.equal(true);
  await rm(folder, { recursive: true });
}
