import writeExcelFile from "write-excel-file/node";
import { defused } from "../sheets/index.js";

/** In characters; wide enough for a name, and what is longer is wrapped by whoever reads it. */
const COLUMN_WIDTH = 20;

/**
 * A list as an Excel workbook of one sheet, the first row its headings. Every cell is a text; what a spreadsheet would take for
 * a formula once the cell is edited or copied is kept from it as in CSV, and comes back from there as it was.
 */
export async function excelFile(rows: readonly (readonly string[])[]): Promise<Uint8Array> {
  const width = Math.max(1, ...rows.map((row) => row.length));
  const cells = rows.map((row, at) =>
    row.map((cell) => ({
      value: escaped(defused(cell)),
      type: String,
      ...(at === 0 ? { fontWeight: "bold" as const } : {}),
    })),
  );
  const columns = Array.from({ length: width }, () => ({ width: COLUMN_WIDTH }));
  return writeExcelFile(cells, { columns, stickyRowsCount: 1 }).toBuffer();
}

/**
 * What a workbook would take for a character by its number (`_x000D_`; ECMA-376 part 1, ST_Xstring) stays as it is. A name
 * that every object has begins with its first character by number: the package would find it among texts that it never wrote.
 */
function escaped(cell: string): string {
  const text = cell.replaceAll(/_(?=x[0-9a-f]{4}_)/gi, "_x005F_");
  return text in {} ? `_x${text.charCodeAt(0).toString(16).padStart(4, "0")}_${text.slice(1)}` : text;
}
