import { anyOf } from "@wanlian/network/channel/policies.js";
import type { ChannelLedger } from "@wanlian/network/embedded/ledger/channel-ledger.js";
import { headerHash, validationCodes } from "@wanlian/protocol/block.js";
import { text, utf8 } from "@wanlian/protocol/bytes.js";
import { sha256 } from "@wanlian/protocol/hash.js";
import { Block, Envelope } from "@wanlian/protocol/messages/common.js";
import { SignaturePolicyEnvelope } from "@wanlian/protocol/messages/policies.js";
import { KVRWSet, TxPvtReadWriteSet } from "@wanlian/protocol/messages/rwset.js";
import { expect } from "chai";
import { CHAINCODE, type DepartmentId, type Draft, definitionWrites, TestChannel } from "./channel.js";

const put = (key: string, value = "1") => ({ key, value: utf8(value) });
const bureau = { signaturePolicy: SignaturePolicyEnvelope.decode(anyOf("BureauMSP", "PEER").value) };

describe("a channel's ledger", () => {
  let channel: TestChannel;
  let ledger: ChannelLedger;

  const commit = async (...drafts: readonly Draft[]) =>
    ledger.commit(channel.order(...drafts.map((draft) => channel.draft(draft).envelope)));
  const writes = (...writes: { key: string; value?: Uint8Array; isDelete?: boolean }[]): Draft => ({
    sets: { [CHAINCODE]: { writes } },
  });

  before(async () => {
    channel = await TestChannel.make();
    ledger = await channel.ledger();
    const definition = definitionWrites({
      policy: bureau,
      collections: { config: [{ staticCollectionConfig: { name: "brief", blockToLive: 2n } }] },
    });
    const endorsers = [...channel.members.values()].map(({ peer }) => peer);
    await commit({ chaincode: "_lifecycle", endorsers, sets: { _lifecycle: definition } });
  });

  after(() => channel.close());

  describe("takes only the next block that the orderers signed", () => {
    const envelope = () => channel.draft(writes(put("never"))).envelope;
    const cases: Record<string, () => Block> = {
      "another number": () => channel.block([envelope()], { number: ledger.height + 1n }),
      "the last block again": () => channel.blocks.at(-1) ?? channel.genesis,
      "another past": () => channel.block([envelope()], { previousHash: sha256(utf8("elsewhere")) }),
      "data that do not hash to the header": () => channel.block([envelope()], { dataHash: sha256(utf8("other")) }),
      "no transaction": () => channel.block([]),
      "no header": () => ({ ...channel.block([envelope()]), header: undefined }),
      "metadata entries missing": () => ({ ...channel.block([envelope()]), metadata: { metadata: [] } }),
      "a department's signature": () => channel.block([envelope()], {}, channel.of("BureauMSP").admin),
      "no signature": () => {
        const block = channel.block([envelope()]);
        const [, ...rest] = block.metadata?.metadata ?? [];
        return { ...block, metadata: { metadata: [new Uint8Array(0), ...rest] } };
      },
      "transactions cut at other places, with the same hash": () => {
        const [first, second] = [envelope(), envelope()];
        const whole = Buffer.concat([first, second]);
        const block = channel.block([first, second]);
        const cut = [whole.subarray(0, first.length + 3), whole.subarray(first.length + 3)];
        return { ...block, data: { data: cut } };
      },
      "an envelope in another than its canonical form": () => {
        const { payload, signature } = Envelope.decode(envelope());
        const swapped = Buffer.concat([Envelope.encode({ signature }), Envelope.encode({ payload })]);
        return channel.block([swapped]);
      },
    };
    for (const [what, make] of Object.entries(cases)) {
      it(`not ${what}`, async () => {
        const height = ledger.height;
        const failure = await ledger.commit(make()).catch((error: unknown) => error);
        expect(failure).to.have.property("code", "INVALID_BLOCK");
        expect(ledger.height).to.equal(height);
        expect(await ledger.block(height)).to.equal(undefined);
      });
    }
  });

  it("finds blocks and transactions again by number, hash and id", async () => {
    const { transactionId, envelope } = channel.draft(writes(put("found")));
    const committed = await ledger.commit(channel.order(envelope));
    expect(committed.txIds).to.deep.equal([transactionId]);
    const block = await ledger.blockByTxId(transactionId);
    const header = block?.header;
    expect(header?.number).to.equal(ledger.height - 1n);
    expect([...validationCodes(block ?? Block.create())]).to.deep.equal([0]);
    expect((await ledger.blockByHash(header ? headerHash(header) : utf8("")))?.header).to.deep.equal(header);
    const stored = await ledger.transaction(transactionId);
    expect(stored).to.deep.include({ txId: transactionId, block: header?.number, index: 0, code: 0 });
    expect(await ledger.hasTransaction(transactionId)).to.equal(true);
    expect(await ledger.hasTransaction("0".repeat(64))).to.equal(false);
    expect(await ledger.transaction("0".repeat(64))).to.equal(undefined);
  });

  it("reports blocks in order, once they are durable", async () => {
    const seen: bigint[] = [];
    const stop = ledger.onCommit(({ number }) => seen.push(number));
    await commit(writes(put("one")));
    await commit(writes(put("two")));
    stop();
    await commit(writes(put("three")));
    expect(seen).to.deep.equal([ledger.height - 3n, ledger.height - 2n]);
  });

  it("refuses to commit two blocks at once", async () => {
    const first = ledger.commit(channel.order(channel.draft(writes(put("a"))).envelope));
    const failure = await ledger.commit(channel.block([])).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Error).with.property("message").that.includes("one after the other");
    await first;
  });

  it("shows in a snapshot the state as it was, whatever comes after", async () => {
    await commit(writes(put("s1", "old"), put("s2", "old")));
    const snapshot = ledger.snapshot();
    await commit(writes(put("s1", "new"), { key: "s2", isDelete: true }, put("s3")));
    expect(text((await snapshot.get(CHAINCODE, "s1"))?.value ?? utf8(""))).to.equal("old");
    expect(await snapshot.get(CHAINCODE, "s2")).to.not.equal(undefined);
    expect(await keys(snapshot.range(CHAINCODE, "s", "t"))).to.deep.equal(["s1", "s2"]);
    expect(snapshot.height).to.equal(ledger.height - 1n);
    await snapshot.release();
    const now = ledger.snapshot();
    expect(await keys(now.range(CHAINCODE, "s", "t"))).to.deep.equal(["s1", "s3"]);
    await now.release();
  });

  it("orders keys by their UTF-8 bytes", async () => {
    const names = ["y\uffff", "y\u{10000}", "yz", "y\u0000a", "yé"];
    await commit(writes(...names.map((name) => put(name))));
    const snapshot = ledger.snapshot();
    expect(await keys(snapshot.range(CHAINCODE, "y", "z"))).to.deep.equal([
      "y\u0000a",
      "yz",
      "yé",
      "y\uffff",
      "y\u{10000}",
    ]);
    await snapshot.release();
  });

  it("tells a key's history, newest first, without what did not count", async () => {
    await commit(writes(put("h", "1")));
    await commit(writes(put("h", "2")), { ...writes(put("h", "never")), endorsers: [] });
    await commit(writes({ key: "h", isDelete: true }));
    const entries = [];
    for await (const entry of ledger.history(CHAINCODE, "h")) entries.push([text(entry.value), entry.isDelete]);
    expect(entries).to.deep.equal([
      ["", true],
      ["2", false],
      ["1", false],
    ]);
  });

  describe("private data", () => {
    const keyHash = sha256(utf8("k"));
    const collection = (mspId: DepartmentId) => `_implicit_org_${mspId}`;

    async function writePrivately(name: string, endorser: DepartmentId, value: string, given = value): Promise<void> {
      const plain = KVRWSet.encode({ writes: [put("k", value)] });
      const hashed = { hashedWrites: [{ keyHash, valueHash: sha256(utf8(value)) }] };
      const { transactionId, envelope } = channel.draft({
        sets: {},
        collections: { [CHAINCODE]: [{ name, hashed, privateHash: sha256(plain) }] },
        endorsers: [channel.of(endorser).peer],
      });
      const rwset = KVRWSet.encode({ writes: [put("k", given)] });
      const nsPvtRwset = [{ namespace: CHAINCODE, collectionPvtRwset: [{ collectionName: name, rwset }] }];
      await ledger.transient.put(transactionId, TxPvtReadWriteSet.decode(TxPvtReadWriteSet.encode({ nsPvtRwset })));
      const { codes } = await ledger.commit(channel.order(envelope));
      expect([...codes]).to.deep.equal([0]);
      expect(
        await ledger.transient.find(transactionId, { namespace: CHAINCODE, collection: name }, sha256(rwset)),
      ).to.equal(undefined);
    }

    async function plainValue(name: string): Promise<string | undefined> {
      const snapshot = ledger.snapshot();
      const found = await snapshot.privateGet(CHAINCODE, name, "k");
      const hashed = await snapshot.hashedGet(CHAINCODE, name, keyHash);
      await snapshot.release();
      if (found !== undefined) expect(found.version).to.deep.equal(hashed?.version);
      return found && text(found.value);
    }

    it("of the own organization are kept in plain, of others as hashes", async () => {
      await writePrivately(collection("BureauMSP"), "BureauMSP", "own");
      expect(await plainValue(collection("BureauMSP"))).to.equal("own");
      await writePrivately(collection("CivilMSP"), "CivilMSP", "foreign");
      expect(await plainValue(collection("CivilMSP"))).to.equal(undefined);
    });

    it("that do not hash to what was endorsed are not taken", async () => {
      await writePrivately(collection("BureauMSP"), "BureauMSP", "true");
      await writePrivately(collection("BureauMSP"), "BureauMSP", "second", "forged");
      const snapshot = ledger.snapshot();
      const hashed = await snapshot.hashedGet(CHAINCODE, collection("BureauMSP"), keyHash);
      expect(hashed?.valueHash).to.deep.equal(sha256(utf8("second")));
      expect(text((await snapshot.privateGet(CHAINCODE, collection("BureauMSP"), "k"))?.value ?? utf8(""))).to.equal(
        "true",
      );
      await snapshot.release();
    });

    it("get the new version where only their metadata were written, and go where their hash is deleted", async () => {
      const name = collection("BureauMSP");
      await writePrivately(name, "BureauMSP", "kept");
      const change = (hashed: NonNullable<Draft["collections"]>[string][number]["hashed"]): Draft => ({
        sets: {},
        collections: { [CHAINCODE]: [{ name, hashed }] },
      });
      await commit(change({ metadataWrites: [{ keyHash, entries: [{ name: "note", value: utf8("x") }] }] }));
      expect(await plainValue(name)).to.equal("kept");
      await commit(change({ hashedWrites: [{ keyHash, isDelete: true, isPurge: true }] }));
      expect(await plainValue(name)).to.equal(undefined);
    });

    it("with a block to live are gone with their hash after that many blocks, unless written again", async () => {
      const exists = async () => {
        const snapshot = ledger.snapshot();
        const hashed = await snapshot.hashedGet(CHAINCODE, "brief", keyHash);
        await snapshot.release();
        return hashed !== undefined;
      };
      await writePrivately("brief", "BureauMSP", "first");
      await commit(writes(put("tick")));
      await writePrivately("brief", "BureauMSP", "again");
      await commit(writes(put("tick")));
      await commit(writes(put("tick")));
      expect(await exists()).to.equal(true);
      await commit(writes(put("tick")));
      expect(await exists()).to.equal(false);
    });
  });

  it("is the same after it was closed and opened", async () => {
    const { height, lastBlockHash, configBlock } = ledger;
    const commitHash = await ledger.commitHash(height - 1n);
    ledger = await channel.reopen();
    expect(ledger).to.deep.include({ height, configBlock, lastBlockHash, channelId: "pilot" });
    expect(await ledger.commitHash(height - 1n)).to.deep.equal(commitHash);
    expect([...(await commit(writes(put("after")))).codes]).to.deep.equal([0]);
    const other = await channel.ledger("CivilMSP");
    expect(await other.commitHash(height)).to.deep.equal(await ledger.commitHash(height));
  });
});

async function keys(range: AsyncIterable<{ readonly key: string }>): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of range) found.push(key);
  return found;
}
