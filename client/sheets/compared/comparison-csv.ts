import { csvCell } from "../csv-cell.js";
import type { KeyedComparison } from "./own-rows.js";

/** What a comparison came to, row by row of one's own: to be gone through in a spreadsheet. */
export function comparisonCsv(by: readonly string[], { absent, several, differences }: KeyedComparison): string {
  const rows = [
    ["row", ...by, "finding", "field", "own"],
    ...absent.map(({ row, key }) => [String(row + 1), ...key, "absent", null, null]),
    ...several.map(({ row, key }) => [String(row + 1), ...key, "several", null, null]),
    ...differences.map(({ row, key, field, value }) => [String(row + 1), ...key, "different", field, value]),
  ];
  return `${rows.map((row) => row.map(csvCell).join(",")).join("\n")}\n`;
}
