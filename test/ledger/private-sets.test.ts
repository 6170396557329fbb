import { anyOf } from "@wanlian/network/channel/policies.js";
import type { ChannelLedger } from "@wanlian/network/embedded/ledger/channel-ledger.js";
import { MOST_BYTES_LEFT } from "@wanlian/network/embedded/ledger/transient.js";
import { text, utf8 } from "@wanlian/protocol/bytes.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { sha256 } from "@wanlian/protocol/hash.js";
import type { Block } from "@wanlian/protocol/messages/common.js";
import { SignaturePolicyEnvelope } from "@wanlian/protocol/messages/policies.js";
import { KVRWSet, TxPvtReadWriteSet } from "@wanlian/protocol/messages/rwset.js";
import { expect } from "chai";
import { CHAINCODE, type DepartmentId, definitionWrites, TestChannel } from "./channel.js";

/** Of bureau and civil affairs. */
const PAIR = "pair";
/** Of the same; its private data end two blocks after theirs. */
const BRIEF = "brief";

const DELETED = { deleted: true } as const;
const PURGED = { deleted: true, purged: true } as const;
type Written = string | typeof DELETED | typeof PURGED;

const memberPolicy = (...mspIds: string[]) => ({
  signaturePolicy: {
    identities: mspIds.flatMap((mspId) => SignaturePolicyEnvelope.decode(anyOf(mspId, "MEMBER").value).identities),
    rule: { nOutOf: { n: 1, rules: mspIds.map((_, signedBy) => ({ signedBy })) } },
  },
});

const plain = (writes: Record<string, Written>): Uint8Array =>
  KVRWSet.encode({
    writes: Object.entries(writes).map(([key, value]) =>
      typeof value === "string" ? { key, value: utf8(value) } : { key, isDelete: true },
    ),
  });

const carried = (collectionName: string, rwset: Uint8Array): TxPvtReadWriteSet =>
  TxPvtReadWriteSet.decode(
    TxPvtReadWriteSet.encode({
      nsPvtRwset: [{ namespace: CHAINCODE, collectionPvtRwset: [{ collectionName, rwset }] }],
    }),
  );

describe("a ledger's private write sets", () => {
  let channel: TestChannel;
  const ledgers = new Map<DepartmentId, ChannelLedger>();
  const of = (mspId: DepartmentId): ChannelLedger => {
    const ledger = ledgers.get(mspId);
    if (ledger === undefined) throw new Error(`no ledger of ${mspId}`);
    return ledger;
  };

  before(async () => {
    channel = await TestChannel.make();
    for (const mspId of ["BureauMSP", "CivilMSP", "PoliceMSP"] as const)
      ledgers.set(mspId, await channel.ledger(mspId));
    const memberOrgsPolicy = memberPolicy("BureauMSP", "CivilMSP");
    const config = [
      { staticCollectionConfig: { name: PAIR, memberOrgsPolicy } },
      { staticCollectionConfig: { name: BRIEF, memberOrgsPolicy, blockToLive: 2n } },
    ];
    const policy = { signaturePolicy: SignaturePolicyEnvelope.decode(anyOf("BureauMSP", "PEER").value) };
    const endorsers = [...channel.members.values()].map(({ peer }) => peer);
    const sets = { _lifecycle: definitionWrites({ policy, collections: { config } }) };
    await commit(channel.draft({ chaincode: "_lifecycle", endorsers, sets }).envelope);
  });

  after(() => channel.close());

  async function commit(...envelopes: Uint8Array[]): Promise<Block> {
    const block = channel.order(...envelopes);
    for (const ledger of ledgers.values()) expect([...(await ledger.commit(block)).codes]).to.not.include(10);
    return (await of("CivilMSP").block(block.header?.number ?? 0n)) ?? block;
  }

  /** A transaction with private writes, which those peers have that are named. */
  async function drafted(collection: string, writes: Record<string, Written>, having: readonly DepartmentId[]) {
    const rwset = plain(writes);
    const hashedWrites = Object.entries(writes).map(([key, value]) => ({
      keyHash: sha256(utf8(key)),
      ...(typeof value === "string"
        ? { valueHash: sha256(utf8(value)) }
        : { isDelete: true, isPurge: "purged" in value }),
    }));
    const collections = { [CHAINCODE]: [{ name: collection, hashed: { hashedWrites }, privateHash: sha256(rwset) }] };
    const { transactionId, envelope } = channel.draft({ collections });
    for (const mspId of having) await of(mspId).transient.put(transactionId, carried(collection, rwset));
    return { transactionId, envelope, rwset };
  }

  const write = async (collection: string, writes: Record<string, Written>, ...having: DepartmentId[]) =>
    commit((await drafted(collection, writes, having)).envelope);

  async function valueAt(mspId: DepartmentId, collection: string, key: string): Promise<string | undefined> {
    const snapshot = of(mspId).snapshot();
    const found = await snapshot.privateGet(CHAINCODE, collection, key);
    const hashed = await snapshot.hashedGet(CHAINCODE, collection, sha256(utf8(key)));
    await snapshot.release();
    // An older value than the state has is none.
    return found !== undefined && hashed?.version.block === found.version.block ? text(found.value) : undefined;
  }

  async function missingAt(mspId: DepartmentId): Promise<bigint[]> {
    const blocks: bigint[] = [];
    for await (const { block } of of(mspId).privateSets.missing()) blocks.push(block);
    return blocks;
  }

  const numberOf = (block: Block): bigint => block.header?.number ?? 0n;
  const setsOf = (mspId: DepartmentId, block: Block) => of(mspId).privateSets.ofBlock(block, () => true);
  const takeAt = async (mspId: DepartmentId, block: Block, sets: ReadonlyMap<bigint, TxPvtReadWriteSet>) =>
    of(mspId).privateSets.takeOver(block, sets);

  it("are missing where a member did not get them, and nobody else misses them", async () => {
    const block = await write(PAIR, { a: "1" }, "BureauMSP");
    expect(await missingAt("CivilMSP")).to.deep.equal([numberOf(block)]);
    expect(await missingAt("BureauMSP")).to.deep.equal([]);
    expect(await missingAt("PoliceMSP")).to.deep.equal([]);
    expect(await takeAt("CivilMSP", block, await setsOf("BureauMSP", block))).to.equal(1);
    expect(await valueAt("CivilMSP", PAIR, "a")).to.equal("1");
    expect(await missingAt("CivilMSP")).to.deep.equal([]);
    expect(await setsOf("CivilMSP", block)).to.deep.equal(await setsOf("BureauMSP", block));
  });

  it("are kept by members alone, whoever has them", async () => {
    const block = await write(PAIR, { kept: "1" }, "BureauMSP", "CivilMSP", "PoliceMSP");
    expect((await setsOf("PoliceMSP", block)).size).to.equal(0);
    expect(await takeAt("PoliceMSP", block, await setsOf("BureauMSP", block))).to.equal(0);
    expect(await valueAt("PoliceMSP", PAIR, "kept")).to.equal(undefined);
  });

  it("are given of those collections alone that the asker may have", async () => {
    const block = await write(PAIR, { given: "1" }, "BureauMSP");
    expect((await of("BureauMSP").privateSets.ofBlock(block, () => false)).size).to.equal(0);
    await takeAt("CivilMSP", block, await setsOf("BureauMSP", block));
  });

  describe("that come late", () => {
    let block: Block;

    before(async () => {
      block = await write(PAIR, { late: "true", other: "2" }, "BureauMSP");
    });

    const lies: Record<string, () => ReadonlyMap<bigint, TxPvtReadWriteSet>> = {
      "with another value": () => new Map([[0n, carried(PAIR, plain({ late: "false", other: "2" }))]]),
      "with another key": () => new Map([[0n, carried(PAIR, plain({ early: "true", other: "2" }))]]),
      "with a key left out": () => new Map([[0n, carried(PAIR, plain({ late: "true" }))]]),
      "with a delete instead": () => new Map([[0n, carried(PAIR, plain({ late: DELETED, other: "2" }))]]),
      "with nothing": () => new Map([[0n, carried(PAIR, new Uint8Array(0))]]),
      "under another collection": () => new Map([[0n, carried(BRIEF, plain({ late: "true", other: "2" }))]]),
      "under another transaction": () => new Map([[1n, carried(PAIR, plain({ late: "true", other: "2" }))]]),
    };
    for (const [how, sets] of Object.entries(lies)) {
      it(`${how} are not taken`, async () => {
        expect(await takeAt("CivilMSP", block, sets())).to.equal(0);
        expect(await missingAt("CivilMSP")).to.deep.equal([numberOf(block)]);
        expect(await valueAt("CivilMSP", PAIR, "late")).to.equal(undefined);
      });
    }

    it("and are no write set are refused", async () => {
      const sets = new Map([[0n, carried(PAIR, Uint8Array.of(0xff))]]);
      const refused = await takeAt("CivilMSP", block, sets).catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(ProtocolError).with.property("code", "MALFORMED");
    });

    it("with something besides are taken without it", async () => {
      const sets = new Map([[0n, carried(PAIR, plain({ late: "true", other: "2", slipped: "in" }))]]);
      expect(await takeAt("CivilMSP", block, sets)).to.equal(1);
      expect(await valueAt("CivilMSP", PAIR, "late")).to.equal("true");
      expect(await valueAt("CivilMSP", PAIR, "slipped")).to.equal(undefined);
    });

    it("do not undo what was written since", async () => {
      const first = await write(PAIR, { again: "old" }, "BureauMSP");
      const second = await write(PAIR, { again: "new" }, "BureauMSP");
      expect(await takeAt("CivilMSP", second, await setsOf("BureauMSP", second))).to.equal(1);
      expect(await takeAt("CivilMSP", first, await setsOf("BureauMSP", first))).to.equal(1);
      expect(await valueAt("CivilMSP", PAIR, "again")).to.equal("new");
    });
  });

  it("lose what is purged, everywhere; what nobody has any more is not missing", async () => {
    const block = await write(PAIR, { purged: "secret", stays: "here" }, "BureauMSP");
    const purging = await write(PAIR, { purged: PURGED }, "BureauMSP", "CivilMSP");
    const left = await setsOf("BureauMSP", block);
    expect(Buffer.from(TxPvtReadWriteSet.encode(left.get(0n) ?? {})).includes("secret")).to.equal(false);
    expect(await takeAt("CivilMSP", block, left)).to.equal(1);
    expect(await valueAt("CivilMSP", PAIR, "stays")).to.equal("here");
    expect(await missingAt("CivilMSP")).to.deep.equal([]);
    expect((await setsOf("CivilMSP", purging)).size).to.equal(1);
  });

  it("lose what is purged in the very block that wrote it", async () => {
    const written = await drafted(PAIR, { brief: "secret" }, ["BureauMSP", "CivilMSP"]);
    const purging = await drafted(PAIR, { brief: PURGED }, ["BureauMSP", "CivilMSP"]);
    const block = await commit(written.envelope, purging.envelope);
    const set = (await setsOf("BureauMSP", block)).get(0n);
    expect(Buffer.from(TxPvtReadWriteSet.encode(set ?? {})).includes("secret")).to.equal(false);
  });

  it("end with their life, missing or not", async () => {
    const block = await write(BRIEF, { short: "life" }, "BureauMSP");
    expect(await missingAt("CivilMSP")).to.deep.equal([numberOf(block)]);
    for (let number = 0; number < 2; number += 1) await write(PAIR, { tick: String(number) }, "BureauMSP", "CivilMSP");
    expect((await setsOf("BureauMSP", block)).size).to.equal(1);
    await write(PAIR, { tick: "last" }, "BureauMSP", "CivilMSP");
    expect((await setsOf("BureauMSP", block)).size).to.equal(0);
    expect(await missingAt("CivilMSP")).to.deep.equal([]);
  });

  it("that somebody leaves before the block do not displace the genuine ones", async () => {
    const { transactionId, envelope, rwset } = await drafted(PAIR, { honest: "word" }, ["BureauMSP"]);
    const { transient } = of("CivilMSP");
    const name = { namespace: CHAINCODE, collection: PAIR };
    for (const set of [plain({ honest: "lie" }), rwset, plain({ honest: "another lie" })])
      expect(await transient.receive(transactionId, name, set, "PoliceMSP")).to.equal(true);
    await commit(envelope);
    expect(await valueAt("CivilMSP", PAIR, "honest")).to.equal("word");
    expect(await transient.find(transactionId, name, sha256(plain({ honest: "lie" })))).to.equal(undefined);
  });

  it("may be left here up to a bound by each organization, which is counted anew after a restart", async () => {
    const ledger = await channel.ledger("CivilMSP");
    const half = new Uint8Array(MOST_BYTES_LEFT / 2);
    const name = { namespace: CHAINCODE, collection: PAIR };
    const leave = (to: ChannelLedger, id: string, from: string) => to.transient.receive(id, name, half, from);
    expect([await leave(ledger, "1", "PoliceMSP"), await leave(ledger, "2", "PoliceMSP")]).to.deep.equal([true, true]);
    expect(await leave(ledger, "2", "PoliceMSP"), "the same again").to.equal(true);
    expect(await leave(ledger, "3", "PoliceMSP")).to.equal(false);
    expect(await leave(ledger, "3", "BureauMSP")).to.equal(true);
    const reopened = await channel.reopen("CivilMSP");
    expect(await leave(reopened, "4", "PoliceMSP")).to.equal(false);
    expect(await leave(reopened, "4", "BureauMSP")).to.equal(true);
    await reopened.transient.removals("1");
    expect(await leave(reopened, "4", "PoliceMSP"), "what was ordered counts no more").to.equal(true);
  });

  it("are taken over where a damaged ledger is begun anew, whatever others still have", async () => {
    const block = await write(PAIR, { rebuilt: "own" }, "BureauMSP");
    const sets = await setsOf("BureauMSP", block);
    await takeAt("CivilMSP", block, sets);
    const ledger = await channel.ledger("BureauMSP");
    await ledger.privateSets.takeOver(block, sets);
    const rebuilt = await channel.rebuild("BureauMSP");
    expect(await rebuilt.privateSets.ofBlock(block, () => true)).to.deep.equal(sets);
  });

  it("of a collection that the transaction only names are none: nobody has validated it", async () => {
    const name = `${PAIR}\0x`;
    const collections = { [CHAINCODE]: [{ name, hashed: {}, privateHash: sha256(plain({ a: "1" })) }] };
    const before = await missingAt("CivilMSP");
    await commit(channel.draft({ collections }).envelope);
    expect(await missingAt("CivilMSP")).to.deep.equal(before);
  });
});
