import { context, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { detectResources, envDetector, type Resource, resourceFromAttributes } from "@opentelemetry/resources";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import type { Logger } from "pino";
import { NodeError, pause } from "../../core/index.js";

/** What is not handed over by then is left: traces must not keep a node from ending. */
const LAST_FLUSH_MS = 3_000;
/** Spans that wait for the collector, 1 KiB or so each; more are dropped. */
const MAX_WAITING = 2_048;

export interface Traces {
  /** Hands over what waits, for as long as it is worth. */
  stop(): Promise<void>;
}

/**
 * Traces by OpenTelemetry's own variables; the rest of them (headers, time limit, compression, certificates) the exporter
 * reads itself.
 * @throws NodeError CONFIGURATION where one of them cannot be meant
 */
export function startTraces(environment: NodeJS.ProcessEnv, department: string, logger: Logger): Traces {
  checkEndpoint(environment);
  const root = samplerOf(environment);
  // What another department says of sampling is its own business: here, a trace that began there is as good as a new one.
  const sampler = new ParentBasedSampler({ root, remoteParentSampled: root, remoteParentNotSampled: root });
  const exporter = toldOf(new OTLPTraceExporter(), logger);
  const provider = new TracerProvider({
    sampler,
    resource: resourceOf(department),
    spanProcessors: [new BatchSpanProcessor({ exporter, maxQueueSize: MAX_WAITING })],
  });
  const contexts = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(contexts);
  trace.setGlobalTracerProvider(provider);
  return {
    async stop() {
      const patience = new AbortController();
      const ended = provider.shutdown().catch((error: unknown) => logger.warn({ err: error }, "traces were lost"));
      await Promise.race([ended, pause(LAST_FLUSH_MS, patience.signal)]);
      patience.abort();
      trace.disable();
      context.disable();
    },
  };
}

/** OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come last. Nothing of host or process: their command lines name files. */
function resourceOf(department: string): Resource {
  const own = resourceFromAttributes({ "service.name": "wanlian-node", "wanlian.department": department });
  return own.merge(detectResources({ detectors: [envDetector] }));
}

/** The node speaks OTLP over HTTP as JSON, which every collector's HTTP receiver takes. */
function checkEndpoint(environment: NodeJS.ProcessEnv): void {
  for (const name of ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"]) {
    const protocol = environment[name];
    if (protocol !== undefined && protocol !== "" && !protocol.startsWith("http/")) {
      throw new NodeError("CONFIGURATION", `${name} is ${protocol}; traces go by http/json alone: leave it out.`);
    }
  }
  for (const name of ENDPOINTS) {
    const url = environment[name];
    if (url === undefined || url === "") continue;
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
      throw new NodeError("CONFIGURATION", `${name} is no http or https address of a collector.`);
    }
  }
}

const ENDPOINTS = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"] as const;

function samplerOf({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: argument }: NodeJS.ProcessEnv): Sampler {
  switch (name) {
    case undefined:
    case "":
    case "always_on":
    case "parentbased_always_on":
      return new AlwaysOnSampler();
    case "always_off":
    case "parentbased_always_off":
      return new AlwaysOffSampler();
    case "traceidratio":
    case "parentbased_traceidratio":
      return new TraceIdRatioBasedSampler(ratioOf(argument));
    default:
      throw new NodeError(
        "CONFIGURATION",
        `OTEL_TRACES_SAMPLER is ${name}; there are always_on, always_off and traceidratio, each with parentbased_ too.`,
      );
  }
}

function ratioOf(argument: string | undefined): number {
  if (argument === undefined || argument === "") return 1;
  const ratio = Number(argument);
  if (ratio >= 0 && ratio <= 1) return ratio;
  throw new NodeError("CONFIGURATION", `OTEL_TRACES_SAMPLER_ARG is ${argument}; a ratio is from 0 to 1.`);
}

/** Says once that the collector takes nothing, and once that it does again. */
function toldOf(exporter: SpanExporter, logger: Logger): SpanExporter {
  let failing = false;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const failed = result.error !== undefined;
        if (failed && !failing) logger.warn({ err: result.error }, "the collector does not take traces; they are lost");
        if (!failed && failing) logger.info("the collector takes traces again");
        failing = failed;
        done(result);
      });
    },
    forceFlush: async () => await exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}
