import { inflateRawSync } from "node:zlib";
import { ExchangeError } from "../../core/index.js";

/** What a workbook's files may take once they are unpacked. */
const MAX_UNPACKED_BYTES = 400 * 1024 * 1024;
/** Excel's own limits. */
const MAX_ROWS = 1_048_576;
const MAX_COLUMNS = 16_384;
/** Whoever reads a sheet holds all cells to its last row and column, empty ones too. */
const MAX_CELLS = 100_000_000;

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const STORED = 0;
const LETTERS = 26;
/** Larger archives count otherwise. */
const MAX_FILES = 1000;
/** What is read of a workbook. */
const READ = /\.(xml|rels)$/i;
/** The longest place that is one. */
const MAX_PLACE = 40;

/** A file in the archive, as its directory has it (PKWARE APPNOTE 4.3.12). */
interface Packed {
  readonly name: string;
  readonly isStored: boolean;
  readonly bytes: Uint8Array;
  readonly unpacked: number;
}

/**
 * That a workbook takes no more room than its size lets one expect: a few kilobytes can name a cell a thousand million
 * rows down, or unpack to gigabytes.
 * @throws ExchangeError SOURCE_TOO_LARGE, SOURCE_MALFORMED
 */
export function checkWorkbook(bytes: Buffer): void {
  const files = filesIn(bytes);
  if (files.reduce((sum, { unpacked }) => sum + unpacked, 0) > MAX_UNPACKED_BYTES)
    throw new ExchangeError("SOURCE_TOO_LARGE", `the workbook unpacks to more than ${MAX_UNPACKED_BYTES} bytes`);
  // Which of them are sheets other files say: each could be one.
  for (const file of files) if (READ.test(file.name)) checkSheet(unpack(file));
}

function filesIn(bytes: Buffer): Packed[] {
  try {
    const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
    if (end < 0 || end + END_BYTES > bytes.length || bytes.readUInt32LE(end) !== END_SIGNATURE) throw malformed();
    const files: Packed[] = [];
    let at = bytes.readUInt32LE(end + 16);
    const count = bytes.readUInt16LE(end + 8);
    if (count > MAX_FILES) throw malformed();
    for (let left = count; left > 0; left -= 1) {
      if (bytes.readUInt32LE(at) !== ENTRY_SIGNATURE) throw malformed();
      const [name, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field)) as [
        number,
        number,
        number,
      ];
      const local = bytes.readUInt32LE(at + 42);
      const data = local + LOCAL_BYTES + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
      files.push({
        name: bytes.toString("latin1", at + ENTRY_BYTES, at + ENTRY_BYTES + name),
        isStored: bytes.readUInt16LE(at + 10) === STORED,
        bytes: bytes.subarray(data, data + bytes.readUInt32LE(at + 20)),
        unpacked: bytes.readUInt32LE(at + 24),
      });
      at += ENTRY_BYTES + name + extra + comment;
    }
    return files;
  } catch (cause) {
    if (cause instanceof RangeError) throw malformed(cause);
    throw cause;
  }
}

function unpack({ isStored, bytes, unpacked }: Packed): Buffer {
  try {
    return isStored ? Buffer.from(bytes) : inflateRawSync(bytes, { maxOutputLength: Math.max(1, unpacked) });
  } catch (cause) {
    throw malformed(cause);
  }
}

/** The places that rows and cells say they stand at, wherever in a sheet such a thing is said. */
function checkSheet(sheet: Buffer): void {
  let rows = 0;
  let columns = 0;
  for (const [, , place = ""] of sheet.toString("latin1").matchAll(/(?<![\w:.-])r\s*=\s*(["'])([^"'<]*)/g)) {
    // Written as an entity it would be read as another one than is seen here.
    if (place.includes("&") || place.length > MAX_PLACE) throw malformed();
    const [, letters = "", digits] = /^([A-Za-z]*)([0-9]+)$/.exec(place) ?? [];
    rows = Math.max(rows, Number(digits ?? place) || 0);
    columns = Math.max(columns, columnOf(letters));
  }
  if (rows > MAX_ROWS || columns > MAX_COLUMNS || rows * columns > MAX_CELLS)
    throw new ExchangeError(
      "SOURCE_TOO_LARGE",
      `a sheet of ${rows} rows and ${columns} columns is larger than ${MAX_CELLS} cells`,
    );
}

const columnOf = (letters: string): number =>
  [...letters.toUpperCase()].reduce((column, letter) => column * LETTERS + letter.charCodeAt(0) - 64, 0);

const malformed = (cause?: unknown) =>
  new ExchangeError(
    "SOURCE_MALFORMED",
    "the file is no Excel workbook that can be read; save it as .xlsx or CSV",
    cause === undefined ? {} : { cause },
  );
