import { type CsvOptions, readCsv } from "../csv.js";
import { fileBytes } from "../digest.js";
import { stampOf } from "../file-stamp.js";
import { type Made, makeRelease, type Progress } from "./make-release.js";

/** The release in a CSV file, with its tree beside the file. @throws ExchangeError as `makeRelease` */
export async function makeCsvRelease(path: string, options: CsvOptions = {}, progress?: Progress): Promise<Made> {
  const { id } = await stampOf(path);
  // Read in another way, the same bytes are other data.
  const stamp = `${id} ${options.encoding ?? "utf-8"} ${options.delimiter ?? ","}`;
  return await makeRelease(path, { stamp, read: () => readCsv(fileBytes(path), options) }, progress);
}
