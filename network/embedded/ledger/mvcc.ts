/** Whether what a transaction read still holds (Fabric's txmgmt/validation). */
import { compareUtf8, equalBytes } from "@wanlian/protocol/bytes.js";
import {
  QueryReadsMerkleSummary,
  type RangeQueryInfo,
  type Version as WireVersion,
} from "@wanlian/protocol/messages/rwset.js";
import { TxValidationCode } from "@wanlian/protocol/messages/transaction.js";
import { RangeSummary } from "@wanlian/protocol/transaction/range-summary.js";
import type { NamespaceReadWriteSet } from "@wanlian/protocol/transaction/read-write-set.js";
import type { Version } from "./snapshot.js";
import type { CommittedState } from "./state.js";
import type { BlockUpdates } from "./updates.js";
import { sameVersion } from "./values.js";

/**
 * The code of a transaction that endorsement let pass, on the state before its block and what valid transactions before it in the block
 * did: VALID, MVCC_READ_CONFLICT or PHANTOM_READ_CONFLICT. Per namespace: keys, then ranges, then private keys.
 */
export async function checkReads(
  namespaces: readonly NamespaceReadWriteSet[],
  state: CommittedState,
  updates: BlockUpdates,
): Promise<number> {
  for (const { namespace, kv, collections } of namespaces) {
    for (const { key, version } of kv.reads) {
      if (updates.get(namespace, key) !== undefined) return TxValidationCode.MVCC_READ_CONFLICT;
      if (!sameVersion(state.get(namespace, key)?.version, fromWire(version)))
        return TxValidationCode.MVCC_READ_CONFLICT;
    }
    for (const range of kv.rangeQueriesInfo) {
      if (!(await rangeHolds(namespace, range, state, updates))) return TxValidationCode.PHANTOM_READ_CONFLICT;
    }
    for (const { collection, hashed } of collections) {
      for (const { keyHash, version } of hashed.hashedReads) {
        if (updates.getHashed(namespace, collection, keyHash) !== undefined) return TxValidationCode.MVCC_READ_CONFLICT;
        const committed = state.hashed(namespace, collection, keyHash)?.version;
        if (!sameVersion(committed, fromWire(version))) return TxValidationCode.MVCC_READ_CONFLICT;
      }
    }
  }
  return TxValidationCode.VALID;
}

const fromWire = (version: WireVersion | undefined): Version | undefined =>
  version && { block: version.blockNum, transaction: version.txNum };

const toWire = ({ block, transaction }: Version): WireVersion => ({ blockNum: block, txNum: transaction });

interface Found {
  readonly key: string;
  readonly version: Version;
}

async function rangeHolds(
  namespace: string,
  range: RangeQueryInfo,
  state: CommittedState,
  updates: BlockUpdates,
): Promise<boolean> {
  const present = rangeNow(namespace, range, state, updates);
  return range.readsMerkleHashes === undefined
    ? sameReads(range, present)
    : sameSummary(range.readsMerkleHashes, present);
}

async function sameReads({ rawReads }: RangeQueryInfo, present: AsyncIterable<Found>): Promise<boolean> {
  const reads = rawReads?.kvReads ?? [];
  let index = 0;
  for await (const { key, version } of present) {
    const read = reads[index++];
    if (read?.key !== key || !sameVersion(version, fromWire(read.version))) return false;
  }
  return index === reads.length;
}

async function sameSummary(stated: QueryReadsMerkleSummary, present: AsyncIterable<Found>): Promise<boolean> {
  const summary = new RangeSummary(stated.maxDegree);
  for await (const { key, version } of present) summary.add({ key, version: toWire(version) });
  const result = summary.finish();
  if (!("summary" in result)) return false;
  const { maxDegree, maxLevel, maxLevelHashes } = stated;
  const expected = QueryReadsMerkleSummary.encode({ maxDegree, maxLevel, maxLevelHashes });
  return equalBytes(QueryReadsMerkleSummary.encode(result.summary), expected);
}

/** The range as it is after the updates so far. Where the iterator was not exhausted, the end key was read and belongs to it. */
async function* rangeNow(
  namespace: string,
  { startKey, endKey, itrExhausted }: RangeQueryInfo,
  state: CommittedState,
  updates: BlockUpdates,
): AsyncGenerator<Found> {
  const changed = changedIn(namespace, startKey, endKey, updates);
  let next = 0;
  for await (const { key, version } of state.range(namespace, startKey, endKey)) {
    for (; next < changed.length; next++) {
      const update = changed[next];
      if (update === undefined || compareUtf8(update.key, key) >= 0) break;
      if (update.version !== undefined) yield { key: update.key, version: update.version };
    }
    const same = changed[next];
    if (same?.key === key) {
      next++;
      if (same.version !== undefined) yield { key, version: same.version };
    } else yield { key, version };
  }
  for (const { key, version } of changed.slice(next)) {
    if (version !== undefined) yield { key, version };
  }
  if (itrExhausted) return;
  const update = updates.get(namespace, endKey);
  const last = update === undefined ? state.get(namespace, endKey)?.version : liveVersion(update);
  if (last !== undefined) yield { key: endKey, version: last };
}

/** Changed keys of the range in order; no version where the key was deleted. */
function changedIn(
  namespace: string,
  start: string,
  end: string,
  updates: BlockUpdates,
): { readonly key: string; readonly version: Version | undefined }[] {
  return [...(updates.public.get(namespace) ?? [])]
    .filter(([key]) => compareUtf8(key, start) >= 0 && (end === "" || compareUtf8(key, end) < 0))
    .sort(([a], [b]) => compareUtf8(a, b))
    .map(([key, update]) => ({ key, version: liveVersion(update) }));
}

const liveVersion = (update: {
  readonly value: Uint8Array | undefined;
  readonly version: Version;
}): Version | undefined => (update.value === undefined ? undefined : update.version);
