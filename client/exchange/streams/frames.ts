import { ExchangeError } from "../../core/index.js";
import type { ColumnBatch } from "../../sheets/index.js";
import { MAX_BODY_BYTES } from "../../transport/index.js";

/**
 * A download on the wire: frames of one byte of kind and a big-endian uint32 of length. `R`: a record with its
 * position, JSON. `B`: rows (uint32), then each field's column in canonical form after its length (uint32).
 */
const RECORD = 0x52;
const BATCH = 0x42;
const HEADER_BYTES = 5;
const LF = 0x0a;
/** What a source gives at a time is far below this; more is refused on both sides. */
export const MAX_BATCH_BYTES = 24 * 1024 * 1024;
/** By kind. A record with 500 field names and its certificate takes some 60 KB. */
const MAX_FRAME_BYTES: Readonly<Record<number, number>> = {
  [RECORD]: HEADER_BYTES + MAX_BODY_BYTES,
  [BATCH]: HEADER_BYTES + MAX_BATCH_BYTES,
};

export type Frame =
  | { readonly $case: "record"; readonly json: unknown }
  | { readonly $case: "batch"; readonly batch: ColumnBatch };

export function encodeRecordFrame(json: unknown): Buffer[] {
  const body = Buffer.from(JSON.stringify(json), "utf8");
  return [header(RECORD, body.length), body];
}

/** The columns themselves are not copied. */
export function encodeBatchFrame({ rows, columns }: ColumnBatch): Uint8Array[] {
  const length = columns.reduce((sum, column) => sum + 4 + column.length, 4);
  return [header(BATCH, length), uint32(rows), ...columns.flatMap((column) => [uint32(column.length), column])];
}

/** @throws ExchangeError BAD_ANSWER; BROKEN_OFF if it ends within a frame */
export async function* decodeFrames(chunks: AsyncIterable<Uint8Array>, fields: number): AsyncGenerator<Frame> {
  const pending = new Pending();
  for await (const chunk of chunks) {
    pending.push(chunk);
    for (let frame = pending.next(); frame !== undefined; frame = pending.next()) yield decode(frame, fields);
  }
  if (pending.length > 0) throw new ExchangeError("BROKEN_OFF", "the stream ended within a frame");
}

interface RawFrame {
  readonly kind: number;
  readonly body: Buffer;
}

/** Bytes that came, put together only once a frame is whole. */
class Pending {
  #chunks: Uint8Array[] = [];
  length = 0;
  #needed = HEADER_BYTES;

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.length += chunk.length;
  }

  next(): RawFrame | undefined {
    if (this.length < this.#needed) return undefined;
    const bytes = this.#chunks.length === 1 ? asBuffer(this.#chunks[0] as Uint8Array) : Buffer.concat(this.#chunks);
    this.#chunks = [bytes];
    const kind = bytes.readUInt8(0);
    const end = HEADER_BYTES + bytes.readUInt32BE(1);
    const most = MAX_FRAME_BYTES[kind];
    // Before its bytes are waited for: they would be held.
    if (most === undefined) throw bad(`a frame of unknown kind ${kind}`);
    if (end > most) throw bad(`a frame of ${end} bytes`);
    if (bytes.length < end) {
      this.#needed = end;
      return undefined;
    }
    this.#needed = HEADER_BYTES;
    this.length -= end;
    this.#chunks = this.length === 0 ? [] : [bytes.subarray(end)];
    return { kind, body: bytes.subarray(HEADER_BYTES, end) };
  }
}

function decode({ kind, body }: RawFrame, fields: number): Frame {
  if (kind === RECORD) return { $case: "record", json: parseJson(body) };
  if (body.length < 4) throw bad("a batch without its number of rows");
  const rows = body.readUInt32BE(0);
  const columns: Buffer[] = [];
  let at = 4;
  while (at + 4 <= body.length) {
    const end = at + 4 + body.readUInt32BE(at);
    columns.push(body.subarray(at + 4, end));
    at = end;
    if (columns.length > fields) break;
  }
  if (at !== body.length || columns.length !== fields) {
    throw bad(`a batch of ${columns.length} columns where ${fields} were asked for`);
  }
  if (!columns.every((column) => canHold(column, rows)))
    throw bad(`a batch of ${rows} rows that its columns do not have`);
  return { $case: "batch", batch: { rows, columns } };
}

/** Each value takes its line end at least, and the last byte is one. How many there are shows in the column's digest. */
function canHold(column: Uint8Array, rows: number): boolean {
  return rows === 0 ? column.length === 0 : column.length >= rows && column.at(-1) === LF;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch (cause) {
    throw new ExchangeError("BAD_ANSWER", "a record that is not JSON", { cause });
  }
}

function bad(message: string): ExchangeError {
  return new ExchangeError("BAD_ANSWER", message);
}

function header(kind: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES);
  bytes.writeUInt8(kind, 0);
  bytes.writeUInt32BE(length, 1);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
