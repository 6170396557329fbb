import { messageOf } from "@wanlian/protocol/errors.js";
import { ClassicLevel } from "classic-level";
import { NetworkError } from "../../error.js";

/** A block number as a key: eight bytes, big-endian, so that keys sort by number. */
function keyOf(number: bigint): Buffer {
  const key = Buffer.alloc(8);
  key.writeBigUInt64BE(number);
  return key;
}

/** A block to be stored: its number and its bytes. */
export interface StoredBlock {
  readonly number: bigint;
  readonly bytes: Uint8Array;
}

/** The blocks of one channel on disk. What `append` has resolved for survives a crash. */
export class BlockStore {
  readonly #level: ClassicLevel<Buffer, Uint8Array>;
  #height: bigint;

  private constructor(level: ClassicLevel<Buffer, Uint8Array>, height: bigint) {
    this.#level = level;
    this.#height = height;
  }

  /** Opens the store in `directory`, making it if need be. Throws NetworkError UNUSABLE_DIRECTORY, if it is in use for example. */
  static async open(directory: string): Promise<BlockStore> {
    const level = new ClassicLevel<Buffer, Uint8Array>(directory, { keyEncoding: "buffer", valueEncoding: "view" });
    await level.open().catch((error: unknown) => {
      throw unusable(directory, error);
    });
    const [last] = await level.keys({ reverse: true, limit: 1 }).all();
    return new BlockStore(level, last ? last.readBigUInt64BE() + 1n : 0n);
  }

  /** How many blocks there are; the next one has this number. */
  get height(): bigint {
    return this.#height;
  }

  /** The bytes of block `number`. Throws if there is none. */
  async read(number: bigint): Promise<Uint8Array> {
    const bytes = await this.#level.get(keyOf(number));
    if (bytes === undefined) {
      throw new RangeError(`block ${number} is not stored; the height is ${this.#height}`);
    }
    return bytes;
  }

  /** Adds consecutive blocks in one write that has reached the disk when this resolves. */
  async append(blocks: readonly StoredBlock[]): Promise<void> {
    const operations = blocks.map(({ number, bytes }, index) => {
      if (number !== this.#height + BigInt(index)) {
        throw new RangeError(`block ${number} does not follow ${this.#height + BigInt(index) - 1n}`);
      }
      return { type: "put" as const, key: keyOf(number), value: bytes };
    });
    await this.#level.batch(operations, { sync: true });
    this.#height += BigInt(blocks.length);
  }

  async close(): Promise<void> {
    await this.#level.close();
  }
}

/** The reason that LevelDB gives is the cause of abstract-level's own error. */
function unusable(directory: string, error: unknown): NetworkError {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const locked = cause instanceof Error && "code" in cause && cause.code === "LEVEL_LOCKED";
  const reason = messageOf(cause);
  const text = locked
    ? { zh: `${directory} 正被另一个进程使用。`, en: `${directory} is in use by another process.` }
    : { zh: `无法打开 ${directory}：${reason}`, en: `${directory} cannot be opened: ${reason}` };
  return new NetworkError("UNUSABLE_DIRECTORY", text, { directory }, error);
}
