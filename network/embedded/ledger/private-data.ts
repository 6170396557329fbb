/** Private data at commit: plain values this organization may keep, versions, deletion, end of life. */
import { equalBytes, toHex, utf8 } from "@wanlian/protocol/bytes.js";
import { sha256 } from "@wanlian/protocol/hash.js";
import type { StaticCollectionConfig } from "@wanlian/protocol/messages/collections.js";
import { Classification, MSPRole, OrganizationUnit } from "@wanlian/protocol/messages/policies.js";
import { KVRWSet, type TxPvtReadWriteSet } from "@wanlian/protocol/messages/rwset.js";
import type { NamespaceReadWriteSet } from "@wanlian/protocol/transaction/read-write-set.js";
import { implicitCollection } from "./definitions.js";
import { expiringKey, expiryBounds, expiryKey, hashedKey, privateKey } from "./keys.js";
import type { EndorsementPolicies } from "./policies.js";
import type { CommittedState } from "./state.js";
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

/** The plain values in a transaction's private write set, of those collections whose hash in the transaction they have. */
export function plainValues(
  namespaces: readonly NamespaceReadWriteSet[],
  privateWrites: TxPvtReadWriteSet | undefined,
): PlainValues {
  const found = new Map<string, PlainValue>();
  for (const { namespace, collectionPvtRwset } of privateWrites?.nsPvtRwset ?? []) {
    const collections = namespaces.find((set) => set.namespace === namespace)?.collections ?? [];
    for (const { collectionName, rwset } of collectionPvtRwset) {
      const stated = collections.find(({ collection }) => collection === collectionName)?.privateHash;
      if (stated === undefined || !equalBytes(stated, sha256(rwset))) continue;
      for (const { key, value } of KVRWSet.decode(rwset).writes) {
        const name = utf8(key);
        found.set(plainKey(namespace, collectionName, toHex(sha256(name))), { name, value });
      }
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
      const definition = await collectionDefinition(namespace, collection, context.policies);
      const keep = collection === implicitCollection(context.mspId) || isMember(definition, context.mspId);
      for (const [hex, update] of keys) {
        const place = { namespace, collection, keyHash: Buffer.from(hex, "hex") };
        writes.push(hashedWrite(place, update));
        const value = keep ? plain.get(plainKey(namespace, collection, hex)) : undefined;
        writes.push(...plainWrites(place, update, value, context.state));
        const life = definition?.blockToLive ?? 0n;
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

async function collectionDefinition(
  namespace: string,
  collection: string,
  policies: EndorsementPolicies,
): Promise<StaticCollectionConfig | undefined> {
  const definition = await policies.definition(namespace);
  return definition?.collections.find(({ name }) => name === collection);
}

/** Whether the collection's member policy names the organization. */
export function isMember(definition: StaticCollectionConfig | undefined, mspId: string): boolean {
  const principals = definition?.memberOrgsPolicy?.signaturePolicy?.identities ?? [];
  return principals.some(({ principalClassification, principal }) => {
    if (principalClassification === Classification.ROLE) return MSPRole.decode(principal).mspIdentifier === mspId;
    return (
      principalClassification === Classification.ORGANIZATION_UNIT &&
      OrganizationUnit.decode(principal).mspIdentifier === mspId
    );
  });
}
