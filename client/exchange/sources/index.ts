/** Where releases' data lies, and how it is read. Drivers are loaded when a source is first read. */

export { SourceList, type SourcePlace } from "./source-list.js";
