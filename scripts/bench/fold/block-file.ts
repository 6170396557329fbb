import { once } from "node:events";
import { createReadStream, createWriteStream, type WriteStream } from "node:fs";
import { finished } from "node:stream/promises";

const LENGTH_BYTES = 4;
/** As much as a socket gives at a time. */
const CHUNK_BYTES = 64 * 1024;

/** Blocks in a file, each behind its length. */
export class BlockFileWriter {
  readonly #stream: WriteStream;

  constructor(path: string) {
    this.#stream = createWriteStream(path);
  }

  async add(block: Uint8Array): Promise<void> {
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32LE(block.length);
    this.#stream.write(length);
    if (!this.#stream.write(block)) await once(this.#stream, "drain");
  }

  async end(): Promise<void> {
    this.#stream.end();
    await finished(this.#stream);
  }
}

/** Read from the front, once. */
export class BlockFile {
  readonly #chunks: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);

  constructor(path: string) {
    this.#chunks = createReadStream(path, { highWaterMark: CHUNK_BYTES })[Symbol.asyncIterator]();
  }

  async next(): Promise<Uint8Array> {
    const length = (await this.#take(LENGTH_BYTES)).readUInt32LE();
    return this.#take(length);
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #take(length: number): Promise<Buffer> {
    while (this.#held.length < length) {
      const { done, value } = await this.#chunks.next();
      if (done === true) throw new RangeError("the file of blocks ends too early");
      this.#held = Buffer.concat([this.#held, value]);
    }
    const taken = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return taken;
  }
}
