import type { ChannelBundle } from "@wanlian/protocol/configuration/channel-bundle.js";
import { Status } from "@wanlian/protocol/messages/common.js";
import { checkPolicy, expiryOf } from "../deliver/access.js";
import { Refusal } from "../deliver/refusal.js";
import type { IncomingMessage } from "./message.js";
import { checkTransactionForm } from "./transaction-form.js";

/**
 * What a message must pass before it is ordered, under one configuration (Fabric's orderer/common/msgprocessor). Throws
 * Refusal: 400 for a message that is too large, out of form, or whose creator's certificate has expired; 403 for a
 * creator who may not write; 503 for a transaction while the channel is under maintenance.
 */
export async function admit(message: IncomingMessage, bundle: ChannelBundle, now: number): Promise<void> {
  const { absoluteMaxBytes, maintenance } = bundle.orderer;
  if (message.size > absoluteMaxBytes) {
    const text = `message payload is ${message.size} bytes and exceeds maximum allowed ${absoluteMaxBytes} bytes`;
    throw new Refusal(Status.BAD_REQUEST, text);
  }
  if (message.kind === "transaction") {
    if (maintenance) {
      throw new Refusal(Status.SERVICE_UNAVAILABLE, "normal transactions are rejected: maintenance mode");
    }
    checkTransactionForm(message.data);
  }
  const { creator, envelope } = message;
  // Of somebody whom the channel does not know, the policy says so.
  if (now > (expiryOf(bundle, creator)?.getTime() ?? Number.POSITIVE_INFINITY)) {
    throw new Refusal(Status.BAD_REQUEST, "broadcast client identity expired");
  }
  const writers = maintenance ? "/Channel/Orderer/Writers" : "/Channel/Writers";
  await checkPolicy(bundle, writers, { creator, payload: envelope.payload, signature: envelope.signature });
}
