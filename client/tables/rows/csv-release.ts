import { type CsvOptions, readCsv } from "../../sheets/index.js";
import { fileBytes } from "../digest.js";
import { stampOf } from "../file-stamp.js";
import { type Made, makeRelease, type Progress, remakeRelease } from "./make-release.js";

/** The state of a CSV file as data: read in another way, the same bytes are other data. @throws ExchangeError SOURCE_MISSING */
export async function csvStamp(path: string, { encoding = "utf-8", delimiter = "," }: CsvOptions): Promise<string> {
  const { id } = await stampOf(path);
  return `${id} ${encoding} ${delimiter}`;
}

/** The release in a CSV file, with its tree beside the file. @throws ExchangeError as `makeRelease` */
export async function makeCsvRelease(path: string, options: CsvOptions = {}, progress?: Progress): Promise<Made> {
  const stamp = await csvStamp(path, options);
  return await makeRelease(path, { stamp, read: () => readCsv(fileBytes(path), options) }, progress);
}

/** The row root of a CSV file under a release's key. @throws ExchangeError as `remakeRelease` */
export async function csvRowRoot(path: string, options: CsvOptions, keyFile: string): Promise<string> {
  const source = { stamp: await csvStamp(path, options), read: () => readCsv(fileBytes(path), options) };
  return (await remakeRelease(keyFile, source)).rowRoot;
}
