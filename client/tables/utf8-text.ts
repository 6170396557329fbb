import { ExchangeError } from "../core/index.js";

/** How a file's text is encoded. */
export type TextEncoding = "utf-8" | "gb18030";

/** The same text in UTF-8, without byte order mark. @throws ExchangeError SOURCE_MALFORMED */
export async function* utf8Text(chunks: AsyncIterable<Uint8Array>, encoding: TextEncoding): AsyncGenerator<Uint8Array> {
  if (encoding === "utf-8") {
    yield* withoutMark(chunks);
    return;
  }
  // A decoder that refuses what is not GB18030, where others put replacement characters.
  const decoder = new TextDecoder(encoding, { fatal: true });
  try {
    for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }), "utf8");
    yield Buffer.from(decoder.decode(), "utf8");
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new ExchangeError("SOURCE_MALFORMED", "the source holds bytes that are not GB18030", { cause });
  }
}

const MARK = Uint8Array.of(0xef, 0xbb, 0xbf);

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
