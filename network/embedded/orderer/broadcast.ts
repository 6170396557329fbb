import { type Envelope, Status } from "@wanlian/protocol/messages/common.js";
import type { BroadcastResponse } from "@wanlian/protocol/messages/orderer.js";
import type { Send } from "../../grpc/server.js";
import { Refusal } from "../deliver/refusal.js";

/**
 * Answers each envelope of a stream in turn: 200 once it is accepted for ordering, which is not yet ordered, let alone
 * durable. Any other status ends the stream (Fabric's orderer/common/broadcast/broadcast.go).
 */
export async function serveBroadcast(
  requests: AsyncIterable<Envelope>,
  send: Send<BroadcastResponse>,
  order: (envelope: Envelope) => Promise<void>,
): Promise<void> {
  for await (const envelope of requests) {
    try {
      await order(envelope);
    } catch (error) {
      if (error instanceof Refusal) {
        await send({ status: error.status, info: error.message });
        return;
      }
      throw error;
    }
    await send({ status: Status.SUCCESS });
  }
}
