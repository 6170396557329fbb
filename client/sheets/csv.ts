import { ExchangeError } from "../core/index.js";
import { type ColumnBatch, ColumnWriter, decodeValue } from "./column.js";
import { type TextEncoding, utf8Text } from "./utf8-text.js";

/** RFC 4180, read as a stream into columns in their canonical form. */
export interface CsvOptions {
  /** A byte order mark is passed over. Default utf-8. */
  readonly encoding?: TextEncoding;
  /** One ASCII character. Default comma. */
  readonly delimiter?: string;
  /** The columns wanted, in this order. Default: all, in the file's order. */
  readonly fields?: readonly string[];
}

/** The largest national base table has 312 fields. */
export const MAX_FIELDS = 1000;
/** What may gather before a row ends: bounds memory against a quote that never closes. */
const MAX_PENDING_BYTES = 16 * 1024 * 1024;

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_N = 0x6e;
const LETTER_R = 0x72;
const LETTER_NULL = 0x4e;

const PLAIN = 0;
const DELIMITER = 1;

/** How the lines of a file end; `other`: in more than one way, or with carriage returns inside values. */
export type LineEnds = "lf" | "crlf" | "other";

/** Where in a value the reader is. */
type Place = "start" | "plain" | "quoted" | "closed";

/**
 * Takes bytes as they come and fills columns; holds no more than the rows since the last {@link CsvReader.take}.
 * An unquoted empty value is a missing one, a quoted one is the empty text. Every other value is the file's own text.
 */
export class CsvReader {
  readonly #kinds = new Uint8Array(256);
  readonly #wanted: readonly string[] | undefined;
  #fields: string[] | undefined;
  #header: readonly string[] = [];
  /** By position in the file; undefined: not wanted. While the header is read: its own values. */
  #targets: (ColumnWriter | undefined)[] = [];
  #writers: ColumnWriter[] = [];
  #width = 0;
  #column = 0;
  #place: Place = "start";
  #afterCr = false;
  #lineEnds: LineEnds | undefined;
  #rows = 0;
  #taken = 0;

  constructor({ delimiter = ",", fields }: CsvOptions = {}) {
    const code = delimiter.charCodeAt(0);
    if (delimiter.length !== 1 || code > 0x7f || [LF, CR, QUOTE, BACKSLASH].includes(code)) {
      throw new ExchangeError("SOURCE_MALFORMED", `"${delimiter}" cannot separate the values of a CSV file`);
    }
    for (const special of [LF, CR, QUOTE, BACKSLASH]) this.#kinds[special] = special;
    this.#kinds[code] = DELIMITER;
    this.#wanted = fields;
  }

  /** The names of the columns given, once the header was read. */
  get fields(): readonly string[] | undefined {
    return this.#fields;
  }

  /** The names of all columns of the file, once the header was read. */
  get header(): readonly string[] {
    return this.#header;
  }

  /** Lines that were read, the header among them; a line end inside quotes ends none. */
  get lines(): number {
    return this.#rows + (this.#fields === undefined ? 0 : 1);
  }

  /** Of all that was read. */
  get lineEnds(): LineEnds {
    return this.#lineEnds ?? "other";
  }

  /** Whether all that was read ends with a row. */
  get atRowStart(): boolean {
    return this.#column === 0 && this.#place === "start" && !this.#afterCr;
  }

  push(chunk: Uint8Array): void {
    const kinds = this.#kinds;
    const length = chunk.length;
    let i = 0;
    while (i < length) {
      const kind = kinds[chunk[i] as number] as number;
      if (this.#afterCr) this.#settleCr(kind);
      else if (kind === LF && this.#place !== "quoted") this.#lineEndsWith("lf");
      if (kind === PLAIN) {
        let end = i + 1;
        while (end < length && kinds[chunk[end] as number] === PLAIN) end += 1;
        this.#text(chunk, i, end);
        i = end;
      } else {
        this.#special(kind, chunk, i);
        i += 1;
      }
    }
  }

  /** The end of the file: a last row needs no line end. */
  end(): void {
    if (this.#place === "quoted") throw this.#malformed("a quote is not closed");
    if (this.#afterCr) this.#settleCr(PLAIN);
    if (!this.atRowStart) this.#endRow();
    if (this.#fields === undefined) throw new ExchangeError("SOURCE_MALFORMED", "the file has no header line");
  }

  /** The rows since the last call. Call it where {@link atRowStart}. */
  take(): ColumnBatch {
    const rows = this.#rows - this.#taken;
    this.#taken = this.#rows;
    let given = this.#writers.map((writer) => ({ writer, column: writer.take() }));
    const columns = given.map(({ column }) => column);
    const release = () => {
      for (const { writer, column } of given) writer.giveBack(column);
      given = [];
    };
    return { rows, columns, release };
  }

  get pendingBytes(): number {
    return this.#writers.reduce((sum, writer) => sum + writer.length, 0);
  }

  #text(chunk: Uint8Array, start: number, end: number): void {
    if (this.#place === "closed") throw this.#malformed("text follows a closing quote");
    if (this.#place === "start") this.#place = "plain";
    this.#target()?.copy(chunk, start, end);
  }

  #special(kind: number, chunk: Uint8Array, at: number): void {
    if (this.#place === "quoted") {
      this.#inQuotes(kind, chunk, at);
    } else if (kind === DELIMITER) {
      this.#endValue();
    } else if (kind === LF) {
      this.#endRow();
    } else if (kind === CR) {
      this.#afterCr = true;
    } else if (kind === QUOTE) {
      this.#quote(chunk, at);
    } else {
      if (this.#place === "closed") throw this.#malformed("text follows a closing quote");
      this.#place = "plain";
      this.#target()?.escape(BACKSLASH);
    }
  }

  #inQuotes(kind: number, chunk: Uint8Array, at: number): void {
    if (kind === QUOTE) this.#place = "closed";
    else if (kind === DELIMITER) this.#target()?.copy(chunk, at, at + 1);
    else this.#target()?.escape(kind === LF ? LETTER_N : kind === CR ? LETTER_R : BACKSLASH);
    if (kind === CR) this.#lineEnds = "other";
  }

  #quote(chunk: Uint8Array, at: number): void {
    if (this.#place === "plain") throw this.#malformed("a quote stands inside an unquoted value");
    // A second quote right after a closing one is a quote in the text.
    if (this.#place === "closed") this.#target()?.copy(chunk, at, at + 1);
    this.#place = "quoted";
  }

  /** CR LF ends a row; a CR alone is part of the value. */
  #settleCr(next: number): void {
    this.#afterCr = false;
    this.#lineEndsWith(next === LF ? "crlf" : "other");
    if (next === LF) return;
    // In a header it is the end of a line of a file that has no other: its rows would be taken for names of columns.
    if (this.#fields === undefined) {
      throw this.#malformed("the line ends with a carriage return alone; save the file with line feeds");
    }
    if (this.#place === "closed") throw this.#malformed("text follows a closing quote");
    this.#place = "plain";
    this.#target()?.escape(LETTER_R);
  }

  #lineEndsWith(end: LineEnds): void {
    this.#lineEnds = this.#lineEnds === undefined || this.#lineEnds === end ? end : "other";
  }

  #target(): ColumnWriter | undefined {
    if (this.#fields !== undefined) return this.#targets[this.#column];
    const known = this.#targets[this.#column];
    if (known !== undefined) return known;
    if (this.#column >= MAX_FIELDS) throw new ExchangeError("SOURCE_TOO_LARGE", `more than ${MAX_FIELDS} columns`);
    const writer = new ColumnWriter();
    this.#targets[this.#column] = writer;
    return writer;
  }

  #endValue(): void {
    const target = this.#target();
    if (target !== undefined) {
      if (this.#place === "start") target.escape(LETTER_NULL);
      target.end();
    }
    this.#place = "start";
    this.#column += 1;
    if (this.#fields !== undefined && this.#column >= this.#width) {
      throw this.#malformed(`more than ${this.#width} values`);
    }
  }

  #endRow(): void {
    const target = this.#target();
    if (target !== undefined) {
      if (this.#place === "start") target.escape(LETTER_NULL);
      target.end();
    }
    const width = this.#column + 1;
    this.#place = "start";
    this.#column = 0;
    if (this.#fields === undefined) {
      this.#takeHeader(width);
      return;
    }
    if (width !== this.#width) throw this.#malformed(`${width} values where the header has ${this.#width}`);
    this.#rows += 1;
  }

  #takeHeader(width: number): void {
    const names = this.#targets.map((target) => headerName(target));
    if (new Set(names).size !== names.length) {
      throw new ExchangeError("SOURCE_MALFORMED", "two columns of the header have the same name");
    }
    this.#width = width;
    this.#header = names;
    this.#fields = [...(this.#wanted ?? names)];
    this.#writers = this.#fields.map(() => new ColumnWriter());
    this.#targets = names.map(() => undefined);
    for (const [at, field] of this.#fields.entries()) {
      const position = names.indexOf(field);
      if (position < 0) throw new ExchangeError("FIELD_UNKNOWN", `the source has no field "${field}"`);
      this.#targets[position] = this.#writers[at];
    }
  }

  #malformed(what: string): ExchangeError {
    return new ExchangeError("SOURCE_MALFORMED", `row ${this.#rows + 1}, column ${this.#column + 1}: ${what}`);
  }
}

/** A batch, with the names of its columns. */
export type NamedBatch = ColumnBatch & { readonly fields: readonly string[] };

/** The rows of a CSV file in batches, each of whole rows. @throws ExchangeError SOURCE_MALFORMED, SOURCE_TOO_LARGE, FIELD_UNKNOWN */
export function readCsv(chunks: AsyncIterable<Uint8Array>, options: CsvOptions = {}): AsyncGenerator<NamedBatch> {
  return readRows(chunks, options, new CsvReader(options));
}

/** Likewise, by a reader that can be asked about the file afterwards. */
export async function* readRows(
  chunks: AsyncIterable<Uint8Array>,
  { encoding = "utf-8" }: Pick<CsvOptions, "encoding">,
  reader: CsvReader,
): AsyncGenerator<NamedBatch> {
  const batch = () => ({ fields: reader.fields ?? [], ...reader.take() });
  for await (const chunk of utf8Text(chunks, encoding, () => reader.lines)) {
    // Up to the last line end, so that a batch is whole rows wherever no quoted line break is cut.
    const cut = chunk.lastIndexOf(LF) + 1;
    reader.push(chunk.subarray(0, cut));
    if (cut > 0 && reader.atRowStart && reader.fields !== undefined) yield batch();
    reader.push(chunk.subarray(cut));
    if (reader.pendingBytes > MAX_PENDING_BYTES) {
      throw new ExchangeError("SOURCE_TOO_LARGE", `no row ends within ${MAX_PENDING_BYTES} bytes`);
    }
  }
  reader.end();
  yield batch();
}

function headerName(target: ColumnWriter | undefined): string {
  const line = target === undefined ? "\n" : Buffer.from(target.take()).toString("utf8");
  const name = decodeValue(line.slice(0, -1));
  if (name === null || name === "") throw new ExchangeError("SOURCE_MALFORMED", "a column of the header has no name");
  return name;
}
