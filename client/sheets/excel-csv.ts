import { decodeColumn } from "./column.js";
import type { NamedBatch } from "./csv.js";
import { csvCell } from "./csv-cell.js";
import { defused } from "./list/formulas.js";

/**
 * A table as CSV that Excel opens as it is: UTF-8 with a byte order mark, lines that end with CR LF, and no cell that runs
 * as a formula (decision 367). For the eye: what is held against a release is the plain form.
 * @returns how many cells got an apostrophe, and are no longer to the character what was registered
 */
export async function* excelCsv(batches: AsyncIterable<NamedBatch>): AsyncGenerator<string, number> {
  let changed = 0;
  let isFirst = true;
  const cell = (value: string | null): string => {
    const safe = value === null ? null : defused(value);
    if (safe !== value) changed += 1;
    return csvCell(safe);
  };
  for await (const { fields, rows, columns } of batches) {
    if (isFirst) yield `\ufeff${fields.map((field) => csvCell(defused(field))).join(",")}\r\n`;
    isFirst = false;
    const values = columns.map(decodeColumn);
    let text = "";
    for (let row = 0; row < rows; row += 1)
      text += `${values.map((column) => cell(column[row] ?? null)).join(",")}\r\n`;
    if (text !== "") yield text;
  }
  return changed;
}
