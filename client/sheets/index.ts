/** Tables of text, pure: CSV, columns on the wire, digests of columns, responsibility lists. Runs in a browser too. */

export { type ColumnBatch, decodeColumn } from "./column.js";
export { comparisonCsv } from "./compared/comparison-csv.js";
export { digestLines } from "./compared/digest-lines.js";
export { cellDigest, DIGEST_TEXT, digestsIn, rowDigest, textOf } from "./compared/keyed-digests.js";
export { type KeyedComparison, type OwnData, OwnRows } from "./compared/own-rows.js";
export { type Verified, type VerifiedRecord, verifyRecord } from "./compared/record-by-verifications.js";
export { type CheckedCell, checkCorrections, type Fate } from "./correction-check.js";
export { type CellCorrection, type Claim, readClaim, writeClaim } from "./corrections.js";
export { type CsvOptions, CsvReader, type NamedBatch, readCsv, readRows } from "./csv.js";
export { csvCell } from "./csv-cell.js";
export { excelCsv } from "./excel-csv.js";
export { type ColumnMatch, type HeldTable, holdTable, matchColumns } from "./held-table.js";
export { csvText } from "./list/csv-text.js";
export {
  DEMAND_LISTS,
  type DemandListKind,
  demandRows,
  type ListedDemand,
  readDemandList,
  type WrittenDemand,
} from "./list/demand-list.js";
export { defused, undefused } from "./list/formulas.js";
export { type ImportPlan, type ImportStep, planImport, type RegisteredEntry } from "./list/import-plan.js";
export {
  type CellFault,
  type KnownBasis,
  type ListedDataset,
  type ResponsibilityList,
  readResponsibilityList,
} from "./list/responsibility-list.js";
export { listTemplate } from "./list/template.js";
export { responsibilityRows, type WrittenEntry, writeResponsibilityList } from "./list/write-list.js";
export { type MadeRelease, readMadeRelease } from "./made-release.js";
export { recogniseEncoding } from "./recognise.js";
export { type ReleaseDigest, RunningDigest } from "./running-digest.js";
export { excelRows, readSheetFile } from "./sheet-file.js";
export { TEXT_ENCODINGS, type TextEncoding } from "./utf8-text.js";
