import { asSourceError, openTable, type TableFile } from "./engine/checked-table.js";
import { literal, name } from "./engine/sql-text.js";
import { Workbench } from "./engine/workbench.js";

const TABLE = "written table";

/**
 * Writes a file of data as Parquet: every column as text, missing values as null, rows in their order. So it has the
 * digests that the file has.
 * @throws ExchangeError SOURCE_* where the file cannot be read or changes meanwhile
 */
export async function writeParquet(file: TableFile, out: string): Promise<void> {
  const bench = await Workbench.open();
  try {
    const table = await openTable(bench, TABLE, file);
    await bench.run(`copy (select * from ${name(TABLE)}) to ${literal(out)} (format parquet, compression zstd)`);
    await table.assertUnchanged();
  } catch (error) {
    throw asSourceError(error);
  } finally {
    await bench.close();
  }
}
