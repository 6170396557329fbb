import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { LedgerError } from "@wanlian/model/errors.js";
import type { MspId } from "@wanlian/model/identifiers.js";
import type { Logger } from "pino";
import { NodeError } from "../core/index.js";
import { continued, tracedBeyond } from "../traces/index.js";
import { ConnectionLimits, HANDSHAKE_MS } from "./connection-limits.js";
import type { DepartmentTls } from "./department-tls.js";

/** A route: answers one kind of request of a department that TLS has told apart. */
export type Handler = (call: Call) => Promise<void>;

export interface Call {
  readonly from: MspId;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What follows the route's prefix in the path. */
  readonly rest: string;
}

export interface TlsMaterial {
  readonly cert: string;
  readonly key: string;
}

/** Time for a whole request to come in: bounds what slow senders hold. */
const REQUEST_TIMEOUT_MS = 15_000;
const CHECK_EVERY_MS = 5000;
/** Longer than any node lets a connection lie unused: a request must not meet a door that is just closing. */
const KEEP_ALIVE_MS = 120_000;

const STATUS: Readonly<Record<string, number>> = {
  INVALID_INPUT: 400,
  TOO_LARGE: 413,
  BAD_SIGNATURE: 403,
  WRONG_DEPARTMENT: 403,
  NOT_PERMITTED: 403,
  NOT_FOUND: 404,
  NOT_IN_TREE: 404,
  NOT_READY: 503,
  LOG_BUSY: 503,
  LOG_WRITE_FAILED: 503,
};

/**
 * The door for other departments' nodes: mutual TLS, TLS 1.3, with the departments' own authorities. Officers never
 * come here; they go to their own department's node.
 */
export class ExchangeGateway {
  readonly #server: Server;
  readonly #tls: DepartmentTls;
  readonly #material: TlsMaterial;
  readonly #routes: ReadonlyMap<string, Handler>;
  readonly #logger: Logger;

  /** @param routes by `METHOD /prefix`; the longest prefix that fits a path takes it */
  constructor(tls: DepartmentTls, material: TlsMaterial, routes: ReadonlyMap<string, Handler>, logger: Logger) {
    this.#tls = tls;
    this.#material = material;
    this.#routes = new Map([...routes].sort(([a], [b]) => b.length - a.length));
    this.#logger = logger;
    this.#server = createServer({
      ...this.#context(),
      requestCert: true,
      rejectUnauthorized: true,
      handshakeTimeout: HANDSHAKE_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
    });
    new ConnectionLimits(this.#server, tls);
    this.#server.requestTimeout = REQUEST_TIMEOUT_MS;
    this.#server.keepAliveTimeout = KEEP_ALIVE_MS;
    this.#server.on("request", (request, response) => void this.#serve(request, response));
    this.#server.on("tlsClientError", (error) => logger.info({ reason: error.message }, "connection refused"));
  }

  async listen(address: string): Promise<string> {
    const at = address.lastIndexOf(":");
    this.#server.listen(Number(address.slice(at + 1)), address.slice(0, at));
    await once(this.#server, "listening");
    const { address: host, port } = this.#server.address() as AddressInfo;
    return `${host}:${port}`;
  }

  /** Takes up the authorities of the configuration in force, for connections from now on. */
  refresh(): void {
    this.#server.setSecureContext(this.#context());
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  #context() {
    return { ...this.#material, ca: this.#tls.authorities(), minVersion: "TLSv1.3" as const };
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const peer = (request.socket as TLSSocket).getPeerX509Certificate();
      const from = peer === undefined ? undefined : this.#tls.departmentOf(peer.raw);
      if (from === undefined) throw new LedgerError("NOT_PERMITTED", "the certificate is no single department's");
      const path = `${request.method} ${request.url}`;
      const [prefix, handler] = [...this.#routes].find(([route]) => path.startsWith(route)) ?? [];
      if (prefix === undefined || handler === undefined) throw new LedgerError("NOT_FOUND", "there is nothing here");
      const call = { from, request, response, rest: path.slice(prefix.length) };
      const before = continued(request.headers.traceparent);
      await tracedBeyond(before, "answer", { of: prefix, department: from }, () => handler(call));
    } catch (error) {
      this.#fail(request, response, error);
    }
  }

  #fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    const known = error instanceof NodeError || error instanceof LedgerError;
    const code = known ? error.code : "INTERNAL";
    this.#logger[known ? "info" : "error"]({ path: request.url, code, err: error }, "request refused");
    if (response.headersSent) {
      // Half an answer must not pass for a whole one.
      response.destroy();
      return;
    }
    const detail = known ? error.message : "the node could not answer";
    const status = STATUS[code] ?? 500;
    const unread = hasBody(request) && !request.complete;
    // What of the request is still to come is not waited for, and nobody sends another after it.
    if (unread) response.setHeader("connection", "close");
    sendJson(response, status, { type: "about:blank", title: code, status, code, detail }, "application/problem+json");
    if (unread) response.once("finish", () => request.destroy());
    else request.resume();
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
}

export function sendJson(response: ServerResponse, status: number, body: unknown, type = "application/json"): void {
  const bytes = Buffer.from(JSON.stringify(body), "utf8");
  response.writeHead(status, { "content-type": type, "content-length": bytes.length });
  response.end(bytes);
}
