import type { NamespaceWrites } from "@wanlian/model/kernel/judge.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { ChannelHeader, Envelope, HeaderType, Payload, SignatureHeader } from "@wanlian/protocol/messages/common.js";
import { SerializedIdentity } from "@wanlian/protocol/messages/msp.js";
import { ChaincodeAction, type Endorsement, ProposalResponsePayload } from "@wanlian/protocol/messages/proposal.js";
import { HashedRWSet, KVRWSet, TxReadWriteSet } from "@wanlian/protocol/messages/rwset.js";
import { ChaincodeActionPayload, Transaction } from "@wanlian/protocol/messages/transaction.js";
import type { Timestamp } from "@wanlian/protocol/messages/wellknown.js";

/** What an envelope's headers claim. Nothing here is checked: that is the peer's part, and its code says how it ended. */
export interface TransactionHeaders {
  readonly type: number;
  readonly id: string;
  readonly channel: string;
  /** RFC 3339; empty if absent or absurd. The client's own claim. */
  readonly claimedTime: string;
  /** proto msp.SerializedIdentity. */
  readonly creator: Uint8Array;
  /** MSP id of the creator, empty if unreadable. */
  readonly department: string;
  readonly data: Uint8Array;
}

/** What a transaction of type ENDORSER_TRANSACTION holds. */
export interface EndorsedAction {
  /** Chaincode that was called. */
  readonly chaincode: string;
  /** The bytes that the endorsers signed, before their identity. */
  readonly responsePayload: Uint8Array;
  readonly proposalHash: Uint8Array;
  readonly proposalPayload: Uint8Array;
  readonly endorsements: readonly Endorsement[];
  readonly namespaces: ReadonlyMap<string, NamespaceWrites>;
}

/** Reads headers as far as they can be read; undefined if there is no envelope with headers. */
export function readHeaders(envelopeBytes: Uint8Array): TransactionHeaders | undefined {
  return ifWellFormed(() => {
    const { payload } = Envelope.decode(envelopeBytes);
    const { header, data } = Payload.decode(payload);
    if (header === undefined) return undefined;
    const channelHeader = ChannelHeader.decode(header.channelHeader);
    const { creator } = SignatureHeader.decode(header.signatureHeader);
    return {
      type: channelHeader.type,
      id: channelHeader.txId,
      channel: channelHeader.channelId,
      claimedTime: rfc3339(channelHeader.timestamp),
      creator,
      department: departmentOf(creator),
      data,
    };
  });
}

/** Reads what was endorsed; undefined for other types and for what does not parse (never the case for a valid one). */
export function readAction(headers: TransactionHeaders): EndorsedAction | undefined {
  if (headers.type !== HeaderType.ENDORSER_TRANSACTION) return undefined;
  return ifWellFormed(() => {
    const [first] = Transaction.decode(headers.data).actions;
    if (first === undefined) return undefined;
    const { action, chaincodeProposalPayload } = ChaincodeActionPayload.decode(first.payload);
    if (action === undefined) return undefined;
    const response = ProposalResponsePayload.decode(action.proposalResponsePayload);
    const { results, chaincodeId } = ChaincodeAction.decode(response.extension);
    return {
      chaincode: chaincodeId?.name ?? "",
      responsePayload: action.proposalResponsePayload,
      proposalHash: response.proposalHash,
      proposalPayload: chaincodeProposalPayload,
      endorsements: action.endorsements,
      namespaces: readNamespaces(results),
    };
  });
}

/** MSP id of a serialized identity, empty if unreadable. */
export function departmentOf(identity: Uint8Array): string {
  return ifWellFormed(() => SerializedIdentity.decode(identity).mspid) ?? "";
}

function readNamespaces(results: Uint8Array): Map<string, NamespaceWrites> {
  const namespaces = new Map<string, NamespaceWrites>();
  for (const { namespace, rwset, collectionHashedRwset } of TxReadWriteSet.decode(results).nsRwset) {
    const { writes, metadataWrites } = KVRWSet.decode(rwset);
    const privateWrites = collectionHashedRwset.reduce((sum, { hashedRwset }) => sum + countWrites(hashedRwset), 0);
    namespaces.set(namespace, { writes, metadataWrites, privateWrites });
  }
  return namespaces;
}

function countWrites(hashedRwset: Uint8Array): number {
  const { hashedWrites, metadataWrites } = HashedRWSet.decode(hashedRwset);
  return hashedWrites.length + metadataWrites.length;
}

function ifWellFormed<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

const LAST_SECOND = 253_402_300_799n; // 9999-12-31T23:59:59Z

function rfc3339(timestamp: Timestamp | undefined): string {
  if (timestamp === undefined || timestamp.seconds < 0n || timestamp.seconds > LAST_SECOND) return "";
  const milliseconds = Number(timestamp.seconds) * 1000 + Math.floor(timestamp.nanos / 1_000_000);
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}
