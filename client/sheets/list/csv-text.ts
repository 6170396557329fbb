import { defused } from "./formulas.js";

/** A list as CSV that Excel opens as it is, and in which no cell runs as a formula. */
export const csvText = (rows: readonly (readonly string[])[]): string =>
  `\ufeff${rows.map((row) => row.map((cell) => quoted(defused(cell))).join(",")).join("\r\n")}\r\n`;

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
