import * as grpc from "@grpc/grpc-js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { PeerDeliverResponse } from "@wanlian/protocol/messages/events.js";
import type { Signer } from "../core/index.js";
import { LedgerAccessError } from "./connector.js";
import { openDeliver, type Seek, seekEnvelope } from "./deliver.js";

/** As Fabric's peers have it: a block can be that large. */
const MAX_MESSAGE_BYTES = 100 * 1024 * 1024;
/** A dead connection is noticed after these two, also when nothing is sent. Fabric's peers hang up on who asks more than once a minute. */
const KEEPALIVE_MS = 65_000;
const KEEPALIVE_TIMEOUT_MS = 10_000;
const MAX_RECONNECT_MS = 5_000;

/** The own department's peer, as a node reaches it. */
export interface PeerLocation {
  readonly channel: string;
  /** host:port. */
  readonly address: string;
  /** PEM. */
  readonly tlsRootCertificates: Uint8Array;
  /** Where the certificate's name is not the address's host. */
  readonly serverName: string | undefined;
  /** The node's own key: reads blocks and asks for fates. */
  readonly signer: Signer;
}

/** The contracts on it. */
export interface LedgerLocation extends PeerLocation {
  readonly chaincode: string;
}

/** A connection to the peer that reconnects by itself. */
export function peerClient({ address, tlsRootCertificates, serverName }: PeerLocation): grpc.Client {
  return new grpc.Client(address, grpc.credentials.createSsl(Buffer.from(tlsRootCertificates)), {
    ...(serverName === undefined ? {} : { "grpc.ssl_target_name_override": serverName }),
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
    "grpc.keepalive_time_ms": KEEPALIVE_MS,
    "grpc.keepalive_timeout_ms": KEEPALIVE_TIMEOUT_MS,
    "grpc.max_reconnect_backoff_ms": MAX_RECONNECT_MS,
  });
}

/** A peer's blocks through its Deliver service, which every Fabric has. */
export class PeerBlocks {
  readonly #client: grpc.Client;
  readonly #location: PeerLocation;

  constructor(client: grpc.Client, location: PeerLocation) {
    this.#client = client;
    this.#location = location;
  }

  /** See LedgerConnector.height. */
  async height(signal: AbortSignal): Promise<bigint> {
    for await (const block of this.#deliver("newest", signal)) {
      return (Block.decode(block).header?.number ?? -1n) + 1n;
    }
    throw new LedgerAccessError("UNAVAILABLE", "the peer names no last block");
  }

  /** See LedgerConnector.blocks. */
  from(height: bigint, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return this.#deliver({ from: height }, signal);
  }

  /** The last block, then those to come. */
  tail(signal: AbortSignal): AsyncIterable<Uint8Array> {
    return this.#deliver("newest and later", signal);
  }

  async *#deliver(seek: Seek, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    if (signal.aborted) return;
    const request = await seekEnvelope(this.#location.signer, this.#location.channel, seek);
    const stream = openDeliver(this.#client);
    const cancel = () => stream.cancel();
    signal.addEventListener("abort", cancel, { once: true });
    try {
      stream.write(request);
      for await (const bytes of stream) yield blockOf(bytes);
      throw new LedgerAccessError("UNAVAILABLE", "the peer ended the block stream");
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof LedgerAccessError) throw error;
      throw new LedgerAccessError("UNAVAILABLE", `the block stream broke: ${String(error)}`, { cause: error });
    } finally {
      signal.removeEventListener("abort", cancel);
      stream.cancel();
    }
  }
}

function blockOf(bytes: Uint8Array): Uint8Array {
  const { block, status } = PeerDeliverResponse.decode(bytes);
  if (block !== undefined) return Block.encode(block);
  throw new LedgerAccessError("UNAVAILABLE", `the peer refuses to deliver blocks: status ${status ?? "missing"}`);
}
