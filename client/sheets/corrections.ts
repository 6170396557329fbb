/** A cell that an objection finds wrong, and what should stand there; null: nothing. */
export interface CellCorrection {
  /** Its row's place in the release, from 0, as the ledger has it. */
  readonly row: number;
  readonly field: string;
  readonly stands: string | null;
  /** Undefined where the objector knows that it is wrong and not what is right. */
  readonly should: string | null | undefined;
}

/** A claim taken apart: what was written, and the cells that it names. */
export interface Claim {
  readonly words: string;
  readonly cells: readonly CellCorrection[];
}

/*
 * Within a claim's text the cells stand below a line of their own, a line a cell, in columns that a tab divides. So who
 * has the text alone reads them too; and since the text has its digest on the ledger, so have they.
 */
const HEADING = "行\t字段\t所载\t应为";
/** As PostgreSQL's COPY writes what is missing. */
const NOTHING = "\\N";
const COLUMNS = 4;

/** A claim's text, with the cells below its words. Rows as people count them: the first is 1. */
export function writeClaim({ words, cells }: Claim): string {
  if (cells.length === 0) return words;
  return [words, "", HEADING, ...cells.map(cellLine)].join("\n");
}

/** The same taken apart again; a text without cells is words alone. Total. */
export function readClaim(text: string): Claim {
  const lines = text.split("\n");
  const at = lines.indexOf(HEADING);
  if (at < 0) return { words: text, cells: [] };
  const cells = lines.slice(at + 1).map(readCell);
  // A text that only looks so is shown as it is.
  if (!cells.every((cell) => cell !== undefined)) return { words: text, cells: [] };
  return { words: lines.slice(0, at).join("\n").trimEnd(), cells };
}

function cellLine({ row, field, stands, should }: CellCorrection): string {
  return [String(row + 1), escaped(field), escaped(stands), should === undefined ? "" : escaped(should)].join("\t");
}

function readCell(line: string): CellCorrection | undefined {
  const parts = line.split("\t");
  const [row = "", field = "", stands = "", should = ""] = parts;
  if (parts.length !== COLUMNS || !/^[1-9]\d{0,14}$/.test(row)) return undefined;
  const name = plain(field);
  if (name === null) return undefined;
  return {
    row: Number(row) - 1,
    field: name,
    stands: plain(stands),
    should: should === "" ? undefined : plain(should),
  };
}

/** The empty text is written in quotes: beside it, an empty cell says that nobody knows. */
const EMPTY = '""';

function escaped(value: string | null): string {
  if (value === null) return NOTHING;
  if (value === "") return EMPTY;
  return value.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character);
}

function plain(written: string): string | null {
  if (written === NOTHING) return null;
  if (written === EMPTY) return "";
  return written.replace(/\\[\\tnr]/g, (pair) => MEANINGS[pair] ?? pair);
}

const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r" };
const MEANINGS: Readonly<Record<string, string>> = { "\\\\": "\\", "\\t": "\t", "\\n": "\n", "\\r": "\r" };
