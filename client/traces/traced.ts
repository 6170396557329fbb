import { type Attributes, type Context, context, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { LedgerError } from "@wanlian/model/errors.js";
import { NodeError } from "../core/index.js";

/** What is traced, and how OpenTelemetry calls its kind. */
const STEPS = {
  /** Of an officer's, to the API. */
  request: SpanKind.SERVER,
  filing: SpanKind.INTERNAL,
  endorse: SpanKind.CLIENT,
  submit: SpanKind.CLIENT,
  /** From the orderer's taking an envelope to its fate. */
  commit: SpanKind.INTERNAL,
  /** At the consumer. */
  access: SpanKind.INTERNAL,
  /** Of another department's node. */
  ask: SpanKind.CLIENT,
  /** To another department's node. */
  answer: SpanKind.SERVER,
  /** Whether the grant covers what is asked. */
  decide: SpanKind.INTERNAL,
  /** Of a source. */
  read: SpanKind.INTERNAL,
  /** Of a record to the log. */
  record: SpanKind.INTERNAL,
} as const;
export type Step = keyof typeof STEPS;

/**
 * All that a span can say beside its name and times: words of the model, the API and the protocol. There is no member
 * for an officer, a subject, a key or a text, so none can come to a collector.
 */
export interface Facts {
  /** What kind of request, act or access it is: an operation's id, `noun:type`, a way, a route. */
  readonly of?: string;
  /** The other department's MSP id. */
  readonly department?: string;
  readonly status?: number;
  readonly attempt?: number;
  /** Hex; on the ledger anyway. */
  readonly transaction?: string;
  /** What came of it: of a record's results or an envelope's fates. */
  readonly result?: string;
  /** Why it was refused: a code. */
  readonly reason?: string;
  readonly rows?: number;
}

/** Adds what is known only later. */
export type Note = (facts: Facts) => void;

/** Codes of errors; what another error calls its code may hold anything. */
const CODE = /^[A-Z][A-Z0-9_]{0,63}$/;
const tracer = () => trace.getTracer("wanlian");

/** Does something as a step of the trace under way, or of a new one. Nothing is kept of it where traces are off. */
export async function traced<T>(step: Step, facts: Facts, work: (note: Note) => Promise<T>): Promise<T> {
  return await tracedBeyond(context.active(), step, facts, work);
}

/** The same as a step of a trace that began elsewhere: see `continued`. */
export async function tracedBeyond<T>(
  before: Context,
  step: Step,
  facts: Facts,
  work: (note: Note) => Promise<T>,
): Promise<T> {
  const span = start(before, step, facts);
  try {
    return await context.with(trace.setSpan(before, span), () =>
      work((more) => span.setAttributes(attributesOf(more))),
    );
  } catch (error) {
    fail(span, step, error);
    throw error;
  } finally {
    span.end();
  }
}

/** A stream as one step, from its first part's being asked for to its end. */
export async function* tracedStream<T>(
  step: Step,
  facts: Facts,
  open: (note: Note) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const before = context.active();
  const span = start(before, step, facts);
  // A generator goes on in whatever context asks for its next part: each is asked for within the step.
  const within = trace.setSpan(before, span);
  const parts = context.with(within, () =>
    open((more) => span.setAttributes(attributesOf(more)))[Symbol.asyncIterator](),
  );
  try {
    for (;;) {
      const next = await context.with(within, () => parts.next());
      if (next.done === true) return;
      yield next.value;
    }
  } catch (error) {
    fail(span, step, error);
    throw error;
  } finally {
    await context.with(within, () => parts.return?.());
    span.end();
  }
}

/** Id of the trace under way, to find it from a line of the log; undefined where nothing is traced. */
export function traceNow(): string | undefined {
  const span = trace.getActiveSpan();
  return span?.isRecording() ? span.spanContext().traceId : undefined;
}

function start(before: Context, step: Step, facts: Facts): Span {
  const name = facts.of === undefined ? step : `${step} ${facts.of}`;
  return tracer().startSpan(name, { kind: STEPS[step], attributes: attributesOf(facts) }, before);
}

/** An officer who is told no got an answer: that is no failure of the node's. Messages stay here, since they quote. */
function fail(span: Span, step: Step, error: unknown): void {
  const foreseen = error instanceof LedgerError || error instanceof NodeError;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  span.setAttribute("error.type", CODE.test(code) ? code : "INTERNAL");
  if (!foreseen || STEPS[step] !== SpanKind.SERVER) span.setStatus({ code: SpanStatusCode.ERROR });
}

function attributesOf({ status, of: kind, ...facts }: Facts): Attributes {
  return {
    ...Object.fromEntries(Object.entries(facts).map(([name, value]) => [`wanlian.${name}`, value])),
    ...(kind === undefined ? {} : { "wanlian.of": kind }),
    ...(status === undefined ? {} : { "http.response.status_code": status }),
  };
}
