/** Private data at commit: plain values this organization may keep, versions, deletion, end of life. */
import { equalBytes, toHex, utf8 } from "@wanlian/protocol/bytes.js";
import { sha256 } from "@wanlian/protocol/hash.js";
import { KVRWSet } from "@wanlian/protocol/messages/rwset.js";
import { blocksToLive, findCollection, hasMember } from "./collections.js";
import { expiringKey, expiryBounds, expiryKey, hashedKey, privateKey } from "./keys.js";
import type { EndorsementPolicies } from "./policies.js";
import type { CommittedState } from "./state.js";
import type { PrivateSet } from "./stated-sets.js";
import type { Store, Write } from "./store.js";
import type { BlockUpdates, Update } from "./updates.js";
import { decodeVersion, encodePrivate, encodeState, encodeVersion, sameVersion } from "./values.js";

/** A private key with its value, as its organization keeps it. */
export interface PlainValue {
  /** The key itself, in UTF-8: the ledger knows only its hash. */
  readonly name: Uint8Array;
  readonly value: Uint8Array;
}

/** Plain values by namespace, collection and hex of the key's hash. */
export type PlainValues = ReadonlyMap<string, PlainValue>;

const plainKey = (namespace: string, collection: string, keyHash: string): string =>
  `${namespace}\u0000${collection}\u0000${keyHash}`;

/** The plain values in private write sets that are here; of a key that several wrote, the last one's. */
export function plainValues(sets: readonly PrivateSet[]): PlainValues {
  const found = new Map<string, PlainValue>();
  for (const { place, rwset } of sets) {
    for (const { key, value } of rwset === undefined ? [] : KVRWSet.decode(rwset).writes) {
      const name = utf8(key);
      found.set(plainKey(place.namespace, place.collection, toHex(sha256(name))), { name, value });
    }
  }
  return found;
}

interface Context {
  readonly mspId: string;
  readonly block: bigint;
  readonly state: CommittedState;
  readonly policies: EndorsementPolicies;
}

/** What to write for the block's updates of private keys. */
export async function privateDataWrites(updates: BlockUpdates, plain: PlainValues, context: Context): Promise<Write[]> {
  const writes: Write[] = [];
  for (const [namespace, collections] of updates.hashed) {
    for (const [collection, keys] of collections) {
      const found = await findCollection(context.policies, namespace, collection);
      const keep = hasMember(found, context.mspId);
      for (const [hex, update] of keys) {
        const place = { namespace, collection, keyHash: Buffer.from(hex, "hex") };
        writes.push(hashedWrite(place, update));
        const value = keep ? plain.get(plainKey(namespace, collection, hex)) : undefined;
        writes.push(...plainWrites(place, update, value, context.state));
        const life = blocksToLive(found);
        if (life > 0n && update.value !== undefined) {
          const key = expiryKey(context.block + life + 1n, namespace, collection, place.keyHash);
          writes.push({ type: "put", key, value: encodeVersion(update.version) });
        }
      }
    }
  }
  return writes;
}

/** What to write so that private keys whose life ends with this block are gone, unless they were written since. */
export async function expiryWrites(
  store: Store,
  updates: BlockUpdates,
  { block, state }: Pick<Context, "block" | "state">,
): Promise<Write[]> {
  const writes: Write[] = [];
  for await (const [key, version] of store.range(expiryBounds(block))) {
    writes.push({ type: "del", key });
    const { namespace, collection, keyHash } = expiringKey(key);
    const present = state.hashed(namespace, collection, keyHash)?.version;
    if (!sameVersion(present, decodeVersion(version))) continue;
    if (updates.getHashed(namespace, collection, keyHash) !== undefined) continue;
    writes.push({ type: "del", key: hashedKey(namespace, collection, keyHash) });
    writes.push({ type: "del", key: privateKey(namespace, collection, keyHash) });
  }
  return writes;
}

interface Place {
  readonly namespace: string;
  readonly collection: string;
  readonly keyHash: Uint8Array;
}

function hashedWrite({ namespace, collection, keyHash }: Place, { value, metadata, version }: Update): Write {
  const key = hashedKey(namespace, collection, keyHash);
  return value === undefined
    ? { type: "del", key }
    : { type: "put", key, value: encodeState({ value, metadata, version }) };
}

/** The plain value that came, or the one that is here with its new version, if it is the one whose hash is on the ledger. */
function plainWrites(
  { namespace, collection, keyHash }: Place,
  update: Update,
  came: PlainValue | undefined,
  state: CommittedState,
): Write[] {
  const key = privateKey(namespace, collection, keyHash);
  if (update.value === undefined) return [{ type: "del", key }];
  const stated = update.value;
  const plain = [came, state.private(namespace, collection, keyHash)].find(
    (candidate) => candidate !== undefined && equalBytes(sha256(candidate.value), stated),
  );
  if (plain === undefined) return [];
  return [{ type: "put", key, value: encodePrivate({ ...plain, version: update.version }) }];
}
