import { join } from "node:path";
import { messageOf } from "@wanlian/protocol/errors.js";
import { ClassicLevel } from "classic-level";
import { NetworkError } from "../../error.js";
import { checkedValue, damaged, isCorruption, withChecksum } from "../checksum.js";
import { checkChain } from "../stored-chain.js";
import { TableDigests } from "../table-digests.js";
import { HeightMark } from "./height-mark.js";

/** Among LevelDB's files, which it leaves alone: so it goes where the blocks go. */
const MARK = "HEIGHT";

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

interface Parts {
  readonly directory: string;
  readonly mark: HeightMark;
  readonly digests: TableDigests;
  readonly height: bigint;
}

/** The blocks of one channel on disk. What `append` has resolved for survives a crash. */
export class BlockStore {
  readonly #level: ClassicLevel<Buffer, Uint8Array>;
  readonly directory: string;
  readonly #mark: HeightMark;
  readonly #digests: TableDigests;
  #height: bigint;

  private constructor(level: ClassicLevel<Buffer, Uint8Array>, parts: Parts) {
    this.#level = level;
    this.directory = parts.directory;
    this.#mark = parts.mark;
    this.#digests = parts.digests;
    this.#height = parts.height;
  }

  /**
   * Opens the store in `directory`, making it if need be.
   * @throws NetworkError UNUSABLE_DIRECTORY, if it is in use for example; DAMAGED if it has had more blocks than it has
   */
  static async open(directory: string): Promise<BlockStore> {
    const level = new ClassicLevel<Buffer, Uint8Array>(directory, { keyEncoding: "buffer", valueEncoding: "view" });
    await level.open().catch((error: unknown) => {
      throw unusable(directory, error);
    });
    const [last] = await level.keys({ reverse: true, limit: 1 }).all();
    const height = last ? last.readBigUInt64BE() + 1n : 0n;
    const mark = new HeightMark(join(directory, MARK));
    if ((await mark.read()) > height) {
      await level.close();
      throw damaged(directory, height);
    }
    return new BlockStore(level, { directory, mark, digests: await TableDigests.open(directory), height });
  }

  /** How many blocks there are; the next one has this number. */
  get height(): bigint {
    return this.#height;
  }

  /** The bytes of block `number`, one below the height. @throws NetworkError DAMAGED if it is not there as it was stored */
  async read(number: bigint): Promise<Uint8Array> {
    if (number < 0n || number >= this.#height)
      throw new RangeError(`block ${number} is not stored; the height is ${this.#height}`);
    const key = keyOf(number);
    const stored = await this.#level.get(key).catch((error: unknown) => {
      throw isCorruption(error) ? damaged(this.directory, number, error) : error;
    });
    const bytes = stored && checkedValue(key, stored);
    if (bytes === undefined) throw damaged(this.directory, number);
    return bytes;
  }

  /** Adds consecutive blocks in one write that has reached the disk when this resolves. */
  async append(blocks: readonly StoredBlock[]): Promise<void> {
    const operations = blocks.map(({ number, bytes }, index) => {
      if (number !== this.#height + BigInt(index)) {
        throw new RangeError(`block ${number} does not follow ${this.#height + BigInt(index) - 1n}`);
      }
      const key = keyOf(number);
      return { type: "put" as const, key, value: withChecksum(key, bytes) };
    });
    await this.#level.batch(operations, { sync: true });
    this.#height += BigInt(blocks.length);
    this.#mark.raise(this.#height);
  }

  /** Reads all files and blocks; ends early when the signal aborts. @throws NetworkError DAMAGED */
  async check(signal: AbortSignal): Promise<void> {
    await this.#digests.check(signal);
    await checkChain(this, this.#height, signal);
  }

  async close(): Promise<void> {
    await this.#level.close();
    await this.#digests.close();
    await this.#mark.close();
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
  return new NetworkError("UNUSABLE_DIRECTORY", text, { details: { directory }, cause: error });
}
