/** Files as releases: their bytes, their digests, the trees over their rows. */

export { digestCsv, fileBytes } from "./digest.js";
export { excelFile } from "./excel-file.js";
export { assertUnchanged, type FileStamp, stampOf } from "./file-stamp.js";
export { csvRowRoot, csvStamp, makeCsvRelease } from "./rows/csv-release.js";
export { type Made, makeRelease, type Progress, treeFolder } from "./rows/make-release.js";
export { RowTree } from "./rows/row-tree.js";
export { readRelease } from "./rows/row-tree-files.js";
