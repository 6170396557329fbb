/** Where releases' data lies, and how it is read. Drivers are loaded when a source is first read. */

export { digestSource } from "./digest-source.js";
export { onePath } from "./duckdb.js";
export type { Source } from "./source.js";
export { type LivePlace, SourceList, type SourcePlace, sourceAt } from "./source-list.js";
