import type { Bundle } from "@wanlian/protocol/configuration/bundle.js";
import { type Block, Envelope, Status } from "@wanlian/protocol/messages/common.js";
import { checkPolicy } from "../deliver/access.js";
import { Refusal } from "../deliver/refusal.js";
import type { SeekRequest } from "../deliver/seek.js";
import type { DeliverChannel } from "../deliver/session.js";
import { admit } from "./admission.js";
import { BlockCutter } from "./block-cutter.js";
import type { BlockWriter } from "./block-writer.js";
import { type OrderedConfig, orderConfigUpdate } from "./config-update.js";
import type { IncomingMessage } from "./message.js";
import type { OrdererContext } from "./orderer-context.js";
import { Pace } from "./pace.js";

/** A disk that is slower than the clients must not fill the memory. */
const MAX_BACKLOG_BYTES = 64 * 1024 * 1024;
const READERS = "/Channel/Readers";

interface Pending {
  readonly envelope: Uint8Array;
  readonly size: number;
}

/** One channel: puts messages in order, cuts them into blocks, has these written, and hands them out. */
export class Chain implements DeliverChannel {
  readonly #writer: BlockWriter;
  readonly #context: OrdererContext;
  readonly #cutter = new BlockCutter<Pending>();
  readonly #pace = new Pace();
  #bundle: Bundle;
  #timer: NodeJS.Timeout | undefined;
  /** Set while a configuration is on its way to the disk; messages wait for it, to be judged by it. */
  #reconfiguring: Promise<void> | undefined;
  #closed = false;

  constructor(writer: BlockWriter, bundle: Bundle, context: OrdererContext) {
    this.#writer = writer;
    this.#bundle = bundle;
    this.#context = context;
  }

  get bundle(): Bundle {
    return this.#bundle;
  }

  get height(): bigint {
    return this.#writer.height.value;
  }

  get configSequence(): bigint {
    return this.#bundle.sequence;
  }

  get failure(): string | undefined {
    return this.#closed ? "the channel is closed" : this.#writer.failure?.message;
  }

  reach(number: bigint, signal: AbortSignal): Promise<void> {
    return this.#writer.height.reach(number, signal);
  }

  block(number: bigint): Promise<Block> {
    return this.#writer.block(number);
  }

  /** Reads all that is stored; ends early when the signal aborts. @throws NetworkError DAMAGED */
  checkStored(signal: AbortSignal): Promise<void> {
    return this.#writer.checkStored(signal);
  }

  checkAccess(request: SeekRequest): Promise<Date> {
    return checkPolicy(this.#bundle, READERS, request);
  }

  /**
   * Accepts a message for ordering. It will be in a block unless the process dies or the disk fails first.
   * Throws Refusal with the status to answer.
   */
  async order(message: IncomingMessage): Promise<void> {
    for (;;) {
      this.#checkRunning();
      if (this.#reconfiguring) {
        await this.#reconfiguring;
        continue;
      }
      const bundle = this.#bundle;
      await admit(message, bundle, this.#context.now());
      const update =
        message.kind === "configUpdate" ? await orderConfigUpdate(bundle, message, this.#context) : undefined;
      this.#checkRunning();
      // Judged by a configuration that has been replaced meanwhile, it is judged again.
      if (bundle === this.#bundle && this.#reconfiguring === undefined) {
        if (update) {
          this.#reconfigure(update);
        } else {
          this.#take({ envelope: Envelope.encode(message.envelope), size: message.size });
        }
        return;
      }
    }
  }

  /** Writes what was accepted, then takes no more. Streams that wait for blocks are ended. */
  async close(): Promise<void> {
    this.#flush();
    this.#closed = true;
    await this.#writer.close();
    this.#writer.height.fail(new Refusal(Status.SERVICE_UNAVAILABLE, "the channel is closed"));
  }

  #checkRunning(): void {
    if (this.failure !== undefined) {
      throw new Refusal(Status.SERVICE_UNAVAILABLE, this.failure);
    }
    if (this.#writer.backlog > MAX_BACKLOG_BYTES) {
      throw new Refusal(Status.SERVICE_UNAVAILABLE, "too many messages wait to be written; try again later");
    }
  }

  #take(message: Pending): void {
    const { maxMessageCount, preferredMaxBytes, batchTimeoutMilliseconds } = this.#bundle.orderer;
    for (const batch of this.#cutter.add(message, { maxMessageCount, preferredMaxBytes })) {
      this.#write(batch);
    }
    if (!this.#cutter.gathering) {
      this.#stopTimer();
    } else {
      this.#timer ??= setTimeout(() => this.#flush(), this.#pace.wait(batchTimeoutMilliseconds));
    }
  }

  /** A configuration stands alone in its block; what was gathered goes before it. */
  #reconfigure({ envelope, bundle }: OrderedConfig): void {
    this.#flush();
    const configured = () => {
      this.#bundle = bundle;
    };
    this.#reconfiguring = this.#writer.write({ data: [envelope], bytes: envelope.length, configured }).then(() => {
      this.#reconfiguring = undefined;
    });
  }

  #flush(): void {
    this.#stopTimer();
    for (const batch of this.#cutter.cut()) {
      this.#write(batch);
    }
  }

  #write(batch: readonly Pending[]): void {
    this.#pace.cut(batch.length);
    const bytes = batch.reduce((sum, { size }) => sum + size, 0);
    void this.#writer.write({ data: batch.map(({ envelope }) => envelope), bytes });
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
