import { callerCertificateHash } from "../../grpc/credentials.js";
import { CONCURRENCY, ConcurrencyLimit } from "../../grpc/limits.js";
import type { RpcServer } from "../../grpc/server.js";
import { AtomicBroadcast } from "../../grpc/services.js";
import { contentOf } from "../deliver/block-content.js";
import { serveDeliver } from "../deliver/session.js";
import { serveBroadcast } from "./broadcast.js";
import type { Channels } from "./channels.js";

/** Adds the ordering service to a server: broadcast and deliver for every channel there is. */
export function addOrderingService(server: RpcServer, channels: Channels, now: () => number = Date.now): void {
  const limit = new ConcurrencyLimit("/orderer.AtomicBroadcast", CONCURRENCY.deliver);
  const deliver = {
    now,
    channel: (id: string) => channels.chain(id),
    present: async (...[block, seek]: Parameters<typeof contentOf>) => ({ block: contentOf(block, seek) }),
  };
  server
    .bidi(AtomicBroadcast.broadcast, (requests, send) =>
      limit.run(() => serveBroadcast(requests, send, (envelope) => channels.order(envelope))),
    )
    .bidi(AtomicBroadcast.deliver, (requests, send, { call, signal }) => {
      const stream = { requests, send, signal, tlsCertHash: callerCertificateHash(call) };
      return limit.run(() => serveDeliver(deliver, stream, (status) => ({ status })));
    });
}
