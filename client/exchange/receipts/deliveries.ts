import { constants, type FileHandle, open } from "node:fs/promises";

const DONE = 1;
/** Read at a time while looking for the first that is open. */
const CHUNK_BYTES = 64 * 1024;

/**
 * For which records of the own log no receipt has to be brought to a provider any more: one byte a record, by
 * position; a zero, or nothing, says that this is open. It is not flushed: what a crash takes from it is delivered
 * once more, which a provider does not mind.
 */
export class Deliveries {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(path: string): Promise<Deliveries> {
    // No flag of fopen's fits: "r+" does not create, and files opened with "a+" ignore positions on Linux.
    return new Deliveries(await open(path, constants.O_RDWR | constants.O_CREAT, 0o600));
  }

  /** Nothing is open at the positions from `from` on, below `to`. */
  async settle(from: number, to = from + 1): Promise<void> {
    if (to > from) await this.#file.write(Buffer.alloc(to - from, DONE), 0, to - from, from);
  }

  async isOpen(position: number): Promise<boolean> {
    const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(1), 0, 1, position);
    return bytesRead === 0 || buffer[0] !== DONE;
  }

  /** The first open position at or after `from`. */
  async firstOpen(from = 0): Promise<number> {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (let at = from; ; at += CHUNK_BYTES) {
      const { bytesRead } = await this.#file.read(chunk, 0, CHUNK_BYTES, at);
      const open = chunk.subarray(0, bytesRead).findIndex((byte) => byte !== DONE);
      if (open !== -1) return at + open;
      if (bytesRead < CHUNK_BYTES) return at + bytesRead;
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
