import {
  type Context,
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type SpanContext,
  TraceFlags,
  trace,
} from "@opentelemetry/api";

/** W3C Trace Context, version 00: trace, parent, flags. There is nothing else that another node may say. */
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
/** Characters of that form: what is longer is not looked at. */
const LENGTH = 55;

/** The header under which another node goes on with the trace under way; none where nothing is traced. */
export function carried(): { readonly traceparent?: string } {
  const span = trace.getSpanContext(context.active());
  if (span === undefined || !isSpanContextValid(span)) return {};
  const flags = (span.traceFlags & TraceFlags.SAMPLED) === 0 ? "00" : "01";
  return { traceparent: `00-${span.traceId}-${span.spanId}-${flags}` };
}

/**
 * Where a trace that another node began goes on. A header of another form counts as none: what a stranger writes there
 * neither is kept nor keeps anything from being answered.
 */
export function continued(header: string | readonly string[] | undefined): Context {
  const parent = parentOf(header);
  return parent === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parent);
}

function parentOf(header: string | readonly string[] | undefined): SpanContext | undefined {
  if (typeof header !== "string" || header.length !== LENGTH) return undefined;
  const [, traceId, spanId, flags] = TRACEPARENT.exec(header) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  const parent = { traceId, spanId, traceFlags, isRemote: true };
  return isSpanContextValid(parent) ? parent : undefined;
}
