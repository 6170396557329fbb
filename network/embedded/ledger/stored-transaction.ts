import { ChannelHeader, Envelope, HeaderType, Payload } from "@wanlian/protocol/messages/common.js";
import { chaincodeActionOf, readEndorserTransaction } from "@wanlian/protocol/transaction/endorser-transaction.js";
import { decodeReadWriteSet, type NamespaceReadWriteSet } from "@wanlian/protocol/transaction/read-write-set.js";

/** A valid endorser transaction as it stands in a block. */
export interface EndorsedTransaction {
  readonly channelHeader: ChannelHeader;
  readonly namespaces: readonly NamespaceReadWriteSet[];
}

/** Reads a transaction that was found valid; undefined for one of another kind, such as a configuration. */
export function readEndorsed(bytes: Uint8Array): EndorsedTransaction | undefined {
  const { header, data } = Payload.decode(Envelope.decode(bytes).payload);
  if (header === undefined) return undefined;
  const channelHeader = ChannelHeader.decode(header.channelHeader);
  if (channelHeader.type !== HeaderType.ENDORSER_TRANSACTION) return undefined;
  const { results } = chaincodeActionOf(readEndorserTransaction(header, data));
  return { channelHeader, namespaces: decodeReadWriteSet(results) };
}
