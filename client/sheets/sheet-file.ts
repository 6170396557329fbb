import { ExchangeError } from "../core/index.js";
import { recogniseEncoding } from "./recognise.js";

/** Of a list that people keep by hand; data of releases is read as a stream instead. */
const MAX_SHEET_BYTES = 8 * 1024 * 1024;

/** Excel's workbooks are archives, and those begin so. */
const ARCHIVE = "PK";
const FIRST_BYTES = 2;
const TIME_LENGTH = 8;

/**
 * The rows of a sheet that people keep: a CSV file in any encoding of ours, or the first sheet of an Excel workbook.
 * Every cell is text; numbers as they are written, days as 2026-09-21, times as 2026-09-21 08:30:00.
 * @throws ExchangeError SOURCE_MALFORMED, SOURCE_TOO_LARGE
 */
export async function readSheetFile(bytes: Uint8Array): Promise<string[][]> {
  if (bytes.length > MAX_SHEET_BYTES)
    throw new ExchangeError("SOURCE_TOO_LARGE", `the file is larger than ${MAX_SHEET_BYTES} bytes`);
  return Buffer.from(bytes.subarray(0, FIRST_BYTES)).toString("latin1") === ARCHIVE ? excelRows(bytes) : csvRows(bytes);
}

async function csvRows(bytes: Uint8Array): Promise<string[][]> {
  const chunks = async function* () {
    yield bytes;
  };
  const encoding = await recogniseEncoding(chunks);
  // A list's headings may be empty or the same twice, and its rows of any width: what stands above names nothing.
  const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  return looseRows(text);
}

/** RFC 4180 without a header, for lists; the delimiter is the one that the first line has most of. */
function looseRows(text: string): string[][] {
  const [first = ""] = text.split("\n", 1);
  const delimiter = [",", "\t", ";"].reduce((best, one) =>
    first.split(one).length > first.split(best).length ? one : best,
  );
  const rows: string[][] = [[]];
  let cell = "";
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string;
    if (isQuoted) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') {
        cell += character;
        at += 1;
      } else isQuoted = false;
    } else if (character === '"' && cell === "") isQuoted = true;
    else if (character === delimiter || character === "\n") {
      rows.at(-1)?.push(cell.replace(/\r$/, ""));
      cell = "";
      if (character === "\n") rows.push([]);
    } else cell += character;
  }
  if (isQuoted) throw new ExchangeError("SOURCE_MALFORMED", "a quote is not closed");
  rows.at(-1)?.push(cell.replace(/\r$/, ""));
  return rows;
}

/**
 * The rows of a workbook's first sheet as {@link readSheetFile} gives them.
 * @throws ExchangeError SOURCE_MALFORMED
 */
export async function excelRows(bytes: Uint8Array): Promise<string[][]> {
  const { readSheet } = await import("read-excel-file/universal");
  try {
    const rows = await readSheet(Uint8Array.from(bytes).buffer, { parseNumber: (written) => written });
    return rows.map((row) => row.map(cellText));
  } catch (cause) {
    throw new ExchangeError(
      "SOURCE_MALFORMED",
      "the file is no Excel workbook that can be read; save it as .xlsx or CSV",
      {
        cause,
      },
    );
  }
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return momentText(value);
  return typeof value === "boolean" ? (value ? "是" : "否") : String(value);
}

/** A workbook's days and times have no time zone; a day alone is a time of no hour. */
function momentText(value: Date): string {
  const [day = "", time = ""] = value.toISOString().split("T");
  return time.startsWith("00:00:00") ? day : `${day} ${time.slice(0, TIME_LENGTH)}`;
}
