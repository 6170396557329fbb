import { csvCell } from "../csv-cell.js";
import { defused } from "./formulas.js";

/** A list as CSV that Excel opens as it is, and in which no cell runs as a formula. */
export const csvText = (rows: readonly (readonly string[])[]): string =>
  `\ufeff${rows.map((row) => row.map((cell) => csvCell(defused(cell) || null)).join(",")).join("\r\n")}\r\n`;
