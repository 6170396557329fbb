import { ExchangeError } from "../core/index.js";
import { TEXT_ENCODINGS, type TextEncoding, utf8Text } from "./utf8-text.js";

/** Enough to see whether every other byte is zero. */
const LOOKED_AT = 4096;

/**
 * The encoding of a file: by its byte order mark; else UTF-16 if Latin text would be; else UTF-8 if all of it is; else GB 18030 if
 * all of it is. Reads the file, if need be twice.
 * @param open gives the file's bytes from the beginning
 * @throws ExchangeError SOURCE_MALFORMED for a file that is in none of them, naming where it stops being UTF-8
 */
export async function recogniseEncoding(open: () => AsyncIterable<Uint8Array>): Promise<TextEncoding> {
  const head = await headOf(open());
  const marked = byMark(head) ?? byZeros(head);
  if (marked !== undefined) return marked;
  const notUtf8 = await faultOf(open(), "utf-8");
  if (notUtf8 === undefined) return "utf-8";
  if ((await faultOf(open(), "gb18030")) === undefined) return "gb18030";
  throw new ExchangeError(
    "SOURCE_MALFORMED",
    `the file is in none of ${TEXT_ENCODINGS.join(", ")}: ${notUtf8.message}`,
    { details: notUtf8.details, cause: notUtf8 },
  );
}

async function headOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  let head = new Uint8Array(0);
  for await (const chunk of chunks) {
    head = Buffer.concat([head, chunk.subarray(0, LOOKED_AT - head.length)]);
    if (head.length >= LOOKED_AT) break;
  }
  return head;
}

/** Unicode 16, §23.8; the mark of GB 18030 is what U+FEFF is in it. */
function byMark(head: Uint8Array): TextEncoding | undefined {
  const starts = (...mark: number[]) => mark.every((byte, at) => head[at] === byte);
  if (starts(0xef, 0xbb, 0xbf)) return "utf-8";
  if (starts(0x84, 0x31, 0x95, 0x33)) return "gb18030";
  if (starts(0xff, 0xfe)) return "utf-16le";
  return starts(0xfe, 0xff) ? "utf-16be" : undefined;
}

/** Digits, commas and line ends are in every table: in UTF-16 each has a zero beside it, in other encodings none has. */
function byZeros(head: Uint8Array): TextEncoding | undefined {
  const zeros = [0, 0];
  for (const [at, byte] of head.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (odd > even && even === 0) return "utf-16le";
  return even > odd && odd === 0 ? "utf-16be" : undefined;
}

async function faultOf(chunks: AsyncIterable<Uint8Array>, encoding: TextEncoding): Promise<ExchangeError | undefined> {
  let lines = 0;
  try {
    for await (const chunk of utf8Text(chunks, encoding, () => lines)) {
      for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) lines += 1;
    }
    return undefined;
  } catch (error) {
    if (error instanceof ExchangeError && error.code === "SOURCE_MALFORMED") return error;
    throw error;
  }
}
