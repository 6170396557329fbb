/** What is traced of requests, filings and accesses, for a collector that the department names by OpenTelemetry's variables. */

export { type Facts, type Note, type Step, traced, tracedBeyond, tracedStream, traceNow } from "./traced.js";
export { carried, continued } from "./traceparent.js";
