/** Tables of text: CSV, columns on the wire, the digests of a release. */

export { type ColumnBatch, decodeColumn, encodeValue } from "./column.js";
export { type CsvOptions, CsvReader, type NamedBatch, readCsv, readRows } from "./csv.js";
export { digestCsv, fileBytes, type ReleaseDigest, RunningDigest } from "./digest.js";
