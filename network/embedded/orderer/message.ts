import { ProtocolError } from "@wanlian/protocol/errors.js";
import {
  ChannelHeader,
  type Envelope,
  HeaderType,
  Payload,
  SignatureHeader,
  Status,
} from "@wanlian/protocol/messages/common.js";
import { Refusal } from "../deliver/refusal.js";

/** An envelope that came to be ordered, read as far as the orderer looks at it. */
export interface IncomingMessage {
  readonly envelope: Envelope;
  /** A transaction, or an update of the channel's configuration: nothing else is ordered. */
  readonly kind: "transaction" | "configUpdate";
  readonly channelId: string;
  /** The serialized identity that signed the envelope. */
  readonly creator: Uint8Array;
  /** The payload's content: a Transaction or a ConfigUpdateEnvelope. */
  readonly data: Uint8Array;
  /** Payload and signature bytes together, which the channel's limits are about. */
  readonly size: number;
}

/** Reads an envelope. Throws Refusal (400) if it is empty, malformed, or of a kind that clients may not order. */
export function readMessage(envelope: Envelope): IncomingMessage {
  const { payload, signature } = envelope;
  if (payload.length === 0) {
    throw new Refusal(Status.BAD_REQUEST, "message payload is empty");
  }
  try {
    const { header, data } = Payload.decode(payload);
    if (header === undefined) {
      throw new Refusal(Status.BAD_REQUEST, "the envelope has no header");
    }
    const { type, channelId } = ChannelHeader.decode(header.channelHeader);
    const { creator } = SignatureHeader.decode(header.signatureHeader);
    return { envelope, kind: kindOf(type), channelId, creator, data, size: payload.length + signature.length };
  } catch (error) {
    if (error instanceof ProtocolError) {
      throw new Refusal(Status.BAD_REQUEST, "could not determine channel ID: the headers cannot be decoded", {
        cause: error,
      });
    }
    throw error;
  }
}

function kindOf(type: number): IncomingMessage["kind"] {
  switch (type) {
    case HeaderType.ENDORSER_TRANSACTION:
      return "transaction";
    case HeaderType.CONFIG_UPDATE:
      return "configUpdate";
    default:
      throw new Refusal(Status.BAD_REQUEST, `messages of type ${type} cannot be ordered`);
  }
}
