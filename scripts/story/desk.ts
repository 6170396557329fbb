import { randomUUID } from "node:crypto";
import type { Place } from "./narrator.js";

/** An act that counted, as a node answers it. */
export interface Filed extends Place {
  readonly noun: string;
  readonly case: string;
  readonly number: number;
  readonly time: string;
  readonly state: { readonly status: string } & { readonly [name: string]: unknown };
}

/** What a node answers where it does not do what it was asked for. */
export class Refusal extends Error {
  readonly code: string;

  constructor(code: string, detail: string) {
    super(`${code}: ${detail}`);
    this.name = "Refusal";
    this.code = code;
  }
}

export interface Credentials {
  readonly officer: string;
  readonly passphrase: string;
}

/** An officer at the own department's node: everything goes through the node's API, as for anybody else. */
export class Desk {
  private constructor(
    readonly node: string,
    readonly officer: string,
    readonly token: string,
  ) {}

  /** @throws Refusal when the node does not know the officer or the passphrase is wrong */
  static async logIn(node: string, { officer, passphrase }: Credentials): Promise<Desk> {
    const answer = await send(`${node}/api/v1/sessions`, "POST", { officer, passphrase }, {});
    return new Desk(node, officer, (answer as { token: string }).token);
  }

  /** Files a command at a route of the API, such as `objections/ID/accept`, and waits until the ledger has counted it. */
  async file(route: string, body: unknown = {}): Promise<Filed> {
    const answer = await this.#send(route, "POST", body, { "Idempotency-Key": randomUUID() });
    const { act } = answer as { act?: Filed };
    if (act === undefined) throw new Refusal("FATE_OPEN", `the node could not tell in time what became of ${route}`);
    return act;
  }

  /** The code with which a command is refused. @throws Error if it is not refused */
  async refusal(route: string, body: unknown = {}): Promise<Refusal> {
    try {
      await this.file(route, body);
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
    throw new Error(`${route} was accepted, against the rules`);
  }

  get<T>(route: string): Promise<T> {
    return this.#send(route, "GET", undefined, {}) as Promise<T>;
  }

  /** Marks, which are the node's own and not on the ledger. */
  async mark(route: string, body: unknown): Promise<void> {
    await this.#send(route, "POST", body, {});
  }

  #send(route: string, method: string, body: unknown, headers: Record<string, string>): Promise<unknown> {
    return send(`${this.node}/api/v1/${route}`, method, body, { ...headers, Authorization: `Bearer ${this.token}` });
  }
}

async function send(url: string, method: string, body: unknown, headers: Record<string, string>): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer: unknown = text === "" ? undefined : JSON.parse(text);
  if (response.ok) return answer;
  const { code, detail } = answer as { code: string; detail: string };
  throw new Refusal(code, detail);
}
