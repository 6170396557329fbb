import { isUtf8 } from "node:buffer";
import { ExchangeError } from "../core/index.js";

/**
 * A column in its canonical form: the values in row order, each in UTF-8 and ended by LF, with `\` written `\\`,
 * LF `\n` and CR `\r`; a missing value is `\N`. (PostgreSQL's COPY text form of one column, tabs left as they are.)
 * The digest of a field is taken over exactly these bytes, and these bytes travel in a download.
 */
export interface ColumnBatch {
  readonly rows: number;
  /** One entry a field, each the canonical form of the same rows. */
  readonly columns: readonly Uint8Array[];
  /** Whoever does not look at the columns any more may say so: their memory is then written again. */
  readonly release?: () => void;
}

/** Free text in registers stays far below; what is longer is a file, not a value. */
export const MAX_VALUE_BYTES = 1024 * 1024;

const NULL = "\\N";
const LF = 0x0a;
const BACKSLASH = 0x5c;
const MEANINGS: Readonly<Record<string, string>> = { "\\\\": "\\", "\\n": "\n", "\\r": "\r" };

/** The value behind one line of a column, given without its LF. @throws ExchangeError SOURCE_MALFORMED */
export function decodeValue(line: string): string | null {
  if (line === NULL) return null;
  if (!line.includes("\\")) return line;
  return line.replace(/\\.?/g, (escaped) => {
    const meaning = MEANINGS[escaped];
    if (meaning === undefined) throw new ExchangeError("SOURCE_MALFORMED", `"${escaped}" has no meaning in a column`);
    return meaning;
  });
}

/** The values of a batch's column. @throws ExchangeError SOURCE_MALFORMED */
export function decodeColumn(column: Uint8Array): (string | null)[] {
  const lines = Buffer.from(column.buffer, column.byteOffset, column.length).toString("utf8").split("\n");
  lines.pop();
  return lines.map(decodeValue);
}

/** Runs shorter than this are copied faster by a loop than by a call. */
const SHORT_RUN = 48;
const FIRST_CAPACITY = 4096;
/** One is being written, one goes out, one waits. */
const MOST_SPARE = 2;

/** A column that is being written, byte run by byte run. */
export class ColumnWriter {
  #bytes: Uint8Array = Buffer.allocUnsafeSlow(FIRST_CAPACITY);
  /** New memory for all that passes would have the collector of garbage at work all the time. */
  readonly #spare: Uint8Array[] = [];
  #length = 0;
  #valueStart = 0;

  get length(): number {
    return this.#length;
  }

  /** Bytes that need no escape. */
  copy(from: Uint8Array, start: number, end: number): void {
    const count = end - start;
    this.#reserve(count);
    const bytes = this.#bytes;
    let at = this.#length;
    if (count < SHORT_RUN) for (let i = start; i < end; i += 1) bytes[at++] = from[i] as number;
    else bytes.set(from.subarray(start, end), at);
    this.#length += count;
  }

  /** `\` and the given letter. */
  escape(letter: number): void {
    this.#reserve(2);
    this.#bytes[this.#length++] = BACKSLASH;
    this.#bytes[this.#length++] = letter;
  }

  /** Ends the value. */
  end(): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = LF;
    this.#valueStart = this.#length;
  }

  /** Hands over what was written and begins anew. @throws ExchangeError SOURCE_MALFORMED if it is not UTF-8 */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#length);
    if (!isUtf8(taken)) throw new ExchangeError("SOURCE_MALFORMED", "the source holds bytes that are not UTF-8");
    this.#bytes = this.#spare.pop() ?? Buffer.allocUnsafeSlow(this.#bytes.length);
    this.#length = 0;
    this.#valueStart = 0;
    return taken;
  }

  /** Takes back what {@link take} gave: nobody looks at it any more. */
  giveBack(taken: Uint8Array): void {
    if (this.#spare.length < MOST_SPARE) this.#spare.push(new Uint8Array(taken.buffer));
  }

  #reserve(count: number): void {
    const needed = this.#length + count + 1;
    if (needed - this.#valueStart > MAX_VALUE_BYTES) {
      throw new ExchangeError("SOURCE_TOO_LARGE", `a value is longer than ${MAX_VALUE_BYTES} bytes`);
    }
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
