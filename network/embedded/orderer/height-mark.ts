import { readFile, rename, writeFile } from "node:fs/promises";

/** How far the mark may be behind the blocks, in milliseconds. */
const DELAY_MS = 1_000;

/**
 * The height a chain has had, in a file beside its blocks. LevelDB loses the end of a damaged log without a word; a
 * mark that is higher than what is found tells of it. It is written now and then: it may be behind, never ahead.
 */
export class HeightMark {
  readonly #file: string;
  #height = 0n;
  #written = 0n;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
  }

  /** The height on the mark; 0 where there is none that can be read. */
  async read(): Promise<bigint> {
    try {
      const text = await readFile(this.#file, "utf8");
      return /^\d+\n$/.test(text) ? BigInt(text.trim()) : 0n;
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0n;
      throw error;
    }
  }

  /** The chain has this height on disk. */
  raise(height: bigint): void {
    this.#height = height;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      // A mark that cannot be written, on a full disk for example, stays behind until the next one: no reason to end.
      this.#writing = this.#write().catch(() => undefined);
    }, DELAY_MS).unref();
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#writing;
    await this.#write();
  }

  async #write(): Promise<void> {
    if (this.#height === this.#written) return;
    const height = this.#height;
    await writeFile(`${this.#file}.part`, `${height}\n`);
    await rename(`${this.#file}.part`, this.#file);
    this.#written = height;
  }
}
