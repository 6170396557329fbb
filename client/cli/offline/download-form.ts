import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { excelCsv, readCsv } from "../../sheets/index.js";
import type { Context } from "../context.js";

/** How a download is kept: as it came, for Excel, or as Parquet. */
export const DOWNLOAD_FORMS = ["csv", "excel", "parquet"] as const;
export type DownloadForm = (typeof DOWNLOAD_FORMS)[number];

/** Makes a whole download, which lies aside, into the file that the officer wants. @throws ExchangeError SOURCE_* */
export async function keepDownload(context: Context, aside: string, out: string, form: DownloadForm): Promise<void> {
  if (form === "csv") return await rename(aside, out);
  const made = `${out}.made`;
  try {
    if (form === "parquet") {
      // Loaded for this form alone: the engine is a native library.
      const { writeParquet } = await import("../../quality/index.js");
      await writeParquet({ path: aside, kind: "csv", encoding: "utf-8" }, made);
    } else {
      sayChanged(context, await writeForExcel(aside, made));
    }
    await rename(made, out);
  } finally {
    await rm(made, { force: true });
    await rm(aside, { force: true });
  }
}

/** @returns how many cells are not to the character what came */
async function writeForExcel(from: string, to: string): Promise<number> {
  let changed = 0;
  const lines = excelCsv(readCsv(createReadStream(from)));
  await pipeline(async function* () {
    changed = yield* lines;
  }, createWriteStream(to));
  return changed;
}

function sayChanged(context: Context, cells: number): void {
  if (cells === 0) return;
  const said = {
    zh: `${cells.toLocaleString("en")}个单元格以公式符号开头，已在前面加单引号`,
    en: `${cells.toLocaleString("en")} cells begin like a formula and got an apostrophe`,
  };
  context.surroundings.err.write(`${context.t(said)}\n`);
}
