import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { CONDITIONS, type ConditionCode, hinderFiling, type NodeStatus } from "../core/index.js";

/** What a log has, and how much of it is anchored on the ledger. */
export interface LogSizes {
  readonly entries: number;
  readonly anchored: number;
}

/** Accesses of the department's log, all there ever were. */
export interface AccessFigure {
  /** What the department was in them. */
  readonly side: "provider" | "consumer";
  readonly other: string;
  readonly way: string;
  readonly result: string;
  readonly accesses: number;
}

export interface FigureSources {
  readonly status: () => NodeStatus;
  /** Undefined while there is no log. */
  readonly log: () => Promise<LogSizes | undefined>;
  /** Empty while there is no log. */
  readonly accesses: () => Promise<readonly AccessFigure[]>;
}

const CODES = Object.keys(CONDITIONS) as readonly ConditionCode[];
/** From a look-up in memory to a filing that waits for its block. */
const BUCKETS_SECONDS = [0.005, 0.02, 0.1, 0.5, 1, 2.5, 10, 60];

/** A node's figures for Prometheus, and the process's own. Names: https://prometheus.io/docs/practices/naming/ */
export class Figures {
  readonly #registry = new Registry();
  readonly #requests: Histogram<"operation" | "status">;
  readonly #certificates: Gauge<"holder">;

  constructor({ status, log, accesses }: FigureSources) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#requests = new Histogram({
      name: "wanlian_api_request_duration_seconds",
      help: "Requests to the API, by operation and HTTP status",
      labelNames: ["operation", "status"],
      buckets: BUCKETS_SECONDS,
      registers,
    });
    this.#certificates = new Gauge({
      name: "wanlian_certificate_end_seconds",
      help: "When a certificate ends, Unix time, by its holder",
      labelNames: ["holder"],
      registers,
    });
    const gauge = (name: string, help: string, value: (status: NodeStatus) => number) =>
      new Gauge({
        name: `wanlian_${name}`,
        help,
        registers,
        collect() {
          this.set(value(status()));
        },
      });
    gauge("ready", "1 while nothing keeps the node from filing, as /readyz says", ({ conditions }) =>
      Number(hinderFiling(conditions).length === 0),
    );
    gauge("ledger_blocks", "Blocks taken in", ({ height }) => Number(height));
    gauge("ledger_time_seconds", "The ledger's clock, Unix time; 0 before its first tick", ({ ledgerTime }) =>
      ledgerTime === undefined ? 0 : Date.parse(ledgerTime) / 1000,
    );
    gauge("alarms", "Alarms that still stand", ({ alarms }) => alarms);
    gauge(
      "configuration_pending",
      "Places where the configuration is behind the acts",
      ({ pending }) => pending.length,
    );
    new Gauge({
      name: "wanlian_condition",
      help: "1 while the condition stands (docs/administrators.md)",
      labelNames: ["code"],
      registers,
      collect() {
        const standing = new Set(status().conditions.map(({ code }) => code));
        for (const code of CODES) this.set({ code }, Number(standing.has(code)));
      },
    });
    const logGauge = (name: string, help: string, value: (sizes: LogSizes) => number) =>
      new Gauge({
        name: `wanlian_${name}`,
        help,
        registers,
        async collect() {
          const sizes = await log();
          if (sizes !== undefined) this.set(value(sizes));
        },
      });
    logGauge("log_entries", "Entries of the department's log of accesses", ({ entries }) => entries);
    logGauge("log_anchored_entries", "Entries of the log that are anchored on the ledger", ({ anchored }) => anchored);
    new Gauge({
      name: "wanlian_accesses",
      help: "Accesses of the department's log, by what it was in them, the other department, way and outcome",
      labelNames: ["side", "other", "way", "result"],
      registers,
      async collect() {
        this.reset();
        for (const { accesses: count, ...labels } of await accesses()) this.set(labels, count);
      },
    });
  }

  /** Counts a request to the API that was answered. @param operation its id in the OpenAPI document */
  answered({
    operation,
    status,
    seconds,
  }: {
    readonly operation: string;
    readonly status: number;
    readonly seconds: number;
  }): void {
    this.#requests.observe({ operation, status: String(status) }, seconds);
  }

  /** Takes note of when certificates end, by holder. */
  certificatesEnd(ends: ReadonlyMap<string, Date>): void {
    this.#certificates.reset();
    for (const [holder, end] of ends) this.#certificates.set({ holder }, end.getTime() / 1000);
  }

  /** In Prometheus' text format, with its media type. */
  async text(): Promise<{ readonly type: string; readonly body: string }> {
    return { type: this.#registry.contentType, body: await this.#registry.metrics() };
  }
}
