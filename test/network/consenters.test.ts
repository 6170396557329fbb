import { rm } from "node:fs/promises";
import { join } from "node:path";
import { orderersDrift } from "@wanlian/network/administration/drift.js";
import { planFor } from "@wanlian/network/administration/plan.js";
import type { NetworkState, OrdererState } from "@wanlian/network/administration/state.js";
import { makeOrdererOrganisation } from "@wanlian/network/certificates/make.js";
import { readPublicMsp } from "@wanlian/network/certificates/msp-folder.js";
import { Organisation } from "@wanlian/network/certificates/organisation.js";
import { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { part } from "@wanlian/network/channel/changes.js";
import { addressOf, consentersOf } from "@wanlian/network/channel/consenters.js";
import { describeChange } from "@wanlian/network/channel/describe.js";
import { channelGroup } from "@wanlian/network/channel/genesis.js";
import { decodedValue, withGroup, withValues } from "@wanlian/network/channel/group.js";
import { changesIn } from "@wanlian/network/channel/inspection.js";
import { readMaterial, readOrdererCertificates } from "@wanlian/network/channel/material.js";
import { signUpdate, updateEnvelope, updateFile } from "@wanlian/network/channel/update-file.js";
import type { OrdererPlace, Topology } from "@wanlian/network/topology/topology.js";
import { Bundle } from "@wanlian/protocol/configuration/bundle.js";
import { computeUpdate } from "@wanlian/protocol/configuration/delta.js";
import { proposeUpdate } from "@wanlian/protocol/configuration/update.js";
import {
  type ConfigGroup,
  ConsensusType,
  OrdererAddresses,
  Orderers,
} from "@wanlian/protocol/messages/configuration.js";
import { RaftConfigMetadata } from "@wanlian/protocol/messages/consensus.js";
import { SignaturePolicyEnvelope } from "@wanlian/protocol/messages/policies.js";
import { expect } from "chai";
import { makeWorld, type World } from "./world.js";

const NEWCOMER: OrdererPlace = {
  name: "orderer9",
  organisation: "OrdererMSP",
  address: "127.0.0.1:18050",
  administration: "127.0.0.1:18051",
};
const ELSEWHERE = "127.0.0.1:18060";

for (const consensus of ["raft", "bft"] as const)
  describe(`orderers of ${consensus} that a topology names otherwise than the channel`, () => {
    let world: World;
    let channel: ConfigGroup;

    before(async () => {
      world = await makeWorld({ departments: 3, consensus });
      channel = channelGroup(world.topology, await readMaterial(world.directory, world.topology));
    });

    after(() => world.remove());

    const own = new Set(["OrdererMSP"]);
    const nodes = () => world.topology.orderers.nodes;
    const withNodes = (...places: OrdererPlace[]): Topology => ({
      ...world.topology,
      orderers: { ...world.topology.orderers, nodes: places },
    });

    const mspsOf = async ({ orderers }: Topology) =>
      new Map(
        await Promise.all(
          orderers.organisations.map(
            async ({ mspId }) =>
              [mspId, await readPublicMsp(join(world.directory, "organizations", mspId, "msp"))] as const,
          ),
        ),
      );

    async function drift(topology: Topology, current = channel) {
      const msps = await mspsOf(topology);
      const certificates = await readOrdererCertificates(world.directory, topology);
      const found = orderersDrift(current, topology, { certificates, msps }, own);
      return found && { ...found, words: found.what.map(({ en }) => en).join(" ") };
    }

    /** Takes one step after another; gives what each says. */
    async function steps(topology: Topology): Promise<{ end: ConfigGroup; said: string[] }> {
      const said: string[] = [];
      let end = channel;
      for (let next = await drift(topology, end); next !== undefined; next = await drift(topology, end)) {
        said.push(next.words);
        end = next.wanted;
        expect(said, "steps").to.have.length.at.most(6);
      }
      return { end, said };
    }

    const certify = (topology: Topology, mspId = "OrdererMSP") =>
      makeOrdererOrganisation(join(world.directory, "organizations", mspId), topology, mspId);
    const addresses = (current: ConfigGroup) => consentersOf(current).map(addressOf);
    const endpoints = (current: ConfigGroup, mspId = "OrdererMSP") => {
      const group = part(current, "Orderer").groups.get(mspId);
      return group && decodedValue(group, "Endpoints", OrdererAddresses)?.addresses;
    };
    /** Signatures that a block needs, of how many; undefined where one of any orderer is enough. */
    const quorum = (current: ConfigGroup) => {
      const policy = part(current, "Orderer").policies.get("BlockValidation")?.policy;
      if (consensus === "raft" || policy === undefined) return undefined;
      const { rule, identities } = SignaturePolicyEnvelope.decode(policy.value);
      return [rule?.nOutOf?.n, identities.length];
    };

    it("are none where they agree, whatever the order", async () => {
      expect(await drift(world.topology)).to.equal(undefined);
      expect(await drift(withNodes(...[...nodes()].reverse()))).to.equal(undefined);
    });

    it("are none where a certificate was renewed for the same key", async () => {
      const organisation = await Organisation.open(join(world.directory, "organizations", "OrdererMSP"), "OrdererMSP");
      const before = (await readOrdererCertificates(world.directory, world.topology)).get("orderer0");
      await organisation.renew({ before: new Date(Date.now() + 100 * 365 * 86_400_000) });
      const after = (await readOrdererCertificates(world.directory, world.topology)).get("orderer0");
      expect(after?.tls).to.not.equal(before?.tls);
      expect(await drift(world.topology)).to.equal(undefined);
    });

    it("one more comes once its certificates are here, and its organisation alone has to sign", async () => {
      const topology = withNodes(...nodes(), NEWCOMER);
      expect(await drift(topology), "without certificates").to.equal(undefined);
      await certify(topology);
      const found = (await drift(topology)) ?? expect.fail("no drift");
      expect(found.mspId).to.equal("OrdererMSP");
      expect([...found.sides]).to.deep.equal(["Orderer"]);
      expect(found.words).to.include(`there come ${NEWCOMER.address}`).and.to.not.include("UNUSUAL");
      expect(addresses(found.wanted)).to.deep.equal([...nodes().map(({ address }) => address), NEWCOMER.address]);
      // Peers are told of it when it agrees on blocks.
      expect(endpoints(found.wanted)).to.not.include(NEWCOMER.address);
      expect(quorum(found.wanted)).to.deep.equal(consensus === "bft" ? [4, 5] : undefined);
      if (consensus === "bft") expect(consentersOf(found.wanted).at(-1)).to.include({ id: 5, mspId: "OrdererMSP" });
      const telling = (await drift(topology, found.wanted)) ?? expect.fail("nobody is told");
      expect(endpoints(telling.wanted)).to.include(NEWCOMER.address);
      expect(addresses(telling.wanted)).to.deep.equal(addresses(found.wanted));
      expect(await drift(topology, telling.wanted), "once done").to.equal(undefined);
      await takenWith(found.wanted, "OrdererMSP");
    });

    it("one less goes, its address with it", async () => {
      const [gone, ...rest] = nodes();
      const untold = (await drift(withNodes(...rest))) ?? expect.fail("no drift");
      expect(endpoints(untold.wanted)).to.deep.equal(rest.map(({ address }) => address));
      expect(addresses(untold.wanted)).to.deep.equal(addresses(channel));
      const found = (await drift(withNodes(...rest), untold.wanted)) ?? expect.fail("no drift");
      expect(found.words).to.include(`there go ${gone?.address}`).and.to.not.include("UNUSUAL");
      expect(addresses(found.wanted)).to.deep.equal(rest.map(({ address }) => address));
      expect(endpoints(found.wanted)).to.deep.equal(rest.map(({ address }) => address));
      expect(quorum(found.wanted)).to.deep.equal(consensus === "bft" ? [2, 3] : undefined);
      await takenWith(found.wanted, "OrdererMSP");
    });

    it("one that moved to another machine, with its key, is the same one elsewhere", async () => {
      const [first, ...rest] = nodes();
      const topology = withNodes({ ...(first ?? expect.fail("no orderer")), address: ELSEWHERE }, ...rest);
      const { end, said } = await steps(topology);
      expect(said).to.have.length(1);
      expect(said[0]).to.include(`there come ${ELSEWHERE}`).and.to.include(`there go ${first?.address}`);
      expect(addresses(end)).to.have.members(topology.orderers.nodes.map(({ address }) => address));
      expect(endpoints(end)).to.deep.equal(addresses(end));
      await takenWith(end, "OrdererMSP");
    });

    it("of one in another's place, the one comes before the other goes", async () => {
      const [gone, ...rest] = nodes();
      const topology = withNodes(...rest, NEWCOMER);
      const { end, said } = await steps(topology);
      expect(said).to.have.length(4);
      expect(said[0]).to.include(`there come ${NEWCOMER.address}`).and.to.include("there go none");
      expect(said[1]).to.include("The orderers of /Channel/Orderer/OrdererMSP are at").and.include(NEWCOMER.address);
      expect(said[2]).to.include("The orderers of /Channel/Orderer/OrdererMSP are at");
      expect(said[3]).to.include(`there go ${gone?.address}`);
      expect(addresses(end)).to.have.members(topology.orderers.nodes.map(({ address }) => address));
    });

    it("nobody goes as long as one that is to come cannot", async () => {
      const [, ...rest] = nodes();
      const unknown = { ...NEWCOMER, name: "orderer8", address: ELSEWHERE, administration: "127.0.0.1:18061" };
      expect(await drift(withNodes(...rest, unknown))).to.equal(undefined);
    });

    it("another organisation comes with its first orderer, and goes with its last", async () => {
      const organisation = { mspId: "CloudMSP", name: { zh: "政务云", en: "government cloud" } };
      const foreign = { ...NEWCOMER, name: "cloud0", organisation: "CloudMSP", address: ELSEWHERE };
      const { orderers } = world.topology;
      const topology: Topology = {
        ...world.topology,
        orderers: { organisations: [...orderers.organisations, organisation], nodes: [...orderers.nodes, foreign] },
      };
      await certify(topology, "CloudMSP");
      try {
        const { end, said } = await steps(topology);
        expect(said.join(" ")).to.include(`CloudMSP joins (/Channel/Orderer)`).and.to.include(ELSEWHERE);
        expect(endpoints(end, "CloudMSP")).to.deep.equal([ELSEWHERE]);
        await takenWith(end, "OrdererMSP");
        const untold = (await drift(world.topology, end)) ?? expect.fail("no drift");
        const back = (await drift(world.topology, untold.wanted)) ?? expect.fail("no drift");
        expect(back.words).to.include("CloudMSP leaves (/Channel/Orderer)");
        expect(endpoints(back.wanted, "CloudMSP")).to.equal(undefined);
      } finally {
        await rm(join(world.directory, "organizations", "CloudMSP"), { recursive: true });
      }
    });

    it("the departments' administrators cannot change, and what else changes with it is called unusual", async () => {
      const [, ...rest] = nodes();
      const untold = (await drift(withNodes(...rest))) ?? expect.fail("no drift");
      const { wanted } = (await drift(withNodes(...rest), untold.wanted)) ?? expect.fail("no drift");
      const refused = await takenWith(wanted, "BureauMSP").catch((error: { code: string }) => error.code);
      expect(refused).to.equal("UPDATE_REFUSED");
      const orderer = part(wanted, "Orderer");
      const type = decodedValue(orderer, "ConsensusType", ConsensusType) ?? expect.fail("no consensus");
      const slower = RaftConfigMetadata.decode(type.metadata);
      const tampered: Record<typeof consensus, () => Record<string, Uint8Array>> = {
        raft: () => ({
          ConsensusType: ConsensusType.encode({
            ...type,
            metadata: RaftConfigMetadata.encode({ ...slower, options: { ...slower.options, electionTick: 1000 } }),
          }),
        }),
        bft: () => ({ Orderers: Buffer.from("not a message") }),
      };
      const words = wordsOf(withGroup(wanted, "Orderer", withValues(orderer, tampered[consensus]())));
      expect(words).to.include("UNUSUAL: /Channel/Orderer/");
    });

    it("a mere change of their order is called unusual", () => {
      const orderer = part(channel, "Orderer");
      const type = decodedValue(orderer, "ConsensusType", ConsensusType) ?? expect.fail("no consensus");
      const raft = RaftConfigMetadata.decode(type.metadata);
      const bft = decodedValue(orderer, "Orderers", Orderers);
      const turned: Record<typeof consensus, () => Record<string, Uint8Array>> = {
        raft: () => ({
          ConsensusType: ConsensusType.encode({
            ...type,
            metadata: RaftConfigMetadata.encode({ ...raft, consenters: [...raft.consenters].reverse() }),
          }),
        }),
        bft: () => ({
          Orderers: Orderers.encode({ consenterMapping: [...(bft?.consenterMapping ?? [])].reverse() }),
        }),
      };
      expect(wordsOf(withGroup(channel, "Orderer", withValues(orderer, turned[consensus]())))).to.include("UNUSUAL");
    });

    describe("and a plan:", () => {
      const ACTIVE = { name: "pilot", consensusRelation: "follower", status: "active", height: 5 };
      const BEHIND = { ...ACTIVE, status: "onboarding" };
      const table: [title: string, channel: OrdererState["channel"], steps: string[]][] = [
        [
          "lets one that has not joined begin with the newest configuration, and then agree",
          { kind: "answer", value: undefined },
          ["join orderer (newest configuration)", "update configuration"],
        ],
        ["lets one that has caught up agree", { kind: "answer", value: ACTIVE }, ["update configuration"]],
        ["waits for one that is behind", { kind: "answer", value: BEHIND }, []],
        ["waits for one that does not answer", { kind: "failed", reason: { zh: "无应答", en: "no answer" } }, []],
        ["believes of another machine's that it is ready", { kind: "withheld" }, ["update configuration"]],
      ];
      for (const [title, channel, expected] of table)
        it(title, async () => expect(await kinds(withNodes(...nodes(), NEWCOMER), channel)).to.deep.equal(expected));

      it("lets one that lost its disk come back with block 0", async () => {
        const lost = nodes().at(-1) ?? expect.fail("no orderer");
        const last = withNodes(...nodes().slice(0, -1), lost);
        expect(await kinds(last, { kind: "answer", value: undefined })).to.deep.equal(["join orderer (block 0)"]);
      });

      /** What is to be done where the last orderer stands so and the others are whole; nothing but orderers is there. */
      async function kinds(topology: Topology, last: OrdererState["channel"]): Promise<string[]> {
        await certify(topology);
        const orderers = topology.orderers.nodes.map(
          (place, index, { length }): OrdererState => ({
            place,
            channel: index === length - 1 ? last : { kind: "answer", value: ACTIVE },
          }),
        );
        const state: NetworkState = {
          orderers,
          peers: [],
          msps: await mspsOf(topology),
          ordererCertificates: await readOrdererCertificates(world.directory, topology),
          own,
          config: { sequence: 0n, channelGroup: channel },
          definition: undefined,
          approvals: new Map(),
          approvedPackages: new Map(),
        };
        return planFor(topology, state).steps.map((step) =>
          step.kind === "join orderer" ? `${step.kind} (${step.from})` : step.kind,
        );
      }
    });

    function wordsOf(wanted: ConfigGroup): string {
      const changes = changesIn(channel, computeUpdate("pilot", channel, wanted));
      return changes.map((change) => describeChange(change).en).join(" ");
    }

    /** Whether the channel takes it, signed by that administrator alone. */
    async function takenWith(wanted: ConfigGroup, mspId: string): Promise<void> {
      const folder = join(world.directory, "organizations", mspId, "administrators", "admin", "msp");
      const administrator = await SigningIdentity.read(mspId, folder);
      const file = signUpdate(updateFile(computeUpdate("pilot", channel, wanted)), administrator);
      const current = new Bundle("pilot", { sequence: 0n, channelGroup: channel });
      const { config } = await proposeUpdate(current, updateEnvelope(file, administrator));
      expect(addresses(config?.channelGroup ?? expect.fail("no group"))).to.deep.equal(addresses(wanted));
    }
  });
