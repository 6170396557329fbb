import { isUtf8 } from "node:buffer";
import { ExchangeError } from "../core/index.js";

/** How a file's text can be encoded; GB 18030 reads GBK and GB 2312 too. A byte order mark is passed over. */
export const TEXT_ENCODINGS = ["utf-8", "gb18030", "utf-16le", "utf-16be"] as const;
export type TextEncoding = (typeof TEXT_ENCODINGS)[number];

const LF = 0x0a;
const CURES: Readonly<Record<TextEncoding, string>> = {
  "utf-8": "if the file is in GBK or GB18030, say so; else mend it there",
  gb18030: "say in which encoding the file is, or mend it there",
  "utf-16le": "save the file as UTF-8",
  "utf-16be": "save the file as UTF-8",
};

/**
 * The same text in UTF-8, without byte order mark. Every byte is checked: nothing becomes a replacement character.
 * @param linesBefore lines read so far, so that a fault is told by its line
 * @throws ExchangeError SOURCE_MALFORMED, naming line and byte
 */
export async function* utf8Text(
  chunks: AsyncIterable<Uint8Array>,
  encoding: TextEncoding,
  linesBefore: () => number = () => 0,
): AsyncGenerator<Uint8Array> {
  const decode = encoding === "utf-8" ? checkedUtf8 : encoding === "gb18030" ? gb18030ToUtf8 : utf16ToUtf8(encoding);
  const state: Progress = { encoding, linesBefore, offset: 0 };
  yield* withoutMark(decode(chunks, state));
}

interface Progress {
  readonly encoding: TextEncoding;
  readonly linesBefore: () => number;
  /** Bytes of the file before the piece at hand. */
  offset: number;
}

/** @param at of the first bad byte within the piece, where it is known */
function badBytes(
  { encoding, linesBefore, offset }: Progress,
  piece: Uint8Array,
  at: number,
  cause?: unknown,
): ExchangeError {
  let line = linesBefore() + 1;
  for (let next = piece.indexOf(LF); next >= 0 && next < at; next = piece.indexOf(LF, next + 1)) line += 1;
  const byte = offset + at;
  return new ExchangeError(
    "SOURCE_MALFORMED",
    `byte ${byte + 1}, in line ${line}, is not ${encoding.toUpperCase()}: ${CURES[encoding]}`,
    { details: { line, byte: byte + 1, encoding }, cause },
  );
}

async function* checkedUtf8(chunks: AsyncIterable<Uint8Array>, state: Progress): AsyncGenerator<Uint8Array> {
  // The bytes of a character that the end of a chunk cut in two.
  let cut = new Uint8Array(0);
  for await (const chunk of chunks) {
    const needed = cut.length === 0 ? 0 : sequenceLength(cut[0] as number) - cut.length;
    if (needed > chunk.length) {
      cut = Buffer.concat([cut, chunk]);
      if (chunk.some((byte) => byte < 0x80 || byte > 0xbf)) {
        throw badBytes({ ...state, offset: state.offset + chunk.length - cut.length }, cut, 0);
      }
    } else {
      const joined = needed === 0 ? cut : Buffer.concat([cut, chunk.subarray(0, needed)]);
      const end = chunk.length - incompleteEnd(chunk);
      if (!isUtf8(joined)) throw badBytes({ ...state, offset: state.offset - cut.length }, joined, 0);
      const whole = chunk.subarray(needed, Math.max(needed, end));
      if (!isUtf8(whole)) throw badBytes(state, chunk, needed + firstBad(whole));
      cut = Uint8Array.from(chunk.subarray(Math.max(needed, end)));
    }
    yield chunk;
    state.offset += chunk.length;
  }
  if (cut.length > 0) throw badBytes({ ...state, offset: state.offset - cut.length }, cut, 0);
}

/** RFC 3629 §4: a character's length by its first byte; of what begins none, 1. */
function sequenceLength(first: number): number {
  if (first < 0xc2 || first > 0xf4) return 1;
  if (first >= 0xf0) return 4;
  return first >= 0xe0 ? 3 : 2;
}

/** Bytes at the end that begin a character and do not end it. */
function incompleteEnd(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] as number;
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

/** The first byte at which the text stops being UTF-8. */
function firstBad(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes[at] as number);
    if (!isUtf8(bytes.subarray(at, at + length))) return at;
    at += length;
  }
  return at;
}

/** Whole lines at a time: no character of GB 18030 holds the byte of a line feed. */
async function* gb18030ToUtf8(chunks: AsyncIterable<Uint8Array>, state: Progress): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder("gb18030", { fatal: true });
  let rest = new Uint8Array(0);
  const decode = (lines: Uint8Array): Uint8Array => {
    try {
      return Buffer.from(decoder.decode(lines), "utf8");
    } catch (cause) {
      throw badBytes(state, lines, firstBadIn(lines, decoder), cause);
    }
  };
  for await (const chunk of chunks) {
    const cut = chunk.lastIndexOf(LF) + 1;
    if (cut === 0) {
      rest = Buffer.concat([rest, chunk]);
      if (rest.length > MAX_LINE_BYTES)
        throw new ExchangeError("SOURCE_TOO_LARGE", `a line of over ${MAX_LINE_BYTES} bytes`);
      continue;
    }
    const lines = rest.length === 0 ? chunk.subarray(0, cut) : Buffer.concat([rest, chunk.subarray(0, cut)]);
    yield decode(lines);
    state.offset += lines.length;
    rest = Uint8Array.from(chunk.subarray(cut));
  }
  yield decode(rest);
}

/** What may gather before a line ends. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** The longest beginning that is good, character by character. */
function firstBadIn(bytes: Uint8Array, decoder: InstanceType<typeof TextDecoder>): number {
  let at = 0;
  while (at < bytes.length) {
    const length = [1, 2, 4].find((one) => at + one <= bytes.length && isGood(bytes.subarray(at, at + one), decoder));
    if (length === undefined) return at;
    at += length;
  }
  return at;
}

function isGood(bytes: Uint8Array, decoder: InstanceType<typeof TextDecoder>): boolean {
  try {
    decoder.decode(bytes);
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

function utf16ToUtf8(encoding: "utf-16le" | "utf-16be") {
  return async function* decode(chunks: AsyncIterable<Uint8Array>, state: Progress): AsyncGenerator<Uint8Array> {
    const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
    let at = new Uint8Array(0);
    try {
      for await (const chunk of chunks) {
        at = Uint8Array.from(chunk);
        yield Buffer.from(decoder.decode(chunk, { stream: true }), "utf8");
        state.offset += chunk.length;
      }
      yield Buffer.from(decoder.decode(), "utf8");
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause;
      throw badBytes(state, at, 0, cause);
    }
  };
}

const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

async function* withoutMark(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | undefined = new Uint8Array(0);
  for await (const chunk of chunks) {
    if (head === undefined) {
      yield chunk;
      continue;
    }
    const joined: Buffer = Buffer.concat([head, chunk]);
    if (joined.length < MARK.length) {
      head = joined;
      continue;
    }
    head = undefined;
    yield joined.subarray(0, MARK.length).equals(MARK) ? joined.subarray(MARK.length) : joined;
  }
  if (head !== undefined) yield head;
}
