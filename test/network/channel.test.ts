import { verify, X509Certificate } from "node:crypto";
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
  ConfigEnvelope,
  type ConfigGroup,
  ConfigUpdate,
  ConfigUpdateEnvelope,
} from "@wanlian/protocol/messages/configuration.js";
import { SerializedIdentity } from "@wanlian/protocol/messages/msp.js";
import { expect } from "chai";
import { refusal } from "./refusal.js";
import { makeWorld, type World } from "./world.js";

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
      file = files.signUpdate(files.parseUpdateFile(files.formatUpdateFile(file), "pilot"), await administrator(mspId));
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

  describe("is not read from a file", () => {
    const update = () => computeUpdate("pilot", channel, withHealth);
    const written = (changes: object = {}, file = files.updateFile(update())) =>
      JSON.stringify({ ...JSON.parse(files.formatUpdateFile(file)), ...changes });
    const elsewhere = () => files.updateFile(ConfigUpdate.create({ ...update(), channelId: "other" }));
    const table: [title: string, text: () => string, why: string][] = [
      ["that is empty", () => "", "it is not JSON"],
      ["with a list", () => "[]", "its format is undefined"],
      ["with a number", () => "7", "it is not a JSON object"],
      ["with nothing", () => "null", "it is not a JSON object"],
      ["of another format", () => written({ format: "wanlian-configuration-update-2" }), "its format is"],
      ["without an update", () => written({ update: undefined }), "channel, update or signatures is missing"],
      ["without a channel", () => written({ channel: undefined }), "channel, update or signatures is missing"],
      ["without signatures", () => written({ signatures: {} }), "channel, update or signatures is missing"],
      ["with a signature without its header", () => written({ signatures: [{ signature: "" }] }), "lacks its header"],
      [
        "with a signature that is none",
        () => written({ signatures: [{ header: "", signature: 1 }] }),
        "lacks its header",
      ],
      ["with a signature that is nothing", () => written({ signatures: [null] }), "lacks its header"],
      ["with an update that is none", () => written({ update: "/////w==" }), "does not decode"],
      ["that is huge", () => " ".repeat(4 << 20) + written(), "it is too large"],
      [
        "for another channel, and says so",
        () => written({}, elsewhere()),
        'it is for the channel "other", not for pilot',
      ],
      [
        "for another channel, and says that it is for this",
        () => written({ channel: "pilot" }, elsewhere()),
        "is for another channel than it says",
      ],
      [
        "for this channel that says it is for another",
        () => written({ channel: "other" }),
        "is for another channel than it says",
      ],
    ];
    for (const [title, text, why] of table) {
      it(title, () => {
        expect(() => files.parseUpdateFile(text(), "pilot"))
          .to.throw(why)
          .with.property("code", "INVALID_CONFIGURATION");
      });
    }

    it("but from one as it was written, up to its largest", () => {
      const text = written();
      const padded = text + " ".repeat((4 << 20) - text.length);
      expect(files.parseUpdateFile(padded, "pilot").update).to.deep.equal(Buffer.from(ConfigUpdate.encode(update())));
    });
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
