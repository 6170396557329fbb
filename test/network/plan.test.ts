import type { CommittedDefinition } from "@wanlian/network/administration/contracts/lifecycle.js";
import { planFor } from "@wanlian/network/administration/plan.js";
import type { NetworkState, PeerState } from "@wanlian/network/administration/state.js";
import { RECORDS_REFERENCE } from "@wanlian/network/channel/policies.js";
import { pilotTopology } from "@wanlian/network/topology/pilot.js";
import { parseTopology } from "@wanlian/network/topology/read.js";
import type { Topology } from "@wanlian/network/topology/topology.js";
import { expect } from "chai";

const FAILED = { kind: "failed", reason: { zh: "没有应答", en: "it does not answer" } } as const;
const yes = { kind: "answer", value: true } as const;
const no = { kind: "answer", value: false } as const;
const ACTIVE = { name: "pilot", consensusRelation: "consenter", status: "active", height: 5 };

describe("plan", () => {
  let topology: Topology;

  before(async () => {
    topology = await parseTopology(pilotTopology({ departments: 3, consensus: "embedded" }), "pilot.yaml");
  });

  it("for bare processes is everything, in the order in which it can be done", () => {
    expect(kinds(bare(state(peer({ joined: no, installed: no }))))).to.deep.equal([
      "join orderer",
      ...Array.from({ length: 3 }, () => ["join peer", "install"]).flat(),
      "approve",
      "approve",
      "approve",
      "commit",
    ]);
  });

  it("for a network that is as its topology says is nothing", () => {
    expect(kinds(state(peer({})))).to.deep.equal([]);
  });

  it("for a newcomer's peer is to join, install and approve what is in force, and not to commit it again", () => {
    const present = state((mspId) =>
      mspId === "PoliceMSP" ? { joined: no, installed: no } : { joined: yes, installed: yes },
    );
    const approvals = new Map([...present.approvals, ["PoliceMSP", false] as const]);
    expect(kinds({ ...present, approvals })).to.deep.equal(["join peer", "install", "approve"]);
  });

  it("for another version is the next sequence, approved by all and endorsed by a majority of those that answer", () => {
    const upgraded = { ...topology, contracts: { ...topology.contracts, version: "2.0" } };
    const present = state((mspId) => (mspId === "BureauMSP" ? { joined: FAILED } : {}));
    const { steps, obstacles } = planFor(upgraded, { ...present, approvals: new Map() });
    expect(steps.map(({ kind, by }) => `${kind} ${by}`)).to.deep.equal([
      "approve CivilMSP",
      "approve PoliceMSP",
      "commit BureauMSP",
    ]);
    const commit = steps.at(-1);
    expect(commit?.kind === "commit" && commit.definition.sequence).to.equal(2n);
    expect(commit?.kind === "commit" && commit.candidates.map(({ mspId }) => mspId)).to.deep.equal([
      "CivilMSP",
      "PoliceMSP",
    ]);
    expect(commit?.kind === "commit" && commit.needed).to.equal(2);
    expect(obstacles).to.deep.equal([{ mspId: "BureauMSP", name: "peer0", reason: FAILED.reason }]);
  });

  it("for a definition with another endorsement policy is a new one", () => {
    const loose = { ...inForce(), policyReference: "/Channel/Application/Endorsement" };
    expect(kinds({ ...state(peer({})), definition: loose, approvals: new Map() })).to.include("commit");
  });

  it("for a department that approved another package is to approve anew", () => {
    const approvedPackages = new Map([["CivilMSP", "wanlian:other"]]);
    expect(kinds({ ...state(peer({})), approvedPackages })).to.deep.equal(["approve"]);
  });

  it("for a department whose peer began with an empty folder is to join and install: the approval stands in the blocks", () => {
    const lost = state((mspId) => (mspId === "CivilMSP" ? { joined: no, installed: no } : {}));
    expect(kinds(lost)).to.deep.equal(["join peer", "install"]);
    const approvedPackages = new Map([["CivilMSP", undefined]]);
    const { steps, obstacles } = planFor(topology, { ...state(peer({})), approvedPackages });
    expect({ steps, obstacles }).to.deep.equal({ steps: [], obstacles: [] });
  });

  it("knows nothing to do where nobody answers", () => {
    const orderers = state(peer({})).orderers.map(({ place }) => ({ place, channel: FAILED }));
    const silent = { ...bare(state(peer({ joined: FAILED, installed: FAILED }))), orderers };
    expect(kinds(silent)).to.deep.equal([]);
  });

  function kinds(present: NetworkState): string[] {
    return planFor(topology, present).steps.map(({ kind }) => kind);
  }

  function state(peers: (mspId: string) => Partial<PeerState>): NetworkState {
    const definition = inForce();
    return {
      orderers: topology.orderers.nodes.map((place) => ({ place, channel: { kind: "answer", value: ACTIVE } })),
      peers: topology.departments.map(({ mspId, peers: [place] }) => ({
        mspId,
        place,
        package: { id: `wanlian:${mspId}`, content: new Uint8Array() },
        joined: yes,
        installed: yes,
        ...peers(mspId),
      })),
      msps: new Map(),
      ordererCertificates: new Map(),
      own: new Set(),
      config: undefined,
      definition,
      approvals: definition.approvals,
      approvedPackages: new Map(),
    };
  }

  /** The same before any definition, and before the orderers have joined. */
  function bare(present: NetworkState): NetworkState {
    const orderers = present.orderers.map(({ place }) => ({
      place,
      channel: { kind: "answer", value: undefined } as const,
    }));
    return { ...present, orderers, definition: undefined, approvals: new Map() };
  }

  function inForce(): CommittedDefinition {
    const approvals = new Map(topology.departments.map(({ mspId }) => [mspId, true]));
    return { name: "wanlian", version: "1.0", sequence: 1n, policyReference: RECORDS_REFERENCE, approvals };
  }
});

const peer = (state: Partial<PeerState>) => () => state;
