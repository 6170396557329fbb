import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startTraces } from "@wanlian/client/running/machine/traces.js";
import { pino } from "pino";

/** A span as the collector got it. */
export interface SeenSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly status: { readonly code?: number; readonly message?: string };
  readonly events?: readonly unknown[];
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

interface Batch {
  readonly resourceSpans: readonly {
    readonly resource: Pick<SeenSpan, "attributes">;
    readonly scopeSpans: readonly { readonly spans: readonly SeenSpan[] }[];
  }[];
}

/** What happens while traces are on, and a collector that takes them as OTLP over HTTP. */
export async function collected(
  work: () => Promise<void>,
  environment: NodeJS.ProcessEnv = {},
): Promise<{ readonly spans: readonly SeenSpan[]; readonly bodies: string; readonly said: readonly string[] }> {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    if (request.url === "/v1/traces") bodies.push(body);
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const said = await withTraces({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, ...environment }, work);
    const batches = bodies.map((body) => JSON.parse(body) as Batch);
    const spans = batches.flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)),
    );
    return { spans, bodies: bodies.join("\n"), said };
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

/** Traces by these variables alone while something happens. @returns what the node's log said of it */
export async function withTraces(environment: NodeJS.ProcessEnv, work: () => Promise<void>): Promise<string[]> {
  const said: string[] = [];
  const logger = pino({ base: null }, { write: (line: string) => void said.push(line) });
  // The exporter reads the process's own.
  const before = Object.keys(environment).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, environment);
  try {
    const traces = startTraces(process.env, "CivilMSP", logger);
    try {
      await work();
    } finally {
      await traces.stop();
    }
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
  return said;
}

/** An attribute of a span. */
export function attribute({ attributes }: Pick<SeenSpan, "attributes">, key: string): unknown {
  const found = attributes.find((one) => one.key === key);
  return found === undefined ? undefined : Object.values(found.value)[0];
}
