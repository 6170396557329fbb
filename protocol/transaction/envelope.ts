import { ProtocolError } from "../errors.js";
import type { Identity, MspManager } from "../identities/identity.js";
import { ChannelHeader, Envelope, type Header, HeaderType, Payload, SignatureHeader } from "../messages/common.js";
import { TxValidationCode } from "../messages/transaction.js";
import { type EndorserTransaction, readEndorserTransaction } from "./endorser-transaction.js";
import { transactionId } from "./ids.js";

/** An envelope that passed the checks that need no state. */
export type CheckedEnvelope =
  | {
      readonly kind: "endorser";
      readonly channelHeader: ChannelHeader;
      readonly creator: Identity;
      readonly transaction: EndorserTransaction;
    }
  | {
      readonly kind: "config";
      readonly channelHeader: ChannelHeader;
      readonly creator: Identity;
      readonly data: Uint8Array;
    };

/** Why an envelope is not valid: the code that Fabric gives, and the reason in words. */
export interface RefusedEnvelope {
  readonly kind: "refused";
  readonly code: number;
  readonly reason: string;
}

/** The channel that a transaction is for and who vouches for its creators. */
export interface ChannelContext {
  readonly channelId: string;
  readonly msps: MspManager;
}

const refused = (code: number, reason: string): RefusedEnvelope => ({ kind: "refused", code, reason });

/** The first part of Fabric's validation (core/common/validation): form, creator and signature, transaction id, proposal hash. */
export async function checkEnvelope(
  bytes: Uint8Array,
  channel: ChannelContext,
): Promise<CheckedEnvelope | RefusedEnvelope> {
  const envelope = attempt(() => Envelope.decode(bytes));
  if (envelope instanceof ProtocolError) return refused(TxValidationCode.INVALID_OTHER_REASON, envelope.message);
  const payload = attempt(() => Payload.decode(envelope.payload));
  if (payload instanceof ProtocolError) return refused(TxValidationCode.BAD_PAYLOAD, payload.message);
  const headers = attempt(() => readHeaders(payload.header));
  if (headers instanceof ProtocolError) return refused(TxValidationCode.BAD_COMMON_HEADER, headers.message);
  const { header, channelHeader, signatureHeader } = headers;

  const creator = attempt(() => creatorOf(channelHeader, signatureHeader, channel));
  if (creator instanceof ProtocolError) return refused(TxValidationCode.BAD_CREATOR_SIGNATURE, creator.message);
  if (!(await creator.verify(envelope.payload, envelope.signature))) {
    return refused(TxValidationCode.BAD_CREATOR_SIGNATURE, "the creator's signature is wrong");
  }
  if (channelHeader.type === HeaderType.CONFIG) return { kind: "config", channelHeader, creator, data: payload.data };
  if (channelHeader.type !== HeaderType.ENDORSER_TRANSACTION) {
    return refused(TxValidationCode.UNSUPPORTED_TX_PAYLOAD, `transaction type ${channelHeader.type}`);
  }
  if (channelHeader.txId !== transactionId(signatureHeader.nonce, signatureHeader.creator)) {
    return refused(TxValidationCode.BAD_PROPOSAL_TXID, "the transaction id is not that of creator and nonce");
  }
  const transaction = attempt(() => readEndorserTransaction(header, payload.data));
  if (transaction instanceof ProtocolError) {
    return refused(TxValidationCode.INVALID_ENDORSER_TRANSACTION, transaction.message);
  }
  return { kind: "endorser", channelHeader, creator, transaction };
}

interface Headers {
  readonly header: Header;
  readonly channelHeader: ChannelHeader;
  readonly signatureHeader: SignatureHeader;
}

const TRANSACTION_TYPES: ReadonlySet<number> = new Set([
  HeaderType.CONFIG,
  HeaderType.CONFIG_UPDATE,
  HeaderType.ENDORSER_TRANSACTION,
]);

function readHeaders(header: Header | undefined): Headers {
  const invalid = (message: string): ProtocolError => new ProtocolError("INVALID_TRANSACTION", message);
  if (header === undefined) throw invalid("there is no header");
  const channelHeader = ChannelHeader.decode(header.channelHeader);
  const signatureHeader = SignatureHeader.decode(header.signatureHeader);
  if (!TRANSACTION_TYPES.has(channelHeader.type)) throw invalid(`header type ${channelHeader.type}`);
  if (channelHeader.epoch !== 0n) throw invalid(`epoch ${channelHeader.epoch}`);
  if (signatureHeader.nonce.length === 0) throw invalid("there is no nonce");
  if (signatureHeader.creator.length === 0) throw invalid("there is no creator");
  return { header, channelHeader, signatureHeader };
}

/** The creator by the MSPs of the channel that the header names; a peer knows none of another channel's. */
function creatorOf({ channelId }: ChannelHeader, { creator }: SignatureHeader, channel: ChannelContext): Identity {
  if (channelId !== channel.channelId)
    throw new ProtocolError("INVALID_IDENTITY", `channel "${channelId}" is not known`);
  const identity = channel.msps.deserialize(creator);
  identity.validate();
  return identity;
}

/** What a function returns, or the protocol error that it throws. */
export function attempt<T>(action: () => T): T | ProtocolError {
  try {
    return action();
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
}

/**
 * The id under which a peer's index finds a transaction: the one that its channel header claims, or, where that is empty, the one its
 * creator and nonce make; empty where it has no readable header.
 */
export function indexedTransactionId(bytes: Uint8Array): string {
  const id = attempt(() => {
    const { header } = Payload.decode(Envelope.decode(bytes).payload);
    if (header === undefined) return "";
    const { txId } = ChannelHeader.decode(header.channelHeader);
    if (txId !== "") return txId;
    const { nonce, creator } = SignatureHeader.decode(header.signatureHeader);
    return transactionId(nonce, creator);
  });
  return id instanceof ProtocolError ? "" : id;
}
