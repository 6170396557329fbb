import type { HistoryEntry } from "./ledger.js";
import { readEndorsed } from "./stored-transaction.js";

/** What a valid transaction wrote to a public key; undefined where it did not. */
export function historyEntry(
  bytes: Uint8Array,
  position: { readonly block: bigint; readonly index: number },
  namespace: string,
  key: string,
): HistoryEntry | undefined {
  const transaction = readEndorsed(bytes);
  const set = transaction?.namespaces.find((one) => one.namespace === namespace);
  const write = set?.kv.writes.findLast((one) => one.key === key);
  if (transaction === undefined || write === undefined) return undefined;
  const { txId, timestamp } = transaction.channelHeader;
  return {
    ...position,
    txId,
    timestamp: { seconds: timestamp?.seconds ?? 0n, nanos: timestamp?.nanos ?? 0 },
    isDelete: write.isDelete || write.value.length === 0,
    value: write.value,
  };
}
