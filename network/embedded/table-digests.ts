import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { damaged } from "./checksum.js";

/** Among LevelDB's files, which it leaves alone. */
const FILE = "DIGESTS";

/** How often tables that LevelDB has made meanwhile are taken into the list, in milliseconds. */
const RECORD_EVERY_MS = 30_000;

/**
 * SHA-256 of LevelDB's tables, which never change once they are written. A checksum of a value tells of a value that
 * was changed; a key that is not found any more, because the index of its table was, is told of by this alone.
 */
export class TableDigests {
  readonly #directory: string;
  readonly #digests = new Map<string, string>();
  /** Tables that were there at the last look: LevelDB has finished writing them. */
  #seen: ReadonlySet<string> = new Set();
  readonly #timer: NodeJS.Timeout;
  #recording: Promise<void> = Promise.resolve();

  private constructor(directory: string) {
    this.#directory = directory;
    this.#timer = setInterval(() => void this.#record(), RECORD_EVERY_MS).unref();
  }

  static async open(directory: string): Promise<TableDigests> {
    const digests = new TableDigests(directory);
    for (const line of (await listed(join(directory, FILE))).split("\n")) {
      const [name, digest] = line.split(" ");
      if (name !== undefined && digest !== undefined) digests.#digests.set(name, digest);
    }
    return digests;
  }

  /** Reads every table in the list that is still there. @throws NetworkError DAMAGED */
  async check(signal: AbortSignal): Promise<void> {
    for (const [name, stated] of [...this.#digests]) {
      if (signal.aborted) return;
      const found = await this.#digestOf(name);
      if (found !== undefined && found !== stated) throw damaged(join(this.#directory, name), undefined);
    }
  }

  /** Takes in the last tables. Call it when the database is closed. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    // Twice: a table counts as finished when it is there at a second look.
    await this.#record();
    await this.#record();
  }

  /** One look after the other. What cannot be written, on a full disk for example, is written at a later one. */
  #record(): Promise<void> {
    this.#recording = this.#recording.then(() => this.#look()).catch(() => undefined);
    return this.#recording;
  }

  async #look(): Promise<void> {
    const tables = (await readdir(this.#directory)).filter((name) => name.endsWith(".ldb"));
    for (const name of this.#digests.keys()) if (!tables.includes(name)) this.#digests.delete(name);
    const finished = tables.filter((name) => this.#seen.has(name) && !this.#digests.has(name));
    this.#seen = new Set(tables);
    for (const name of finished) {
      const digest = await this.#digestOf(name);
      if (digest !== undefined) this.#digests.set(name, digest);
    }
    const lines = [...this.#digests].map(([name, digest]) => `${name} ${digest}\n`);
    await writeFile(join(this.#directory, `${FILE}.part`), lines.join(""));
    await rename(join(this.#directory, `${FILE}.part`), join(this.#directory, FILE));
  }

  /** Undefined where the table is gone: LevelDB has merged it into another. */
  async #digestOf(name: string): Promise<string | undefined> {
    const digest = createHash("sha256");
    try {
      await pipeline(createReadStream(join(this.#directory, name)), digest);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
    return digest.digest("hex");
  }
}

async function listed(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (isMissing(error)) return "";
    throw error;
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";
