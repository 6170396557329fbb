/** Tables of text: CSV, columns on the wire, the digests of a release. */

export { type ColumnBatch, decodeColumn } from "./column.js";
export { type CsvOptions, CsvReader, type NamedBatch, readCsv, readRows } from "./csv.js";
export { digestCsv, fileBytes, type ReleaseDigest, RunningDigest } from "./digest.js";
export { assertUnchanged, type FileStamp, stampOf } from "./file-stamp.js";
export { recogniseEncoding } from "./recognise.js";
export { csvRowRoot, csvStamp, makeCsvRelease } from "./rows/csv-release.js";
export { type Made, makeRelease, type Progress, treeFolder } from "./rows/make-release.js";
export { RowTree } from "./rows/row-tree.js";
export { type MadeRelease, readRelease } from "./rows/row-tree-files.js";
export { TEXT_ENCODINGS, type TextEncoding } from "./utf8-text.js";
