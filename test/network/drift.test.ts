import { join } from "node:path";
import { configurationDrift, peersDrift } from "@wanlian/network/administration/drift.js";
import { type PublicMsp, readPublicMsp } from "@wanlian/network/certificates/msp-folder.js";
import { Organisation } from "@wanlian/network/certificates/organisation.js";
import { departmentsOf } from "@wanlian/network/channel/changes.js";
import { channelGroup } from "@wanlian/network/channel/genesis.js";
import { withGroup, withPolicies } from "@wanlian/network/channel/group.js";
import { readMaterial } from "@wanlian/network/channel/material.js";
import { outOf, POLICY, principal, recordsPolicy, subGroups } from "@wanlian/network/channel/policies.js";
import { pilotDepartment } from "@wanlian/network/topology/pilot.js";
import type { Department, Topology } from "@wanlian/network/topology/topology.js";
import type { ConfigGroup } from "@wanlian/protocol/messages/configuration.js";
import type { Policy } from "@wanlian/protocol/messages/policies.js";
import { expect } from "chai";
import { makeWorld, type World } from "./world.js";

describe("what a topology says otherwise than the channel", () => {
  let world: World;
  let channel: ConfigGroup;
  let health: PublicMsp;

  before(async () => {
    world = await makeWorld({ departments: 3, consensus: "embedded" });
    channel = channelGroup(world.topology, await readMaterial(world.directory, world.topology));
    const folder = join(world.directory, "organizations", "HealthMSP");
    await Organisation.create(folder, "HealthMSP", "health commission");
    health = await readPublicMsp(join(folder, "msp"));
  });

  after(() => world.remove());

  /** What would change, by sides, and in whose words. */
  function drift(changes: Partial<Topology>, current = channel, msps: ReadonlyMap<string, PublicMsp> = new Map()) {
    const found = configurationDrift(current, { ...world.topology, ...changes }, msps);
    if (found === undefined) return undefined;
    return { wanted: found.wanted, sides: [...found.sides].sort(), words: found.what.map(({ en }) => en).join(" ") };
  }

  /** The channel with another policy of whose peers have to endorse. */
  function withRecords(policy: Policy): ConfigGroup {
    const application = channel.groups.get("Application") ?? expect.fail("no departments");
    return withGroup(channel, "Application", withPolicies(application, { [POLICY.records]: policy }));
  }

  const peers = (...mspIds: string[]) => mspIds.map((mspId) => principal(mspId, "PEER"));

  it("is nothing where they agree", () => expect(drift({})).to.equal(undefined));

  it("is nothing where the departments that endorse stand in another order", () => {
    expect(drift({}, withRecords(recordsPolicy(2, ["PoliceMSP", "BureauMSP", "CivilMSP"])))).to.equal(undefined);
  });

  describe("of whom an act needs", () => {
    const table: [title: string, policy: () => Policy][] = [
      ["one less", () => recordsPolicy(1, ["BureauMSP", "CivilMSP", "PoliceMSP"])],
      ["one more", () => recordsPolicy(3, ["BureauMSP", "CivilMSP", "PoliceMSP"])],
      ["of fewer departments", () => recordsPolicy(2, ["BureauMSP", "CivilMSP"])],
      ["of a department that is none", () => recordsPolicy(2, ["BureauMSP", "CivilMSP", "TaxMSP"])],
      ["of one more that is none", () => recordsPolicy(2, ["BureauMSP", "CivilMSP", "PoliceMSP", "TaxMSP"])],
      [
        "by any member",
        () =>
          outOf(
            2,
            ["BureauMSP", "CivilMSP", "PoliceMSP"].map((id) => principal(id, "MEMBER")),
          ),
      ],
      ["by a policy of another kind", () => subGroups("MAJORITY", "Endorsement")],
      ["where one is named twice", () => outOf(2, peers("BureauMSP", "CivilMSP", "CivilMSP"))],
    ];
    for (const [title, policy] of table) {
      it(title, () => {
        const found = drift({}, withRecords(policy())) ?? expect.fail("no drift");
        expect(found.sides).to.deep.equal(["Application"]);
        expect(found.words).to.include("An act needs the peers of 2 of 3");
        expect(configurationDrift(found.wanted, world.topology, new Map()), "once done").to.equal(undefined);
      });
    }
  });

  it("is a newcomer, once its public certificates are here", () => {
    const departments = [...world.topology.departments, pilotDepartment(3)];
    expect(drift({ departments })).to.equal(undefined);
    const found = drift({ departments }, channel, new Map([["HealthMSP", health]])) ?? expect.fail("no drift");
    expect(found.sides).to.deep.equal(["Application"]);
    expect(found.words).to.include("HealthMSP joins").and.to.include("2 of 4");
    expect(departmentsOf(found.wanted)).to.have.members(["BureauMSP", "CivilMSP", "PoliceMSP", "HealthMSP"]);
  });

  it("is no department that is on the channel already, whatever certificates are here", () => {
    expect(drift({}, channel, new Map([["CivilMSP", health]]))).to.equal(undefined);
  });

  describe("of where a department's peers are is that department's alone:", () => {
    const OTHER = { name: "peer1", address: "127.0.0.1:18070", contracts: "127.0.0.1:18071" };
    const civil = () =>
      world.topology.departments.find(({ mspId }) => mspId === "CivilMSP") ?? expect.fail("no CivilMSP");
    const withPeers = (...peers: Department["peers"]): Topology => ({
      ...world.topology,
      departments: world.topology.departments.map((one) => (one.mspId === "CivilMSP" ? { ...one, peers } : one)),
    });
    const table: [title: string, peers: () => Department["peers"]][] = [
      ["one more", () => [civil().peers[0], OTHER]],
      ["one elsewhere", () => [{ ...civil().peers[0], address: OTHER.address }]],
    ];
    for (const [title, peers] of table)
      it(title, () => {
        const topology = withPeers(...peers());
        const found = peersDrift(channel, topology, new Set(["CivilMSP"])) ?? expect.fail("no drift");
        expect(found.mspId).to.equal("CivilMSP");
        expect(found.what.map(({ en }) => en).join(" ")).to.match(/^The peers of .*CivilMSP are at .*18070 instead of/);
        expect(peersDrift(found.wanted, topology, new Set(["CivilMSP"])), "once done").to.equal(undefined);
        expect(peersDrift(channel, topology, new Set(["BureauMSP"])), "another's").to.equal(undefined);
      });

    it("not where they stand in another order, and not before the department is on the channel", () => {
      const both = withPeers(civil().peers[0], OTHER);
      const { wanted } = peersDrift(channel, both, new Set(["CivilMSP"])) ?? expect.fail("no drift");
      expect(peersDrift(wanted, withPeers(OTHER, civil().peers[0]), new Set(["CivilMSP"]))).to.equal(undefined);
      const newcomer = { ...world.topology, departments: [...world.topology.departments, pilotDepartment(3)] };
      expect(peersDrift(channel, newcomer, new Set(["HealthMSP"]))).to.equal(undefined);
    });
  });

  it("is a department that left", () => {
    const departments = world.topology.departments.filter(({ mspId }) => mspId !== "PoliceMSP");
    const found = drift({ departments }) ?? expect.fail("no drift");
    expect(found.words).to.include("PoliceMSP leaves");
    expect(departmentsOf(found.wanted)).to.have.members(["BureauMSP", "CivilMSP"]);
  });

  describe("is the orderers' alone where blocks are cut otherwise:", () => {
    const table: [title: string, change: (batch: Topology["batch"]) => Topology["batch"]][] = [
      ["after more messages", (batch) => ({ ...batch, messages: batch.messages + 1 })],
      ["at more bytes", (batch) => ({ ...batch, absoluteBytes: batch.absoluteBytes + 1 })],
      ["at more bytes as a rule", (batch) => ({ ...batch, preferredBytes: batch.preferredBytes + 1 })],
      ["after a longer time", (batch) => ({ ...batch, timeout: "11s" })],
    ];
    for (const [title, change] of table) {
      it(title, () => {
        expect(drift({ batch: change(world.topology.batch) })?.sides).to.deep.equal(["Orderer"]);
      });
    }

    it("not where who endorses changes too", () => {
      const batch = { ...world.topology.batch, timeout: "11s" };
      expect(drift({ batch, endorsements: 3 })?.sides).to.deep.equal(["Application", "Orderer"]);
    });
  });
});
