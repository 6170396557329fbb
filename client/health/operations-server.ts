import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Logger } from "pino";
import { hinderFiling, NodeError, type NodeStatus } from "../core/index.js";
import type { Figures } from "./figures.js";

export interface OperationsOptions {
  /** `host:port`; port 0: any free one. */
  readonly listen: string;
  readonly status: () => NodeStatus;
  readonly isStopping: () => boolean;
  readonly figures: Figures;
  readonly logger: Logger;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/**
 * For whoever watches over the node's machine, on an address of its own: `/livez` (the process answers), `/readyz` (503
 * with the reasons while the node cannot file), `/metrics` for Prometheus. It tells nothing of data or officers.
 */
export class OperationsServer {
  readonly #options: OperationsOptions;
  readonly #server: Server;

  private constructor(options: OperationsOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        options.logger.error({ err: error, path: request.url }, "the operations service could not answer");
        response.writeHead(500).end();
      });
    });
  }

  /** @throws NodeError CONFIGURATION where the address cannot be used */
  static async start(options: OperationsOptions): Promise<OperationsServer> {
    const made = new OperationsServer(options);
    const at = options.listen.lastIndexOf(":");
    await new Promise<void>((resolve, reject) => {
      made.#server.once("error", (cause) =>
        reject(new NodeError("CONFIGURATION", `${options.listen} cannot be used: ${cause.message}.`, { cause })),
      );
      made.#server.listen(Number(options.listen.slice(at + 1)), options.listen.slice(0, at), resolve);
    });
    return made;
  }

  /** Where it listens. */
  get address(): string {
    const bound = this.#server.address();
    if (bound === null || typeof bound === "string") throw new RangeError("the operations service does not listen");
    return `${bound.address}:${bound.port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { allow: "GET, HEAD" }).end();
      return;
    }
    const { status, type, body } = await this.#answer(request.url?.split("?")[0]);
    response.writeHead(status, { "content-type": type, "cache-control": "no-store" });
    response.end(request.method === "HEAD" ? undefined : body);
  }

  async #answer(path: string | undefined): Promise<Answer> {
    const { isStopping, status, figures } = this.#options;
    switch (path) {
      case "/livez":
        return isStopping() ? json(503, { live: false }) : json(200, { live: true });
      case "/readyz": {
        const reasons = hinderFiling(status().conditions);
        const ready = reasons.length === 0 && !isStopping();
        return json(ready ? 200 : 503, { ready, reasons });
      }
      case "/metrics":
        return { status: 200, ...(await figures.text()) };
      default:
        return json(404, { paths: ["/livez", "/readyz", "/metrics"] });
    }
  }
}

const json = (status: number, body: unknown): Answer => ({
  status,
  type: "application/json; charset=utf-8",
  body: `${JSON.stringify(body)}\n`,
});
