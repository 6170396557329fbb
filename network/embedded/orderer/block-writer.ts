import { headerHash } from "@wanlian/protocol/block.js";
import { messageOf } from "@wanlian/protocol/errors.js";
import { Block, Status } from "@wanlian/protocol/messages/common.js";
import type { SigningIdentity } from "../../certificates/signing-identity.js";
import { Height } from "../deliver/height.js";
import { Refusal } from "../deliver/refusal.js";
import { assembleBlock } from "./block-assembly.js";
import type { BlockStore } from "./block-store.js";
import { RecentBlocks } from "./recent-blocks.js";

/** Where a chain stands: the next block's number, the last header's hash, the newest configuration block. */
export interface ChainTip {
  readonly height: bigint;
  readonly lastHash: Uint8Array;
  readonly lastConfig: bigint;
}

/** The content of a block to be written. */
export interface Batch {
  readonly data: readonly Uint8Array[];
  readonly bytes: number;
  /** Called once the block is on disk and before it is delivered; set for a configuration block only. */
  readonly configured?: () => void;
}

/** What a writer does with a block store. */
type Store = Pick<BlockStore, "read" | "append" | "check" | "close">;

interface WaitingBatch extends Batch {
  readonly settle: () => void;
}

interface MadeBlock {
  readonly number: bigint;
  readonly block: Block;
  readonly bytes: Uint8Array;
  readonly batch: WaitingBatch;
}

/**
 * Makes batches into signed blocks and stores them, in order. Batches that arrive while the disk is busy are made into
 * blocks that share the next write, so the disk bounds the time of a block, not the number of blocks in that time.
 */
export class BlockWriter {
  readonly height: Height;
  readonly #store: Store;
  readonly #signer: SigningIdentity;
  readonly #recent = new RecentBlocks();
  #tip: ChainTip;
  #waiting: WaitingBatch[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> | undefined;
  #failure: Error | undefined;

  constructor(store: Store, signer: SigningIdentity, tip: ChainTip) {
    this.#store = store;
    this.#signer = signer;
    this.#tip = tip;
    this.height = new Height(tip.height);
  }

  /** Bytes that wait for the disk. */
  get backlog(): number {
    return this.#waitingBytes;
  }

  /** Why nothing more can be written; undefined while all is well. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  async block(number: bigint): Promise<Block> {
    return this.#recent.get(number) ?? Block.decode(await this.#store.read(number));
  }

  checkStored(signal: AbortSignal): Promise<void> {
    return this.#store.check(signal);
  }

  /**
   * Takes a batch; it becomes the block after those already taken, unless writing fails first. Resolves when it is on
   * disk, or when writing has failed: see `failure`.
   */
  write(batch: Batch): Promise<void> {
    if (this.#failure !== undefined) {
      return Promise.resolve();
    }
    return new Promise((settle) => {
      this.#waiting.push({ ...batch, settle });
      this.#waitingBytes += batch.bytes;
      this.#writing ??= this.#drain();
    });
  }

  /** Closes the store when all that was taken is on disk, or writing has failed. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#store.close();
  }

  async #drain(): Promise<void> {
    // Batches of one turn of the event loop go together.
    await Promise.resolve();
    try {
      while (this.#waiting.length > 0) {
        await this.#writeWaiting();
      }
    } catch (cause) {
      this.#failure = new Error(`blocks cannot be stored: ${messageOf(cause)}`, { cause });
      this.height.fail(new Refusal(Status.SERVICE_UNAVAILABLE, this.#failure.message, { cause }));
      for (const { settle } of this.#waiting) settle();
      this.#waiting = [];
    } finally {
      this.#writing = undefined;
    }
  }

  async #writeWaiting(): Promise<void> {
    const batches = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    try {
      const made = batches.map((batch) => this.#make(batch));
      await this.#store.append(made);
      for (const { number, block, bytes, batch } of made) {
        this.#recent.add(number, block, bytes.length);
        batch.configured?.();
      }
      this.height.advance(this.#tip.height);
    } finally {
      for (const { settle } of batches) settle();
    }
  }

  #make(batch: WaitingBatch): MadeBlock {
    const number = this.#tip.height;
    const lastConfig = batch.configured ? number : this.#tip.lastConfig;
    const content = { number, previousHash: this.#tip.lastHash, data: batch.data, lastConfig };
    const block = assembleBlock(content, this.#signer);
    this.#tip = { height: number + 1n, lastHash: headerHash(block.header), lastConfig };
    return { number, block, bytes: Block.encode(block), batch };
  }
}
