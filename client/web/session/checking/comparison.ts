import {
  digestLines,
  type KeyedComparison,
  type OwnData,
  OwnRows,
  readCsv,
  recogniseEncoding,
} from "@wanlian/client/sheets/index.js";
import { type SignedAccess, signing } from "../access.ts";
import { postForStream, Refusal } from "../api.ts";
import { chunksOf } from "../files.ts";
import type { Session } from "../session.tsx";

/** A table of one's own, which is read on this machine alone. */
export interface OwnFile {
  readonly name: string;
  readonly fields: readonly string[];
  readonly data: OwnData;
}

/** Opens a CSV file as far as its header. @throws ExchangeError SOURCE_MALFORMED */
export async function openOwnFile(file: File): Promise<OwnFile> {
  const encoding = await recogniseEncoding(() => chunksOf(file));
  const batches = () => readCsv(chunksOf(file), { encoding });
  for await (const { fields } of batches()) {
    const data: OwnData = {
      async *read(wanted) {
        const places = wanted.map((field) => fields.indexOf(field));
        for await (const { rows, columns } of batches())
          yield { rows, columns: places.map((at) => columns[at] ?? new Uint8Array()) };
      },
    };
    return { name: file.name, fields, data };
  }
  throw new Refusal("SOURCE_MALFORMED", "", "the file has no header line");
}

export interface Comparing {
  readonly file: OwnFile;
  /** Fields that tell rows apart, and those that are compared. */
  readonly by: readonly string[];
  readonly fields: readonly string[];
  readonly access: SignedAccess;
}

/** So often is it told how far a comparison has come. */
const TOLD_EVERY = 1000;

/**
 * Compares a file of one's own with a release under a grant: keyed digests go both ways, values go neither.
 * @param told how many rows have come back
 * @throws Refusal; SigningRefusal; ExchangeError where two rows have the same key; AbortError
 */
export async function compareOwn(
  { file, by, fields, access }: Comparing,
  officer: Session,
  told: (rows: number) => void,
  signal: AbortSignal,
): Promise<KeyedComparison> {
  const own = await OwnRows.read(file.data, by, fields);
  const { grant, release } = access;
  let rows = 0;
  for (const compared of own.requests()) {
    signal.throwIfAborted();
    const asked = { grant, release, fields: [...by, ...fields], by, compared };
    await signing(access, officer, async (headers) => {
      const { body } = await postForStream("/comparisons", asked, headers, signal);
      for await (const row of digestLines(whole(body, signal))) {
        own.take(row);
        rows += 1;
        if (rows % TOLD_EVERY === 0) told(rows);
      }
    });
  }
  return own.result();
}

/** What comes of an answer, piece by piece; not every browser goes through a stream by itself. @throws Refusal BROKEN_OFF */
async function* whole(stream: ReadableStream<Uint8Array> | null, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = stream?.getReader();
  if (reader === undefined) return;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } catch (cause) {
    signal.throwIfAborted();
    throw new Refusal("BROKEN_OFF", "", String(cause));
  }
}
