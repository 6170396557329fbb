import { status } from "@grpc/grpc-js";
import { type Envelope, Status } from "@wanlian/protocol/messages/common.js";
import type { BroadcastResponse } from "@wanlian/protocol/messages/orderer.js";
import type { BidiCall, RpcClient } from "../../../grpc/client.js";
import { RpcError } from "../../../grpc/rpc-error.js";
import { AtomicBroadcast } from "../../../grpc/services.js";

/** How long an orderer may take to answer. */
const BROADCAST_TIMEOUT_MS = 30_000;
/** Streams that are kept for the next envelope; what a rush opened beyond them is closed after it. */
const MAX_IDLE = 32;

/**
 * The streams to one orderer. Each carries one envelope at a time, so that what is refused, or lost with its stream, is that envelope alone;
 * and it is used again, since opening a stream costs either side as much as all the rest of a broadcast.
 */
export class BroadcastStreams {
  readonly #client: RpcClient;
  readonly #idle: BroadcastStream[] = [];

  constructor(client: RpcClient) {
    this.#client = client;
  }

  /** Hands over an envelope. @throws RpcError when the orderer does not answer. */
  async broadcast(envelope: Envelope, signal: AbortSignal): Promise<BroadcastResponse> {
    const kept = this.#idle.pop();
    if (kept === undefined) return this.#ask(new BroadcastStream(this.#client), envelope, signal);
    try {
      return await this.#ask(kept, envelope, signal);
    } catch (error) {
      // It may have ended while it was idle, with an orderer's restart. If the orderer has the envelope after all, the second is a duplicate.
      const ended = error instanceof RpcError && error.code !== status.DEADLINE_EXCEEDED;
      if (!ended || signal.aborted) throw error;
      this.#dropIdle();
      return this.#ask(new BroadcastStream(this.#client), envelope, signal);
    }
  }

  close(): void {
    this.#dropIdle();
    this.#client.close();
  }

  async #ask(stream: BroadcastStream, envelope: Envelope, signal: AbortSignal): Promise<BroadcastResponse> {
    const answer = await stream.ask(envelope, signal);
    // An orderer ends the stream after any other status.
    if (answer.status === Status.SUCCESS && this.#idle.length < MAX_IDLE) this.#idle.push(stream);
    else stream.end();
    return answer;
  }

  #dropIdle(): void {
    for (const stream of this.#idle.splice(0)) stream.end();
  }
}

class BroadcastStream {
  readonly #call: BidiCall<Envelope, BroadcastResponse>;
  readonly #answers: AsyncIterator<BroadcastResponse>;

  constructor(client: RpcClient) {
    this.#call = client.bidi(AtomicBroadcast.broadcast);
    this.#answers = this.#call[Symbol.asyncIterator]();
  }

  async ask(envelope: Envelope, signal: AbortSignal): Promise<BroadcastResponse> {
    const cancel = (): void => this.#call.cancel();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      cancel();
    }, BROADCAST_TIMEOUT_MS);
    signal.addEventListener("abort", cancel, { once: true });
    try {
      // A failure to send shows as the end of the stream, with its reason.
      this.#call.send(envelope).catch(cancel);
      const next = await this.#answers.next();
      if (next.done) throw new RpcError(status.UNAVAILABLE, "the orderer ended the stream without an answer");
      return next.value;
    } catch (error) {
      if (late) throw new RpcError(status.DEADLINE_EXCEEDED, "the orderer did not answer in time", { cause: error });
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener("abort", cancel);
    }
  }

  /** Ended, not cancelled: HTTP/2 servers close the connections of clients that reset many streams. */
  end(): void {
    this.#call.end();
    untilEnd(this.#answers);
  }
}

function untilEnd(answers: AsyncIterator<BroadcastResponse>): void {
  answers.next().then(
    ({ done }) => {
      if (!done) untilEnd(answers);
    },
    () => undefined,
  );
}
