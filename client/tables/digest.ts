import { createHash, type Hash as Hasher } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import type { Digest } from "@wanlian/model/identifiers.js";
import { releaseRoot } from "@wanlian/model/model-1/release/release-root.js";
import type { FieldDigest } from "@wanlian/model/model-1/release/release-schema.js";
import { isSystemError } from "@wanlian/protocol/errors.js";
import { ExchangeError } from "../core/index.js";
import type { ColumnBatch } from "./column.js";
import { type CsvOptions, readCsv } from "./csv.js";

/**
 * What a release registers on the ledger (docs/formats/release-digest.md): a digest for each field over its column
 * in canonical form, so that whoever gets two fields can check those two; and one root over them.
 */
export interface ReleaseDigest {
  readonly rows: number;
  readonly fields: readonly FieldDigest[];
  /** Root over the fields, in their order: hex. */
  readonly root: Digest;
}

/** Digests columns while they pass by. */
export class RunningDigest {
  readonly #fields: readonly string[];
  readonly #hashers: readonly Hasher[];
  #rows = 0;

  constructor(fields: readonly string[]) {
    this.#fields = fields;
    this.#hashers = fields.map(() => createHash("sha256"));
  }

  update({ rows, columns }: ColumnBatch): void {
    if (columns.length !== this.#hashers.length) throw new RangeError("a batch has one column for each field");
    for (const [at, hasher] of this.#hashers.entries()) hasher.update(columns[at] as Uint8Array);
    this.#rows += rows;
  }

  /** Ends the digest; call it once. */
  finish(): ReleaseDigest {
    const fields = this.#hashers.map((hasher, at) => ({
      name: this.#fields[at] as string,
      digest: hasher.digest("hex") as Digest,
    }));
    return { rows: this.#rows, fields, root: releaseRoot(fields) };
  }
}

/** Large enough that a batch is worth a call to the hash, small enough for flat memory. */
const READ_BYTES = 512 * 1024;

/**
 * The digest of a CSV file as a release. Reads it once, with bounded memory.
 * @param source a path, or the file's bytes
 * @throws ExchangeError SOURCE_MISSING, SOURCE_MALFORMED, SOURCE_TOO_LARGE, FIELD_UNKNOWN
 */
export async function digestCsv(
  source: string | AsyncIterable<Uint8Array>,
  options: CsvOptions = {},
): Promise<ReleaseDigest> {
  let running: RunningDigest | undefined;
  for await (const batch of readCsv(typeof source === "string" ? fileBytes(source) : source, options)) {
    running ??= new RunningDigest(batch.fields);
    running.update(batch);
    batch.release?.();
  }
  if (running === undefined) throw new ExchangeError("SOURCE_MALFORMED", "the file has no header line");
  return running.finish();
}

/**
 * A file's bytes, the next of them read ahead. What is given is good until the next is asked for: two buffers take
 * turns, since new ones for all that passes would have the collector of garbage at work all the time.
 * @throws ExchangeError SOURCE_MISSING
 */
export async function* fileBytes(path: string): AsyncGenerator<Uint8Array> {
  try {
    const file = await open(path);
    try {
      yield* bytesOf(file);
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw new ExchangeError("SOURCE_MISSING", `the file cannot be read (${cause.code})`, { cause });
  }
}

async function* bytesOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  let [next, other] = [Buffer.allocUnsafeSlow(READ_BYTES), Buffer.allocUnsafeSlow(READ_BYTES)];
  let coming = file.read(next, 0, READ_BYTES);
  try {
    for (;;) {
      const { bytesRead, buffer } = await coming;
      if (bytesRead === 0) return;
      [next, other] = [other, next];
      coming = file.read(next, 0, READ_BYTES);
      // Met when it is its turn, or of no interest if nobody asks for it.
      coming.catch(() => undefined);
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    // The file is closed next: nothing may be reading it then.
    await coming.catch(() => undefined);
  }
}
