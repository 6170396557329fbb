import { RunningDigest, readCsv, recogniseEncoding } from "@wanlian/client/sheets/index.js";
import { strictText, toHex } from "@wanlian/protocol/bytes.js";
import { Refusal } from "./api.ts";

/** What a file is known by on the ledger, computed here. */
export interface FileDigests {
  /** SHA-256 of its bytes: as evidence is cited. */
  readonly file: string;
  /** The root over its columns, if it is a table: as a release is registered. */
  readonly release: string | undefined;
}

/** Larger ones are digested at the command line, which reads them as a stream. */
export const MAX_FILE_BYTES = 512 * 1024 * 1024;

export async function digestsOf(file: File): Promise<FileDigests> {
  if (file.size > MAX_FILE_BYTES) throw new RangeError(`the file is larger than ${MAX_FILE_BYTES} bytes`);
  const bytes = await file.arrayBuffer();
  const digest = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
  return { file: digest, release: /\.csv$/i.test(file.name) ? await releaseRootOf(file) : undefined };
}

/** Undefined where it is no table. */
async function releaseRootOf(file: File): Promise<string | undefined> {
  try {
    const encoding = await recogniseEncoding(() => chunksOf(file));
    let running: RunningDigest | undefined;
    for await (const batch of readCsv(chunksOf(file), { encoding })) {
      running ??= new RunningDigest(batch.fields);
      running.update(batch);
    }
    return running?.finish().root;
  } catch (error) {
    if (Reflect.get(Object(error), "name") === "ExchangeError") return undefined;
    throw error;
  }
}

/** A text that an officer hands in. @throws Refusal where it is not UTF-8 */
export async function textOf(file: Blob): Promise<string> {
  const text = strictText(new Uint8Array(await file.arrayBuffer()));
  if (text === undefined) throw new Refusal("NOT_UTF8", "", "the file is not UTF-8");
  return text;
}

const CHUNK_BYTES = 1024 * 1024;

/** A file's bytes, a piece at a time. */
export async function* chunksOf(file: Blob): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.size; at += CHUNK_BYTES)
    yield new Uint8Array(await file.slice(at, at + CHUNK_BYTES).arrayBuffer());
}
