import { anyOf } from "@wanlian/network/channel/policies.js";
import type { ChannelLedger } from "@wanlian/network/embedded/ledger/channel-ledger.js";
import { utf8 } from "@wanlian/protocol/bytes.js";
import { sha256 } from "@wanlian/protocol/hash.js";
import { Envelope, Payload } from "@wanlian/protocol/messages/common.js";
import { SignaturePolicyEnvelope } from "@wanlian/protocol/messages/policies.js";
import { ChaincodeActionPayload, Transaction } from "@wanlian/protocol/messages/transaction.js";
import { expect } from "chai";
import { CHAINCODE, type Draft, definitionWrites, TestChannel } from "./channel.js";

const put = (key: string, value = "1") => ({ key, value: utf8(value) });
const policyOf = (mspId: string) => SignaturePolicyEnvelope.decode(anyOf(mspId, "PEER").value);
const parameter = (key: string, value: Uint8Array) => ({ key, entries: [{ name: "VALIDATION_PARAMETER", value }] });
const NOBODY = SignaturePolicyEnvelope.encode({ rule: { nOutOf: { n: 1, rules: [] } } });

describe("validation of blocks", () => {
  let channel: TestChannel;
  let ledger: ChannelLedger;

  const commit = async (...drafts: readonly Draft[]): Promise<number[]> => {
    const block = channel.order(...drafts.map((draft) => channel.draft(draft).envelope));
    return [...(await ledger.commit(block)).codes];
  };
  const peers = (...mspIds: Parameters<TestChannel["of"]>[0][]) => mspIds.map((mspId) => channel.of(mspId).peer);
  const writes = (...keys: string[]): Draft => ({ sets: { [CHAINCODE]: { writes: keys.map((key) => put(key)) } } });

  before(async () => {
    channel = await TestChannel.make();
    ledger = await channel.ledger();
    const anyPeer = { signaturePolicy: policyOf("BureauMSP") };
    const collections = {
      config: [
        { staticCollectionConfig: { name: "shared", endorsementPolicy: { signaturePolicy: policyOf("CivilMSP") } } },
        { staticCollectionConfig: { name: "plain" } },
      ],
    };
    const everybody = peers("BureauMSP", "CivilMSP", "PoliceMSP");
    const definitions = [
      { policy: anyPeer, collections },
      { name: "strict" },
      { name: "broken", policy: { channelConfigPolicyReference: "/Channel/Application/Nothing" } },
      { name: "relative", policy: { channelConfigPolicyReference: "Channel/Application/Endorsement" } },
    ];
    const drafts = definitions.map((definition) => ({
      chaincode: "_lifecycle",
      endorsers: everybody,
      sets: { _lifecycle: definitionWrites(definition) },
    }));
    expect(await commit(...drafts)).to.deep.equal([0, 0, 0, 0]);
  });

  after(() => channel.close());

  describe("endorsement policies", () => {
    it("let pass what they demand, and 10 what falls short", async () => {
      const strict = { chaincode: "strict", sets: { strict: { writes: [put("a")] } } };
      expect(
        await commit(
          writes("a"),
          { ...writes("b"), endorsers: [] },
          { ...writes("b"), endorsers: peers("CivilMSP") },
          { ...strict, endorsers: peers("BureauMSP") },
          { ...strict, endorsers: peers("BureauMSP", "CivilMSP") },
          { ...strict, endorsers: peers("BureauMSP", "BureauMSP") },
          { ...strict, endorsers: [channel.of("BureauMSP").client, channel.of("CivilMSP").admin] },
        ),
      ).to.deep.equal([0, 10, 10, 10, 0, 10, 10]);
    });

    it("10 where the policy refers to nothing, absolutely or relatively", async () => {
      const everybody = peers("BureauMSP", "CivilMSP", "PoliceMSP");
      const drafts = ["broken", "relative"].map((chaincode) => ({ chaincode, endorsers: everybody }));
      expect(await commit(...drafts)).to.deep.equal([10, 10]);
    });

    it("25 for a chaincode that is not defined, system chaincodes included", async () => {
      const other = { sets: { [CHAINCODE]: {}, qscc: { writes: [put("a")] } } };
      expect(await commit({ chaincode: "unknown" }, { chaincode: "qscc" }, other)).to.deep.equal([25, 25, 25]);
    });

    it("of every namespace that is written must hold", async () => {
      const sets = { [CHAINCODE]: { writes: [put("c")] }, strict: { writes: [put("c")] } };
      expect(await commit({ sets }, { sets, endorsers: peers("BureauMSP", "PoliceMSP") })).to.deep.equal([10, 0]);
    });

    it("of a collection takes the chaincode's place there; an undefined one fails", async () => {
      const hashed = { hashedWrites: [{ keyHash: sha256(utf8("k")), valueHash: sha256(utf8("v")) }] };
      const into = (name: string, ...endorsers: Parameters<TestChannel["of"]>[0][]): Draft => ({
        sets: {},
        collections: { [CHAINCODE]: [{ name, hashed }] },
        endorsers: peers(...endorsers),
      });
      expect(
        await commit(
          into("shared", "BureauMSP"),
          into("shared", "CivilMSP"),
          into("plain", "BureauMSP"),
          into("plain", "CivilMSP"),
          into("_implicit_org_PoliceMSP", "BureauMSP"),
          into("_implicit_org_PoliceMSP", "PoliceMSP"),
          into("_implicit_org_NobodyMSP", "BureauMSP"),
          into("undefined", "BureauMSP"),
        ),
      ).to.deep.equal([10, 0, 0, 10, 10, 0, 10, 10]);
    });
  });

  describe("policies of keys", () => {
    it("a key that nobody can satisfy is never changed, deleted or unlocked again", async () => {
      const everybody = peers("BureauMSP", "CivilMSP", "PoliceMSP");
      const seal = { writes: [put("sealed")], metadataWrites: [parameter("sealed", NOBODY)] };
      expect(await commit({ sets: { [CHAINCODE]: seal } })).to.deep.equal([0]);
      const attacks = [
        { writes: [put("sealed", "2")] },
        { writes: [{ key: "sealed", isDelete: true }] },
        { metadataWrites: [parameter("sealed", SignaturePolicyEnvelope.encode(policyOf("BureauMSP")))] },
        { metadataWrites: [{ key: "sealed", entries: [] }] },
      ];
      const drafts = attacks.map((set) => ({ sets: { [CHAINCODE]: set }, endorsers: everybody }));
      expect(await commit(...drafts)).to.deep.equal([10, 10, 10, 10]);
    });

    it("take the place of the chaincode's policy for that key alone", async () => {
      const lock = { metadataWrites: [parameter("civil", SignaturePolicyEnvelope.encode(policyOf("CivilMSP")))] };
      expect(await commit({ sets: { [CHAINCODE]: { writes: [put("civil")], ...lock } } })).to.deep.equal([0]);
      expect(
        await commit(
          { ...writes("civil"), endorsers: peers("BureauMSP") },
          { ...writes("civil"), endorsers: peers("CivilMSP") },
          { ...writes("civil", "free"), endorsers: peers("CivilMSP") },
          { ...writes("civil", "free"), endorsers: peers("CivilMSP", "BureauMSP") },
        ),
      ).to.deep.equal([10, 0, 10, 0]);
    });

    it("set in a block lock the key for the rest of that block: 10, not 11, for the second of two creators", async () => {
      const create: Draft = {
        sets: {
          [CHAINCODE]: { reads: [{ key: "act" }], writes: [put("act")], metadataWrites: [parameter("act", NOBODY)] },
        },
      };
      expect(await commit(create, create, writes("act"))).to.deep.equal([0, 10, 10]);
    });

    it("set by a transaction without its endorsement lock nothing", async () => {
      const lock: Draft = { sets: { [CHAINCODE]: { metadataWrites: [parameter("open", NOBODY)] } }, endorsers: [] };
      expect(await commit(writes("open"))).to.deep.equal([0]);
      expect(await commit(lock, writes("open"))).to.deep.equal([10, 0]);
    });

    it("that do not decode stop the channel at the key's next write, and nothing of that block is stored", async () => {
      const side = await TestChannel.make();
      const own = await side.ledger();
      const define = { chaincode: "_lifecycle", endorsers: [...side.members.values()].map(({ peer }) => peer) };
      const definition = definitionWrites({ policy: { signaturePolicy: policyOf("BureauMSP") } });
      const bad = { writes: [put("x")], metadataWrites: [parameter("x", utf8("no policy"))] };
      await own.commit(side.order(side.draft({ ...define, sets: { _lifecycle: definition } }).envelope));
      await own.commit(side.order(side.draft({ sets: { [CHAINCODE]: bad } }).envelope));
      const height = own.height;
      const failure = await own.commit(side.order(side.draft(writes("x")).envelope)).catch((error: unknown) => error);
      expect(failure).to.have.property("code", "MALFORMED");
      expect(own.height).to.equal(height);
      await side.close();
    });
  });

  describe("what was read", () => {
    it("must not have been touched by an earlier valid transaction of the block, and must be as it was", async () => {
      expect(await commit(writes("r"))).to.deep.equal([0]);
      const version = { blockNum: ledger.height - 1n, txNum: 0n };
      const update = (reads: { key: string; version?: typeof version }[]): Draft => ({
        sets: { [CHAINCODE]: { reads, writes: [put("r")] } },
      });
      const codes = await commit(
        update([{ key: "r" }]),
        update([{ key: "r", version }]),
        update([{ key: "r", version }]),
      );
      expect(codes).to.deep.equal([11, 0, 11]);
    });

    it("in a range must be the same keys and versions", async () => {
      expect(await commit(writes("range1", "range2"))).to.deep.equal([0]);
      const version = { blockNum: ledger.height - 1n, txNum: 0n };
      const range = (startKey: string, endKey: string, ...keys: string[]) => ({
        startKey,
        endKey,
        itrExhausted: true,
        rawReads: { kvReads: keys.map((key) => ({ key, version })) },
      });
      const query = (info: ReturnType<typeof range>): Draft => ({
        sets: { [CHAINCODE]: { rangeQueriesInfo: [info], writes: [put("elsewhere")] } },
      });
      const both = query(range("range1", "range9", "range1", "range2"));
      expect(await commit(both, query(range("range1", "range9", "range1")), writes("range3"), both)).to.deep.equal([
        0, 12, 0, 12,
      ]);
    });
  });

  describe("ids", () => {
    it("count once, in the block and over all blocks, and a failed transaction uses its own up", async () => {
      const nonce = channel.of("BureauMSP").client.nonce();
      const failing = { ...writes("once"), nonce, endorsers: [] };
      expect(await commit(failing)).to.deep.equal([10]);
      expect(await commit({ ...writes("once"), nonce })).to.deep.equal([9]);
      const another = channel.of("BureauMSP").client.nonce();
      const twin = { ...writes("twin"), nonce: another };
      expect(await commit({ ...twin, endorsers: [] }, twin, twin)).to.deep.equal([10, 0, 9]);
    });
  });

  describe("what stops a real peer", () => {
    const tampered = (alter: (payload: Payload) => Payload): Uint8Array => {
      const { client } = channel.of("BureauMSP");
      const payload = Payload.encode(
        alter(Payload.decode(Envelope.decode(channel.draft(writes("t")).envelope).payload)),
      );
      return Envelope.encode({ payload, signature: client.sign(payload) });
    };
    const action = (bytes: Uint8Array) => Transaction.encode({ actions: [{ payload: bytes }] });

    it("gets its code anywhere in a block and harms nobody behind it", async () => {
      const hostile = [
        tampered((payload) => ({ ...payload, data: new Uint8Array(0) })),
        tampered((payload) => ({ ...payload, data: utf8("no transaction") })),
        tampered((payload) => ({ ...payload, data: action(utf8("no action")) })),
        tampered((payload) => ({ ...payload, data: action(ChaincodeActionPayload.encode({})) })),
      ];
      const good = channel.draft(writes("behind")).envelope;
      const committed = await ledger.commit(channel.order(...hostile, good));
      expect([...committed.codes]).to.deep.equal([5, 5, 5, 5, 0]);
    });
  });

  it("does not depend on who validates: another organization's ledger has the same codes and commit hash", async () => {
    const other = await channel.ledger("PoliceMSP");
    expect(other.height).to.equal(ledger.height);
    for (let number = 1n; number < ledger.height; number++) {
      expect(await other.commitHash(number), `block ${number}`).to.deep.equal(await ledger.commitHash(number));
    }
  });
});
