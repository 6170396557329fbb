import type { Bundle } from "@wanlian/protocol/configuration/bundle.js";
import { applyConfig, proposeUpdate } from "@wanlian/protocol/configuration/update.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import {
  ChannelHeader,
  Envelope,
  HeaderType,
  Payload,
  SignatureHeader,
  Status,
} from "@wanlian/protocol/messages/common.js";
import { ConfigEnvelope } from "@wanlian/protocol/messages/configuration.js";
import { timestampOf } from "@wanlian/protocol/messages/wellknown.js";
import { Refusal } from "../deliver/refusal.js";
import { obstacleToSigning } from "./block-signing.js";
import type { IncomingMessage } from "./message.js";
import type { OrdererContext } from "./orderer-context.js";

/** A configuration ready to be ordered, and what will hold once it is. */
export interface OrderedConfig {
  /** The encoded envelope: type CONFIG, signed by the orderer. */
  readonly envelope: Uint8Array;
  readonly bundle: Bundle;
}

/**
 * Makes the configuration that an update leads to (Fabric's orderer/common/msgprocessor/standardchannel.go). Throws
 * Refusal (400) where the rules or the signatures do not allow the update, or the result is one under which this orderer
 * could not go on.
 */
export async function orderConfigUpdate(
  bundle: Bundle,
  message: IncomingMessage,
  context: OrdererContext,
): Promise<OrderedConfig> {
  const config = await allowed(proposeUpdate(bundle, message.envelope));
  // What every peer will do with it.
  const next = await allowed(applyConfig(bundle, config));
  const obstacle = await obstacleToSigning(next, context.signer);
  if (obstacle !== undefined) {
    throw new Refusal(Status.BAD_REQUEST, obstacle);
  }
  const envelope = wrap(bundle.channelId, ConfigEnvelope.encode(config), context);
  if (envelope.length > bundle.orderer.absoluteMaxBytes) {
    throw new Refusal(Status.BAD_REQUEST, `the configuration would have ${envelope.length} bytes, which is too large`);
  }
  return { envelope, bundle: next };
}

function wrap(channelId: string, data: Uint8Array, { signer, now }: OrdererContext): Uint8Array {
  const channelHeader = ChannelHeader.encode({ type: HeaderType.CONFIG, channelId, timestamp: timestampOf(now()) });
  const signatureHeader = SignatureHeader.encode({ creator: signer.creator, nonce: signer.nonce() });
  const payload = Payload.encode({ header: { channelHeader, signatureHeader }, data });
  return Envelope.encode({ payload, signature: signer.sign(payload) });
}

async function allowed<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ProtocolError) {
      throw new Refusal(Status.BAD_REQUEST, error.message, { cause: error });
    }
    throw error;
  }
}
