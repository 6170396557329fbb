import type { Block } from "@wanlian/protocol/messages/common.js";

/** Enough for peers that keep up to be served without reading the disk. */
const MAX_BYTES = 16 * 1024 * 1024;

/** The newest blocks, kept in memory up to a limit of bytes. */
export class RecentBlocks {
  readonly #blocks = new Map<bigint, { readonly block: Block; readonly size: number }>();
  #bytes = 0;

  get(number: bigint): Block | undefined {
    return this.#blocks.get(number)?.block;
  }

  /** Adds a block that follows the last one added. */
  add(number: bigint, block: Block, size: number): void {
    this.#blocks.set(number, { block, size });
    this.#bytes += size;
    for (const [oldest, { size: freed }] of this.#blocks) {
      if (this.#bytes <= MAX_BYTES) return;
      this.#blocks.delete(oldest);
      this.#bytes -= freed;
    }
  }
}
