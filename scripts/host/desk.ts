import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { CliError, NodeClient } from "@wanlian/client/cli";
import type { Language } from "@wanlian/protocol/language.js";

/** So long a node may take, after a start, until it has what the ledger has. */
const CATCHING_UP_MS = 60_000;
const LOOK_AGAIN_MS = 200;

/** An act that counted, as a node answers it. */
export interface Filed<S extends object = { readonly [name: string]: unknown }> {
  readonly block: number;
  readonly transactionId: string;
  readonly noun: string;
  readonly case: string;
  readonly number: number;
  readonly time: string;
  readonly state: { readonly status: string } & S;
}

export interface Credentials {
  readonly officer: string;
  readonly passphrase: string;
}

/** What has to come true after an act counted, before the officer goes on. */
export type AfterFiling = (filed: Pick<Filed, "block">) => Promise<void>;

/** An officer at the own department's node: everything goes through the node's API, as for anybody else. */
export class Desk {
  #node: NodeClient;

  private constructor(
    readonly officer: string,
    node: NodeClient,
    private readonly open: () => Promise<NodeClient>,
    private readonly afterFiling: AfterFiling,
  ) {
    this.#node = node;
  }

  /** @throws CliError where the node does not know the officer or the passphrase is wrong */
  static async logIn(
    url: string,
    { officer, passphrase }: Credentials,
    language: Language = "en",
    afterFiling: AfterFiling = async () => undefined,
  ): Promise<Desk> {
    const open = async () => {
      const visitor = new NodeClient({ url, language, token: undefined });
      const token = (await visitor.post("/sessions", { officer, passphrase })).at("token").text;
      return new NodeClient({ url, language, token });
    };
    return new Desk(officer, await open(), open, afterFiling);
  }

  /**
   * Files a command at a route of the API, such as `objections/ID/accept`, and waits until the ledger has counted it.
   * Filed again under the same idempotency key, it is the same filing.
   */
  async file<S extends object = { readonly [name: string]: unknown }>(
    route: string,
    body: unknown = {},
    key: string = randomUUID(),
  ): Promise<Filed<S>> {
    const headers = { "Idempotency-Key": key };
    const answer = await this.#atNode((node) => node.post(`/${route}`, body, headers));
    const { act } = answer.value as { readonly act?: Filed<S> };
    if (act === undefined)
      throw new CliError("OUTCOME_OPEN", {
        zh: `节点未能及时说明 ${route} 的结果。`,
        en: `The node could not tell in time what became of ${route}.`,
      });
    await this.afterFiling(act);
    return act;
  }

  /** The act that a command would become now; nothing is sent. */
  async preview(route: string, body: unknown = {}): Promise<unknown> {
    const headers = { "Idempotency-Key": randomUUID() };
    const answer = await this.#atNode((node) => node.post(`/${route}?preview=true`, body, headers));
    return answer.at("act").value;
  }

  /** The code with which a command is refused. @throws Error if it is not refused */
  async refusal(route: string, body: unknown = {}): Promise<string> {
    try {
      await this.file(route, body);
    } catch (error) {
      const code = refusalCode(error);
      if (code !== undefined) return code;
      throw error;
    }
    throw new Error(`${route} was accepted, against the rules`);
  }

  /** Asks for something that is recorded, but not on the ledger: an access, an audit. */
  async ask<T>(route: string, body: unknown): Promise<T> {
    return (await this.#atNode((node) => node.post(`/${route}`, body))).value as T;
  }

  /** The same, of an answer that comes line by line. */
  async askLines<T>(route: string, body: unknown): Promise<T[]> {
    return await this.#atNode(async (node) => {
      const lines: T[] = [];
      for await (const line of node.lines(`/${route}`, body)) lines.push(line.value as T);
      return lines;
    });
  }

  /** The same, of an answer that comes as lines of text, with their headings first. */
  async askText(route: string, body: unknown): Promise<string[]> {
    return await this.#atNode(async (node) => {
      const text = await new Response(await node.stream(`/${route}`, body)).text();
      return text.split("\n").slice(0, -1);
    });
  }

  /** A file, as it is. */
  async bytes(route: string): Promise<Uint8Array> {
    return await this.#atNode((node) => node.bytes(`/${route}`));
  }

  async get<T>(route: string): Promise<T> {
    return (await this.#atNode((node) => node.get(`/${route}`))).value as T;
  }

  /** Every entry of a list, or of what of it a query asks for. */
  async all<T>(route: string, query: Readonly<Record<string, string>> = {}): Promise<T[]> {
    const entries = await this.#atNode((node) => node.all(`/${route}`, query));
    return entries.map(({ value }) => value as T);
  }

  /** Marks, which are the node's own and not on the ledger. */
  async mark(route: string, body: unknown): Promise<void> {
    await this.#atNode((node) => node.post(`/${route}`, body));
  }

  /**
   * A session ends with its node; the officer logs in again. A node that has just come back, or is a block behind, did
   * nothing and asks to be tried again; the officer does.
   */
  async #atNode<T>(work: (node: NodeClient) => Promise<T>): Promise<T> {
    const deadline = Date.now() + CATCHING_UP_MS;
    for (;;) {
      try {
        return await work(this.#node);
      } catch (error) {
        const code = refusalCode(error);
        if (Date.now() > deadline || (code !== "NOT_READY" && code !== "NOT_LOGGED_IN")) throw error;
        await delay(LOOK_AGAIN_MS);
        if (code === "NOT_LOGGED_IN") this.#node = await this.open();
      }
    }
  }
}

/** The stable code in a node's refusal, or undefined where the error is of another kind. */
export function refusalCode(error: unknown): string | undefined {
  return error instanceof CliError && error.code === "REFUSED" ? error.problemCode : undefined;
}
