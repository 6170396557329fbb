import type { Encodable } from "@wanlian/protocol/codec.js";
import { type Block, type Envelope, Status } from "@wanlian/protocol/messages/common.js";
import { SeekBehavior, SeekErrorResponse, type SeekInfo } from "@wanlian/protocol/messages/orderer.js";
import type { Send } from "../../grpc/server.js";
import { Refusal } from "./refusal.js";
import { readSeekInfo, readSeekRequest, resolveRange, type SeekRequest } from "./seek.js";

/** A chain of blocks that can be handed out, on an orderer or a peer. */
export interface DeliverChannel {
  readonly height: bigint;
  /** Resolves when block `number` exists; rejects when `signal` aborts or the chain has failed. */
  reach(number: bigint, signal: AbortSignal): Promise<void>;
  block(number: bigint): Promise<Block>;
  /** Why no further blocks will come; undefined while all is well. */
  readonly failure: string | undefined;
  /** Grows with every configuration: what was allowed under one may not be under the next. */
  readonly configSequence: bigint;
  /**
   * Asks the present configuration whether the requester may read. Resolves to when the requester's certificate ends.
   * Throws Refusal (403).
   */
  checkAccess(request: SeekRequest): Promise<Date>;
}

/** What a deliver service is made of. */
export interface DeliverService<R extends { status?: number }> {
  channel(id: string): DeliverChannel | undefined;
  /** A block as this service sends it. */
  present(block: Block, seek: SeekInfo, request: SeekRequest, channel: DeliverChannel): Promise<Encodable<R>>;
  /** Milliseconds since 1970. */
  now(): number;
}

/** A stream of requests and answers, and what is known of it. */
export interface DeliverStream<R> {
  readonly requests: AsyncIterable<Envelope>;
  readonly send: Send<R>;
  readonly signal: AbortSignal;
  readonly tlsCertHash: Uint8Array | undefined;
}

/**
 * Serves one stream: each request is answered with its blocks and a status; the stream goes on after SUCCESS and ends
 * after any other status (Fabric's common/deliver/deliver.go).
 */
export async function serveDeliver<R extends { status?: number }>(
  service: DeliverService<R>,
  stream: DeliverStream<R>,
  status: (status: number) => Encodable<R>,
): Promise<void> {
  for await (const envelope of stream.requests) {
    try {
      await deliverRange(service, stream, envelope);
    } catch (error) {
      if (error instanceof Refusal) {
        await stream.send(status(error.status));
        return;
      }
      throw error;
    }
    await stream.send(status(Status.SUCCESS));
  }
}

async function deliverRange<R extends { status?: number }>(
  service: DeliverService<R>,
  { send, signal, tlsCertHash }: DeliverStream<R>,
  envelope: Envelope,
): Promise<void> {
  const request = readSeekRequest(envelope, { now: service.now(), tlsCertHash });
  const channel = service.channel(request.channelId);
  if (channel === undefined) {
    throw new Refusal(Status.NOT_FOUND, `there is no channel "${request.channelId}" here`);
  }
  const seek = readSeekInfo(request);
  const access = new Access(service, channel, request);
  checkHealth(channel, seek);
  await access.check();
  const { start, stop } = resolveRange(seek, channel.height);
  for (let number = start; ; number += 1n) {
    if (number >= channel.height) {
      await nextBlock(channel, seek, number, signal);
    }
    const block = await channel.block(number);
    await access.check();
    await send(await service.present(block, seek, request, channel));
    if (number === stop) return;
  }
}

async function nextBlock(channel: DeliverChannel, seek: SeekInfo, number: bigint, signal: AbortSignal): Promise<void> {
  if (seek.behavior === SeekBehavior.FAIL_IF_NOT_READY) {
    throw new Refusal(Status.NOT_FOUND, `block ${number} does not exist yet`);
  }
  checkHealth(channel, seek);
  await channel.reach(number, signal);
}

function checkHealth(channel: DeliverChannel, seek: SeekInfo): void {
  if (channel.failure !== undefined && seek.errorResponse !== SeekErrorResponse.BEST_EFFORT) {
    throw new Refusal(Status.SERVICE_UNAVAILABLE, channel.failure);
  }
}

/** The right to read, asked anew whenever the configuration has changed or the certificate may have ended. */
class Access {
  #checkedAt: bigint | undefined;
  #expiresAt = 0;

  constructor(
    private readonly clock: { now(): number },
    private readonly channel: DeliverChannel,
    private readonly request: SeekRequest,
  ) {}

  async check(): Promise<void> {
    const sequence = this.channel.configSequence;
    if (this.#checkedAt !== sequence) {
      this.#expiresAt = (await this.channel.checkAccess(this.request)).getTime();
      this.#checkedAt = sequence;
    }
    if (this.clock.now() > this.#expiresAt) {
      throw new Refusal(Status.FORBIDDEN, "the client's certificate has expired");
    }
  }
}
