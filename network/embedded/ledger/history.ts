import { ChannelHeader, Envelope, Payload } from "@wanlian/protocol/messages/common.js";
import { chaincodeActionOf, readEndorserTransaction } from "@wanlian/protocol/transaction/endorser-transaction.js";
import { decodeReadWriteSet } from "@wanlian/protocol/transaction/read-write-set.js";
import type { HistoryEntry } from "./ledger.js";

/** What a valid transaction wrote to a public key; undefined where it did not. */
export function historyEntry(
  bytes: Uint8Array,
  position: { readonly block: bigint; readonly index: number },
  namespace: string,
  key: string,
): HistoryEntry | undefined {
  const { header, data } = Payload.decode(Envelope.decode(bytes).payload);
  if (header === undefined) return undefined;
  const { txId, timestamp } = ChannelHeader.decode(header.channelHeader);
  const { results } = chaincodeActionOf(readEndorserTransaction(header, data));
  const set = decodeReadWriteSet(results).find((one) => one.namespace === namespace);
  const write = set?.kv.writes.findLast((one) => one.key === key);
  if (write === undefined) return undefined;
  return {
    ...position,
    txId,
    timestamp: { seconds: timestamp?.seconds ?? 0n, nanos: timestamp?.nanos ?? 0 },
    isDelete: write.isDelete || write.value.length === 0,
    value: write.value,
  };
}
