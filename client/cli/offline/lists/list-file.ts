import { writeFile } from "node:fs/promises";
import { csvText } from "../../../sheets/index.js";
import { excelFile } from "../../../tables/index.js";

/** A list in the form that the file's name says: an Excel workbook for `.xlsx`, else CSV. */
export async function writeListFile(file: string, rows: readonly (readonly string[])[]): Promise<void> {
  await writeFile(file, file.toLowerCase().endsWith(".xlsx") ? await excelFile(rows) : csvText(rows));
}
