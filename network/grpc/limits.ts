import { type ChannelOptions, status } from "@grpc/grpc-js";
import { RpcError } from "./rpc-error.js";

/** Fabric's own limit on both sides: a block of large transactions must fit (internal/pkg/comm/config.go). */
export const MAX_MESSAGE_BYTES = 100 * 1024 * 1024;

/** Calls at a time by service, as in Fabric's sampleconfig/core.yaml, which has no limit for gossip. */
export const CONCURRENCY = { endorser: 2500, deliver: 2500, gateway: 500, gossip: 500 } as const;

/** A silent connection is probed this often, so that a vanished host is noticed; Fabric peers do the same each minute. */
const KEEPALIVE_INTERVAL_MS = 60_000;
const KEEPALIVE_TIMEOUT_MS = 20_000;
/** Peers and orderers restart within a second or two; grpc-js would wait up to two minutes between attempts. */
const RECONNECT_MIN_MS = 100;
const RECONNECT_MAX_MS = 3_000;

/** Options of every channel and server of the network. */
export const MESSAGE_OPTIONS: ChannelOptions = {
  "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
  "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  // Nobody reads grpc-js's own statistics, and keeping them costs a part of every call.
  "grpc.enable_channelz": 0,
};

export const CLIENT_OPTIONS: ChannelOptions = {
  ...MESSAGE_OPTIONS,
  "grpc.keepalive_time_ms": KEEPALIVE_INTERVAL_MS,
  "grpc.keepalive_timeout_ms": KEEPALIVE_TIMEOUT_MS,
  "grpc.initial_reconnect_backoff_ms": RECONNECT_MIN_MS,
  "grpc.min_reconnect_backoff_ms": RECONNECT_MIN_MS,
  "grpc.max_reconnect_backoff_ms": RECONNECT_MAX_MS,
};

/** At most so many calls of one service at a time; a call beyond fails at once instead of waiting. */
export class ConcurrencyLimit {
  readonly #service: string;
  readonly #limit: number;
  #running = 0;

  constructor(service: string, limit: number) {
    this.#service = service;
    this.#limit = limit;
  }

  /** Runs `work`, for a stream as long as the stream lasts. Throws RpcError (UNKNOWN) over the limit. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#limit) {
      const message = `too many requests for ${this.#service}, exceeding concurrency limit (${this.#limit})`;
      throw new RpcError(status.UNKNOWN, message);
    }
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
    }
  }
}
