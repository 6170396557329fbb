import { contractPackage } from "@wanlian/network/administration/contracts/package.js";
import { observe } from "@wanlian/network/administration/state.js";
import { networkStatus } from "@wanlian/network/administration/status.js";
import type { Topology } from "@wanlian/network/topology/topology.js";
import { expect } from "chai";
import { type Asked, type NetworkScript, refused, scriptedNetwork, unreachable } from "./scripted-network.js";
import { makeWorld, type World } from "./world.js";

const ACTIVE = { name: "pilot", consensusRelation: "consenter", status: "active", height: 8 };
const WITHHELD = { kind: "withheld" };

describe("how a network is, as an administrator's machine finds it", () => {
  let world: World;
  let topology: Topology;

  before(async () => {
    world = await makeWorld({ departments: 3, consensus: "embedded" });
    ({ topology } = world);
  });

  after(() => world.remove());

  const network = (script: Partial<NetworkScript>, asked?: Asked) =>
    scriptedNetwork({ topology, base: world.directory, orderer: ACTIVE, ...script }, asked);

  describe("status", () => {
    const status = (script: Partial<NetworkScript>, asked?: Asked) => networkStatus(network(script, asked));
    const kinds = async (script: Partial<NetworkScript>) =>
      (await status(script)).complaints.map((one) => `${one.kind}${"mspId" in one ? ` ${one.mspId}` : ""}`);

    it("has nothing to say where all is well", async () => expect(await kinds({})).to.deep.equal([]));

    it("compares the peers at the highest block that each of them has", async () => {
      const asked: Asked = [];
      const { comparedAt, peers } = await status({ peers: { CivilMSP: { heights: [5n, 8n] } } }, asked);
      expect(comparedAt).to.equal(4n);
      expect(asked.filter((one) => one.includes("block"))).to.have.members([
        "BureauMSP block 4",
        "CivilMSP block 4",
        "PoliceMSP block 4",
      ]);
      expect(peers.map(({ ledger }) => ledger.kind === "answer" && ledger.value.height)).to.deep.equal([8n, 5n, 8n]);
    });

    it("tells a peer that stands still from one that comes nearer", async () => {
      const peers = { BureauMSP: { heights: [7n] }, CivilMSP: { heights: [7n, 8n] } };
      expect(await kinds({ peers })).to.deep.equal(["peer stands still BureauMSP"]);
    });

    it("tells a peer that stands still behind the orderer alone", async () => {
      const still = await kinds({ orderer: { ...ACTIVE, height: 9 } });
      expect(still).to.deep.equal(["BureauMSP", "CivilMSP", "PoliceMSP"].map((one) => `peer stands still ${one}`));
    });

    const table: [title: string, script: Partial<NetworkScript>, said: string[]][] = [
      [
        "a peer that does not say how high its ledger is, though it answers otherwise",
        { peers: { CivilMSP: { heights: [unreachable()] } } },
        ["peer silent CivilMSP"],
      ],
      ["an orderer that does not answer", { orderer: unreachable() }, ["orderer silent OrdererMSP"]],
      ["an orderer that has not joined", { orderer: undefined }, ["orderer not active OrdererMSP"]],
      [
        "contracts that do not answer",
        { peers: { CivilMSP: { contracts: unreachable() } } },
        ["contracts silent CivilMSP"],
      ],
      [
        "contracts that the peer could not ask",
        { peers: { CivilMSP: { contracts: refused("error in simulation: no process") } } },
        ["contracts silent CivilMSP"],
      ],
      [
        "no contracts that know no such function",
        { peers: { CivilMSP: { contracts: refused("no such function") } } },
        [],
      ],
      ["a peer that sees one too few", { peers: { CivilMSP: { sees: 2 } } }, ["peers unseen CivilMSP"]],
    ];
    for (const [title, script, said] of table) {
      it(`complains about ${title}`.replace("about no", "not about"), async () => {
        expect(await kinds(script)).to.deep.equal(said);
      });
    }

    it("does not ask contracts that are not in force", async () => {
      const asked: Asked = [];
      const none = { version: undefined, contracts: unreachable() };
      const { peers } = await status({ peers: { BureauMSP: none, CivilMSP: none, PoliceMSP: none } }, asked);
      expect(peers.map(({ process }) => process)).to.deep.equal([WITHHELD, WITHHELD, WITHHELD]);
      expect(asked.filter((one) => one.includes("GetMetadata"))).to.deep.equal([]);
    });

    it("asks orderers alone where no department's key is here, and no orderer where theirs is elsewhere", async () => {
      const ordering = await status({ keys: ["OrdererMSP"] });
      expect(ordering.orderers.map(({ channel }) => channel.kind)).to.deep.equal(["answer"]);
      for (const { ledger, contracts, process, sees } of ordering.peers)
        expect([ledger, contracts, process, sees]).to.deep.equal([WITHHELD, WITHHELD, WITHHELD, WITHHELD]);
      const department = await status({ keys: ["CivilMSP"] });
      expect(department.orderers.map(({ channel }) => channel)).to.deep.equal([WITHHELD]);
      expect(department.peers.map(({ ledger }) => ledger.kind)).to.deep.equal(["answer", "answer", "answer"]);
    });

    it("looks at the certificates that lie here, of whom they are and until when", async () => {
      const { certificates } = await status({});
      const named = certificates.map(({ mspId, holder, use }) => `${mspId} ${holder} ${use}`);
      expect(named).to.include("CivilMSP administrators/admin identity");
      expect(named).to.include("OrdererMSP orderers/orderer0 tls");
      expect(new Set(named).size).to.equal(named.length);
      for (const { notAfter } of certificates) expect(notAfter.getTime()).to.be.greaterThan(Date.now());
    });
  });

  describe("what there is to do", () => {
    const packageOf = async (mspId: string) => {
      const place = topology.departments.find((one) => one.mspId === mspId)?.peers[0] ?? expect.fail(`no ${mspId}`);
      return (await contractPackage(topology.contracts.name, place.contracts)).id;
    };
    const peersOf = async (script: Partial<NetworkScript>) =>
      (await observe(network(script))).peers.map(({ mspId, joined, installed }) => ({ mspId, joined, installed }));
    const yes = { kind: "answer", value: true };
    const no = { kind: "answer", value: false };

    it("begins with whether each peer has joined and knows the own package of contracts", async () => {
      const peers = {
        BureauMSP: { installed: ["wanlian:other", await packageOf("BureauMSP")] },
        CivilMSP: { installed: ["wanlian:other"] },
        PoliceMSP: { channels: ["other"] },
      };
      expect(await peersOf({ peers })).to.deep.equal([
        { mspId: "BureauMSP", joined: yes, installed: yes },
        { mspId: "CivilMSP", joined: yes, installed: no },
        { mspId: "PoliceMSP", joined: no, installed: no },
      ]);
    });

    it("takes another department's word for its ledger, and a refusal for not having joined", async () => {
      const peers = { CivilMSP: { heights: [refused("no such channel")] }, PoliceMSP: { heights: [unreachable()] } };
      const [, civil, police] = await peersOf({ keys: ["BureauMSP"], peers });
      expect(civil).to.deep.equal({ mspId: "CivilMSP", joined: no, installed: WITHHELD });
      expect(police?.joined.kind).to.equal("failed");
      const [, joined] = await peersOf({ keys: ["BureauMSP"] });
      expect(joined?.joined).to.deep.equal(yes);
    });

    it("says what each department approved: of what is in force, or of what is to be next", async () => {
      const approvals = new Map([
        ["BureauMSP", true],
        ["CivilMSP", false],
      ]);
      const peers = { BureauMSP: { approvals, approvedPackage: "wanlian:one" } };
      const asked: Asked = [];
      const now = await observe(network({ peers }, asked));
      expect(now.definition?.version).to.equal(topology.contracts.version);
      expect([...now.approvals]).to.deep.equal([...approvals]);
      expect([...now.approvedPackages], "of those whose keys are here").to.deep.equal([
        ["BureauMSP", "wanlian:one"],
        ["CivilMSP", undefined],
        ["PoliceMSP", undefined],
      ]);
      expect(now.config?.sequence).to.equal(3n);
      expect(asked.filter((one) => one.includes("Readiness"))).to.deep.equal([]);
      const next = { ...topology, contracts: { ...topology.contracts, version: "2.0" } };
      const later: Asked = [];
      expect([
        ...(
          await observe(
            network({ topology: next, peers: { BureauMSP: { ...peers.BureauMSP, version: "1.0" } } }, later),
          )
        ).approvals,
      ]).to.deep.equal([...approvals]);
      expect(later.filter((one) => one.includes("Readiness"))).to.deep.equal([
        "BureauMSP _lifecycle.CheckCommitReadiness",
      ]);
    });

    it("asks no department's peer for approvals whose key is elsewhere", async () => {
      const asked: Asked = [];
      await observe(network({ keys: ["CivilMSP"] }, asked));
      expect(asked.filter((one) => one.includes("QueryApproved"))).to.deep.equal([
        "CivilMSP _lifecycle.QueryApprovedChaincodeDefinition",
      ]);
    });

    it("knows nothing of a channel that no peer has joined", async () => {
      const none = { channels: [] };
      const found = await observe(network({ peers: { BureauMSP: none, CivilMSP: none, PoliceMSP: none } }));
      expect(found).to.include({ config: undefined, definition: undefined });
    });
  });
});
