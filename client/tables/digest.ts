import { type FileHandle, open } from "node:fs/promises";
import { isSystemError } from "@wanlian/protocol/errors.js";
import { ExchangeError } from "../core/index.js";
import { type CsvOptions, type ReleaseDigest, RunningDigest, readCsv } from "../sheets/index.js";

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
