import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { type CellCorrection, writeClaim } from "../../../sheets/index.js";

/** Rows that an objection lists, and characters of its claim (the ledger's and the node's bounds). */
const MOST_LISTED = 1000;
const MOST_CHARACTERS = 4000;

/** What an objection says beside its cells. */
interface About {
  readonly release: string;
  readonly dimension: string;
  readonly words: string;
}

/**
 * Writes a body for `objection raise --body @FILE` that names these cells, and beside it the evidence: all of them, as the
 * claim has as many as fit.
 * @returns the file of the evidence
 */
export async function writeObjection(path: string, about: About, cells: readonly CellCorrection[]): Promise<string> {
  const { words, ...rest } = about;
  const evidence = `${path}.evidence.txt`;
  const whole = writeClaim({ words, cells });
  await writeFile(evidence, whole);
  const rows = [...new Set(cells.map(({ row }) => row))];
  const body = {
    ...rest,
    fields: [...new Set(cells.map(({ field }) => field))],
    rowCount: rows.length,
    rows: rows.slice(0, MOST_LISTED),
    evidence: createHash("sha256").update(whole).digest("hex"),
    claim: { text: claimThatFits(words, cells) },
  };
  await writeFile(path, `${JSON.stringify(body, undefined, 2)}\n`);
  return evidence;
}

function claimThatFits(words: string, cells: readonly CellCorrection[]): string {
  for (let kept = cells.length; ; kept -= Math.ceil(kept / 10)) {
    const text = writeClaim({ words, cells: cells.slice(0, kept) });
    if (text.length <= MOST_CHARACTERS || kept === 0) return text.slice(0, MOST_CHARACTERS);
  }
}
