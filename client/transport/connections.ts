import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import type { PeerCertificate } from "node:tls";
import { checkServerIdentity } from "node:tls";
import { LedgerError } from "@wanlian/model/errors.js";
import type { MspId } from "@wanlian/model/identifiers.js";
import { ExchangeError } from "../core/index.js";
import { carried, traced } from "../traces/index.js";
import type { DepartmentTls } from "./department-tls.js";
import type { TlsMaterial } from "./gateway.js";
import { MAX_BODY_BYTES, readJson } from "./http-body.js";

const MAX_SOCKETS = 64;
/** Nothing at all for so long is an end. */
const TIMEOUT_MS = 60_000;
/** Whoever sends a byte now and then never falls silent: a whole answer that is no stream ends in so long, or is none. */
const WHOLE_MS = 300_000;

/** What an answer may take. */
export interface AnswerBounds {
  /** Bytes. */
  readonly most: number;
  readonly withinMs: number;
}

/** Mutual TLS to the exchange gateways of other departments' nodes; connections are kept and used again. */
export class DepartmentConnections {
  readonly #tls: DepartmentTls;
  readonly #material: TlsMaterial;
  readonly #addresses: ReadonlyMap<string, string>;
  readonly #agents = new Map<string, Agent>();
  /** Of authorities that have changed since; there are as many as there were changes. */
  readonly #retired = new Set<Agent>();
  #authorities: string | undefined;

  /** @param addresses `host:port` of each department's gateway */
  constructor(tls: DepartmentTls, material: TlsMaterial, addresses: ReadonlyMap<string, string>) {
    this.#tls = tls;
    this.#material = material;
    this.#addresses = addresses;
  }

  get departments(): readonly string[] {
    return [...this.#addresses.keys()];
  }

  /**
   * @param bounds what the answer can have there
   * @throws ExchangeError UNREACHABLE, BROKEN_OFF; those of the other side's problem documents; BAD_ANSWER: it has more
   * bytes, or is not JSON
   */
  async json(
    to: MspId,
    path: string,
    body: unknown,
    { most = MAX_BODY_BYTES, withinMs = WHOLE_MS }: Partial<AnswerBounds> = {},
  ): Promise<unknown> {
    const request = Buffer.from(JSON.stringify(body), "utf8");
    const answer = await this.#send(to, "POST", path, request, AbortSignal.timeout(withinMs));
    try {
      return await readJson(answer, most);
    } catch (cause) {
      if (!(cause instanceof LedgerError)) throw brokenOff(to, cause);
      throw new ExchangeError("BAD_ANSWER", `${to}: ${cause.message}`, { cause });
    }
  }

  /** The whole answer, where it has no more bytes than that and is there in time. @throws ExchangeError as `json` */
  async bytes(to: MspId, path: string, body: unknown, { most, withinMs }: AnswerBounds): Promise<Buffer> {
    const request = Buffer.from(JSON.stringify(body), "utf8");
    return await wholeOf(to, await this.#send(to, "POST", path, request, AbortSignal.timeout(withinMs)), most);
  }

  /** What is then read may end too early: see {@link brokenOff}. @throws ExchangeError as `json` */
  async post(to: MspId, path: string, body: unknown): Promise<IncomingMessage> {
    return await this.#send(to, "POST", path, Buffer.from(JSON.stringify(body), "utf8"));
  }

  /**
   * Undefined if there is nothing at the path.
   * @param most bytes that there can be
   * @throws ExchangeError as `json`; BAD_ANSWER: there are more
   */
  async get(to: MspId, path: string, most: number): Promise<Buffer | undefined> {
    const answer = await this.#send(to, "GET", path, undefined, AbortSignal.timeout(TIMEOUT_MS)).catch((error) => {
      if (error instanceof ExchangeError && error.details.status === 404) return undefined;
      throw error;
    });
    return answer && (await wholeOf(to, answer, most));
  }

  /** The channel's configuration changed: new connections go by the authorities that it names now; calls under way go on. */
  refresh(): void {
    const authorities = this.#tls.authorities().join("");
    if (authorities === this.#authorities) return;
    this.#authorities = authorities;
    for (const agent of this.#agents.values()) {
      // What is idle is closed at once, what is under way when it is through.
      agent.maxFreeSockets = 0;
      for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
      this.#retired.add(agent);
    }
    this.#agents.clear();
  }

  close(): void {
    for (const agent of [...this.#agents.values(), ...this.#retired]) agent.destroy();
  }

  async #send(
    to: MspId,
    method: string,
    path: string,
    body: Buffer | undefined,
    signal?: AbortSignal,
  ): Promise<IncomingMessage> {
    const address = this.#addresses.get(to);
    if (address === undefined) throw new ExchangeError("UNREACHABLE", `no address is configured for ${to}`);
    return await traced("ask", { of: `${method} ${routeOf(path)}`, department: to }, () =>
      this.#ask(to, address, method, path, body, signal),
    );
  }

  async #ask(
    to: MspId,
    address: string,
    method: string,
    path: string,
    body: Buffer | undefined,
    signal?: AbortSignal,
  ): Promise<IncomingMessage> {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const content = body === undefined ? {} : { "content-type": "application/json", "content-length": body.length };
      const headers = { ...content, ...carried() };
      const outgoing = request(
        `https://${address}${path}`,
        { method, agent: this.#agent(to), headers, ...(signal && { signal }) },
        resolve,
      );
      outgoing.setTimeout(TIMEOUT_MS, () => outgoing.destroy(new Error(`no answer in ${TIMEOUT_MS} ms`)));
      outgoing.once("error", reject);
      outgoing.end(body);
    }).catch((cause: Error) => {
      throw new ExchangeError("UNREACHABLE", `${to} at ${address}: ${cause.message}`, { cause });
    });
    if (answer.statusCode === 200) return answer;
    throw await problemOf(to, answer);
  }

  #agent(to: MspId): Agent {
    const known = this.#agents.get(to);
    if (known !== undefined) return known;
    const agent = new Agent({
      ...this.#material,
      ca: this.#tls.authorities(),
      minVersion: "TLSv1.3",
      keepAlive: true,
      maxSockets: MAX_SOCKETS,
      // Before anything is sent: what is looked up is nobody else's business.
      checkServerIdentity: (host: string, certificate: PeerCertificate) =>
        this.#tls.departmentOf(certificate.raw) === to
          ? checkServerIdentity(host, certificate)
          : new Error(`the certificate is not one of ${to}`),
    });
    this.#agents.set(to, agent);
    return agent;
  }
}

/** What is asked for, without which one: `/log/tile/0/x001` is asked for as `/log`, an exchange's route whole. */
const routeOf = (path: string): string => /^\/(exchange\/v1\/)?[a-z-]+/.exec(path)?.[0] ?? "/";

/** @throws ExchangeError BAD_ANSWER, BROKEN_OFF */
async function wholeOf(to: MspId, answer: IncomingMessage, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of answer) {
      length += (chunk as Buffer).length;
      if (length > most) throw new ExchangeError("BAD_ANSWER", `${to} answers with more than ${most} bytes`);
      chunks.push(chunk as Buffer);
    }
  } catch (cause) {
    if (cause instanceof ExchangeError) throw cause;
    throw new ExchangeError("BROKEN_OFF", `${to} ended its answer before the end, or took too long`, { cause });
  }
  return Buffer.concat(chunks);
}

/** What it means that reading an answer failed: its connection may have been lost in the middle. */
export function brokenOff(to: MspId, cause: unknown): unknown {
  const lost = cause instanceof Error && "code" in cause && (cause.code === "ECONNRESET" || cause.code === "ABORT_ERR");
  return lost
    ? new ExchangeError("BROKEN_OFF", `${to} ended its answer before the end, or took too long`, { cause })
    : cause;
}

const REFUSALS = ["BAD_SIGNATURE", "WRONG_DEPARTMENT", "NOT_READY"] as const;

async function problemOf(to: MspId, answer: IncomingMessage): Promise<ExchangeError> {
  const problem = await readJson(answer).catch(() => ({}));
  const { code, detail } = { code: "", detail: "", ...(problem as { code?: unknown; detail?: unknown }) };
  const known = REFUSALS.find((refusal) => refusal === code) ?? "BAD_ANSWER";
  return new ExchangeError(known, `${to}: ${String(code)}: ${String(detail)}`, {
    details: { status: answer.statusCode, code },
  });
}
