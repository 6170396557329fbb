import { createHash } from "node:crypto";
import { ReadWriteSet } from "@wanlian/network/embedded/peer/simulation/read-write-set.js";
import { HashedRWSet, KVRWSet, TxReadWriteSet } from "@wanlian/protocol/messages/rwset.js";
import { expect } from "chai";
import * as fc from "fast-check";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const sha256 = (data: Uint8Array | string): Uint8Array => new Uint8Array(createHash("sha256").update(data).digest());
const version = { block: 5n, transaction: 2n };

describe("read-write set", () => {
  it("is the same to the byte, in whatever order things were read and written", () => {
    const keys = fc.uniqueArray(fc.string({ unit: "binary", maxLength: 8 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(keys, fc.func(fc.nat()), (given, rank) => {
        const written = (order: readonly string[]): Uint8Array => {
          const set = new ReadWriteSet();
          for (const key of order) {
            set.write("cc", key, bytes("v"));
            set.read("cc", key, version);
            set.writePrivate("cc", "hidden", key, bytes(key));
          }
          return set.finish().publicBytes;
        };
        const shuffled = [...given].sort((a, b) => rank(a) - rank(b));
        expect(written(shuffled)).to.deep.equal(written(given));
      }),
      { numRuns: 30 },
    );
  });

  it("sorts keys by their UTF-8 bytes: a character beyond the basic plane comes after U+FFFD", () => {
    const set = new ReadWriteSet();
    for (const key of ["\u{10000}", "\ufffd", "a"]) set.write("cc", key, bytes("v"));
    expect(publicOf(set).writes.map(({ key }) => key)).to.deep.equal(["a", "\ufffd", "\u{10000}"]);
  });

  it("an empty value is a delete", () => {
    const set = new ReadWriteSet();
    set.write("cc", "gone", new Uint8Array(0));
    set.write("cc", "gone too", undefined);
    expect(publicOf(set).writes.map(({ isDelete }) => isDelete)).to.deep.equal([true, true]);
  });

  it("the public part of private writes is hashes, and a hash of the plain writes", () => {
    const set = new ReadWriteSet();
    set.writePrivate("cc", "hidden", "key", bytes("value"));
    set.purgePrivate("cc", "hidden", "old");
    const { publicBytes, privateSet } = set.finish();
    const [collection] = TxReadWriteSet.decode(publicBytes).nsRwset[0]?.collectionHashedRwset ?? [];
    const hashed = HashedRWSet.decode(collection?.hashedRwset ?? new Uint8Array(0));
    expect(hashed.hashedWrites[0]?.keyHash).to.deep.equal(sha256("key"));
    expect(hashed.hashedWrites[0]?.valueHash).to.deep.equal(sha256("value"));
    expect(hashed.hashedWrites[1]).to.include({ isDelete: true, isPurge: true });
    const plain = privateSet?.nsPvtRwset[0]?.collectionPvtRwset[0]?.rwset ?? new Uint8Array(0);
    expect(collection?.pvtRwsetHash).to.deep.equal(sha256(plain));
    expect(KVRWSet.decode(plain).writes.map(({ key }) => key)).to.deep.equal(["key", "old"]);
  });

  it("what was merely hashed or read keeps its collection but brings no private writes", () => {
    const set = new ReadWriteSet();
    set.readHash("cc", "hidden", "key", version);
    expect(set.finish().privateSet).to.equal(undefined);
    expect(set.touched()).to.deep.equal([{ namespace: "cc", collections: [{ name: "hidden", valuesRead: false }] }]);
  });
});

function publicOf(set: ReadWriteSet): KVRWSet {
  return KVRWSet.decode(TxReadWriteSet.decode(set.finish().publicBytes).nsRwset[0]?.rwset ?? new Uint8Array(0));
}
