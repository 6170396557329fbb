/** The hash that lets any two peers compare validation codes and state changes, block by block. */
import { compareUtf8, concatBytes, NO_BYTES, utf8 } from "@wanlian/protocol/bytes.js";
import { bool, bytes, message, repeatedNested, string } from "@wanlian/protocol/codec.js";
import { sha256 } from "@wanlian/protocol/hash.js";
import type { Version } from "./snapshot.js";
import type { BlockUpdates, Update } from "./updates.js";

const HashedWrite = message({
  namespace: string(1),
  collection: string(2),
  key: bytes(3),
  isDelete: bool(4),
  value: bytes(5),
  versionBytes: bytes(6),
});
const HashedUpdates = message({ kvwrites: repeatedNested(1, HashedWrite) });

/** H(length of codes ‖ codes ‖ updates ‖ previous commit hash); the previous hash of block 1 is empty. */
export const commitHash = (codes: Uint8Array, updates: BlockUpdates, previous: Uint8Array | undefined): Uint8Array =>
  sha256(varint(codes.length), codes, updateBytes(updates), previous ?? NO_BYTES);

interface Entry {
  readonly key: Uint8Array;
  readonly update: Update;
}

/** Namespaces, keys, collections and key hashes in byte order; a label stands on the first entry that it holds for. */
function updateBytes(updates: BlockUpdates): Uint8Array {
  const namespaces = [...new Set([...updates.public.keys(), ...updates.hashed.keys()])].sort(compareUtf8);
  const kvwrites = namespaces.flatMap((namespace) => {
    const own = sorted(updates.public.get(namespace), compareUtf8).map(([key, update]) => ({ key: utf8(key), update }));
    const writes = own.map(hashedWrite);
    for (const [collection, keys] of sorted(updates.hashed.get(namespace), compareUtf8)) {
      const entries = sorted(keys, compareText).map(([hex, update]) => ({ key: Buffer.from(hex, "hex"), update }));
      writes.push(...labelled(entries.map(hashedWrite), { collection }));
    }
    return labelled(writes, { namespace });
  });
  return HashedUpdates.encode({ kvwrites });
}

type LabelledWrite = ReturnType<typeof hashedWrite>;

const hashedWrite = ({ key, update }: Entry) => ({
  namespace: "",
  collection: "",
  key,
  isDelete: update.value === undefined,
  value: update.value ?? NO_BYTES,
  versionBytes: versionBytes(update.version),
});

const labelled = (writes: readonly LabelledWrite[], label: Partial<LabelledWrite>): LabelledWrite[] =>
  writes.map((write, index) => (index === 0 ? { ...write, ...label } : write));

const sorted = <V>(map: ReadonlyMap<string, V> | undefined, compare: (a: string, b: string) => number): [string, V][] =>
  [...(map ?? [])].sort(([a], [b]) => compare(a, b));

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Order-preserving: a byte that counts, then the number without leading zeros (Fabric's version.Height). */
const versionBytes = ({ block, transaction }: Version): Uint8Array =>
  concatBytes(orderPreserving(block), orderPreserving(transaction));

function orderPreserving(value: bigint): Uint8Array {
  const hex = value === 0n ? "" : value.toString(16);
  const magnitude = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return concatBytes(Uint8Array.of(magnitude.length), magnitude);
}

function varint(value: number): Uint8Array {
  const out: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) out.push((rest & 0x7f) | 0x80);
  return Uint8Array.of(...out, rest);
}
