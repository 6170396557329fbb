import { setBatch, setEndorsements, setRevocationLists } from "@wanlian/network/channel/changes.js";
import { withPolicies } from "@wanlian/network/channel/group.js";
import { outOf, principal } from "@wanlian/network/channel/policies.js";
import { signUpdate, updateEnvelope, updateFile } from "@wanlian/network/channel/update-file.js";
import { Bundle, bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { computeUpdate } from "@wanlian/protocol/configuration/delta.js";
import { applyConfig, proposeUpdate } from "@wanlian/protocol/configuration/update.js";
import { type ConfigEnvelope, ConfigGroup, type ConfigUpdate } from "@wanlian/protocol/messages/configuration.js";
import { expect } from "chai";
import fc from "fast-check";
import { DEPARTMENTS, type DepartmentId, TestChannel } from "../ledger/channel.js";
import { member } from "../network/ordering.js";
import { refusal } from "./refusal.js";

describe("configuration updates", () => {
  let channel: TestChannel;
  let current: Bundle;
  const batch = { messages: 7, absoluteBytes: 1000, preferredBytes: 900, timeout: "1s" };

  before(async () => {
    channel = await TestChannel.make();
    current = bundleFromBlock(channel.genesis.data?.data ?? []);
  });

  after(() => channel.close());

  const signed = (update: ConfigUpdate, ...signers: DepartmentId[]) => {
    const admins = signers.map((mspId) => channel.of(mspId).admin);
    const file = admins.reduce(signUpdate, updateFile(update));
    return updateEnvelope(file, channel.of("BureauMSP").admin);
  };
  const ordererSigned = async (update: ConfigUpdate) => {
    const admin = await member(channel.world, "OrdererMSP", "administrators/admin");
    return updateEnvelope(signUpdate(updateFile(update), admin), admin);
  };
  const toEndorsements = (n: number) => computeUpdate("pilot", current.group, setEndorsements(current.group, n));

  it("take the majority of the departments' administrators", async () => {
    const update = toEndorsements(3);
    expect(await refusal(proposeUpdate(current, signed(update, "CivilMSP")))).to.include("UPDATE_REFUSED");
    const { config } = await proposeUpdate(current, signed(update, "CivilMSP", "PoliceMSP"));
    expect(config?.sequence).to.equal(1n);
    const records = new Bundle("pilot", config ?? { sequence: 0n, channelGroup: undefined }).policies;
    expect(records.policy("/Channel/Application/Records")).to.not.equal(undefined);
  });

  it("take nobody's signature twice, and no client's for an administrator's", async () => {
    const update = toEndorsements(3);
    const twice = ["CivilMSP", "CivilMSP"] as const;
    expect(await refusal(proposeUpdate(current, signed(update, ...twice)))).to.include("UPDATE_REFUSED");
    const { client } = channel.of("PoliceMSP");
    const mixed = signUpdate(signUpdate(updateFile(update), channel.of("CivilMSP").admin), client);
    expect(await refusal(proposeUpdate(current, updateEnvelope(mixed, client)))).to.include("do not satisfy");
  });

  it("of the orderers' part take their administrators, not the departments'", async () => {
    const update = computeUpdate("pilot", current.group, setBatch(current.group, batch));
    expect(await refusal(proposeUpdate(current, signed(update, ...DEPARTMENTS)))).to.include("do not satisfy");
    const { config } = await proposeUpdate(current, await ordererSigned(update));
    const next = new Bundle("pilot", config ?? { sequence: 0n, channelGroup: undefined });
    expect(next.orderer).to.include({ maxMessageCount: 7, batchTimeoutMilliseconds: 1000 });
  });

  it("of one's own revocation list take oneself alone, and leave the other MSPs in memory", async () => {
    const list = await channel.world.organisations.get("CivilMSP")?.identities.revoke(["0abc"]);
    const update = computeUpdate("pilot", current.group, setRevocationLists(current.group, "CivilMSP", [list ?? ""]));
    expect(await refusal(proposeUpdate(current, signed(update, "BureauMSP", "PoliceMSP")))).to.include(
      "do not satisfy",
    );
    const next = await applyConfig(current, await proposeUpdate(current, signed(update, "CivilMSP")));
    expect(next.msps.msp("BureauMSP")).to.equal(current.msps.msp("BureauMSP"));
    expect(next.msps.msp("CivilMSP")).to.not.equal(current.msps.msp("CivilMSP"));
  });

  it("computed before another stand if what they touch is unchanged, and fall if it is not", async () => {
    const early = toEndorsements(3);
    const other = computeUpdate("pilot", current.group, setBatch(current.group, batch));
    const between = await applyConfig(current, await proposeUpdate(current, await ordererSigned(other)));
    const both = signed(early, "BureauMSP", "CivilMSP");
    const after = await applyConfig(between, await proposeUpdate(between, both));
    expect(after.sequence).to.equal(2n);
    expect(await refusal(proposeUpdate(after, both))).to.include("UPDATE_REFUSED");
  });

  describe("are refused", () => {
    const majority: readonly DepartmentId[] = ["BureauMSP", "CivilMSP"];
    const edited = (edit: (update: ConfigUpdate) => ConfigUpdate) => signed(edit(toEndorsements(3)), ...majority);
    const application = (update: ConfigUpdate): ConfigGroup => {
      const group = update.writeSet?.groups.get("Application");
      if (group === undefined) throw new Error("the update does not touch the departments' part");
      return group;
    };
    const records = (update: ConfigUpdate) => {
      const policy = application(update).policies.get("Records");
      if (policy === undefined) throw new Error("the update does not touch Records");
      return policy;
    };
    const cases: Record<string, (update: ConfigUpdate) => ConfigUpdate> = {
      "for another channel": (update) => ({ ...update, channelId: "other" }),
      "that change nothing": (update) => ({ ...update, writeSet: update.readSet }),
      "that skip a version": (update) => {
        records(update).version += 1n;
        return update;
      },
      "without a mod_policy": (update) => {
        records(update).modPolicy = "";
        return update;
      },
      "with a mod_policy that is no path": (update) => {
        records(update).modPolicy = "not a path";
        return update;
      },
      "with a name that Fabric does not allow": (update) => {
        application(update).policies.set("no such name", records(update));
        return update;
      },
      "computed on another version": (update) => {
        const read = update.readSet?.groups.get("Application");
        if (read !== undefined) read.version += 5n;
        return update;
      },
    };
    for (const [what, edit] of Object.entries(cases)) {
      it(what, async () => {
        expect(await refusal(proposeUpdate(current, edited(edit)))).to.match(/^(UPDATE_REFUSED|INVALID_CONFIGURATION)/);
      });
    }

    it("in what they add to a group without changing the group: it falls away, as in Fabric", async () => {
      const envelope = edited((update) => {
        application(update).policies.set("New", { ...records(update), version: 0n });
        return update;
      });
      const { config } = await proposeUpdate(current, envelope);
      expect([...(config?.channelGroup?.groups.get("Application")?.policies.keys() ?? [])]).to.not.include("New");
    });

    it("where an organization would change its MSP id", async () => {
      const wanted = ConfigGroup.decode(ConfigGroup.encode(current.group));
      const groups = wanted.groups.get("Application")?.groups;
      const [civil, police] = [groups?.get("CivilMSP"), groups?.get("PoliceMSP")];
      if (groups === undefined || civil === undefined || police === undefined) throw new Error("no departments");
      const values = new Map([
        ...civil.values,
        ["MSP", police.values.get("MSP") ?? { version: 0n, value: new Uint8Array(0), modPolicy: "" }],
      ] as const);
      groups.set("CivilMSP", { ...civil, values });
      groups.delete("PoliceMSP");
      const update = computeUpdate("pilot", current.group, wanted);
      expect(await refusal(proposeUpdate(current, signed(update, ...DEPARTMENTS)))).to.include("MSP id");
    });

    it("as ordered configurations, where sequence or result are not what the update leads to", async () => {
      const good = await proposeUpdate(current, signed(toEndorsements(3), ...majority));
      const config = good.config ?? { sequence: 0n, channelGroup: undefined };
      const bad: Record<string, ConfigEnvelope> = {
        sequence: { ...good, config: { ...config, sequence: 2n } },
        result: { ...good, config: { ...config, channelGroup: setEndorsements(current.group, 2) } },
        "no update": { ...good, lastUpdate: undefined },
      };
      for (const [what, envelope] of Object.entries(bad)) {
        expect(await refusal(applyConfig(current, envelope)), what).to.include("UPDATE_REFUSED");
      }
      expect((await applyConfig(current, good)).sequence).to.equal(1n);
    });
  });

  it("lead from any configuration to any other, with everybody's signatures", async () => {
    const names = ["P1", "P2", "P3", "P4"];
    const policies = fc.dictionary(fc.constantFrom(...names), fc.integer({ min: 0, max: 3 }), { maxKeys: 4 });
    const withThem = (group: ConfigGroup, chosen: Record<string, number>): ConfigGroup => {
      const application = group.groups.get("Application") ?? ConfigGroup.create();
      const kept = new Map([...application.policies].filter(([name]) => !names.includes(name)));
      const made = Object.entries(chosen).map(
        ([name, n]) =>
          [
            name,
            outOf(
              n,
              DEPARTMENTS.map((id) => principal(id, "PEER")),
            ),
          ] as const,
      );
      const next = withPolicies({ ...application, policies: kept }, Object.fromEntries(made));
      return { ...group, groups: new Map([...group.groups, ["Application", next]]) };
    };
    await fc.assert(
      fc.asyncProperty(policies, policies, async (first, second) => {
        let bundle = current;
        for (const chosen of [first, second]) {
          const wanted = withThem(bundle.group, chosen);
          const before = Object.keys(chosen).sort();
          if (samePolicies(bundle.group, wanted)) continue;
          const update = computeUpdate("pilot", bundle.group, wanted);
          bundle = await applyConfig(bundle, await proposeUpdate(bundle, signed(update, ...DEPARTMENTS)));
          const held = [...(bundle.group.groups.get("Application")?.policies.keys() ?? [])];
          expect(held.filter((name) => names.includes(name)).sort()).to.deep.equal(before);
        }
      }),
      { numRuns: 15 },
    );
  });
});

/** Whether the departments' part of two configurations has the same policies, versions aside. */
function samePolicies(left: ConfigGroup, right: ConfigGroup): boolean {
  const policies = (group: ConfigGroup) =>
    [...(group.groups.get("Application")?.policies ?? [])]
      .map(([name, { policy }]) => `${name}:${Buffer.from(policy?.value ?? []).toString("hex")}`)
      .sort();
  return policies(left).join() === policies(right).join();
}
