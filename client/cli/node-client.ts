import type { Language } from "@wanlian/protocol/language.js";
import { API_ROOT } from "../api-document/index.js";
import { CliError } from "./errors.js";
import { Json } from "./json.js";

export interface NodeAddress {
  /** `http://127.0.0.1:8080`, without the API's path. */
  readonly url: string;
  readonly token: string | undefined;
  readonly language: Language;
}

/** A list of a million acts is for a program that pages by itself. */
const MAX_PAGES = 1000;

/** A node's API over HTTP. */
export class NodeClient {
  readonly #address: NodeAddress;

  constructor(address: NodeAddress) {
    this.#address = address;
  }

  /** @param signal gives up waiting */
  get(path: string, query: Readonly<Record<string, string | undefined>> = {}, signal?: AbortSignal): Promise<Json> {
    return this.#call("GET", withQuery(path, query), {}, undefined, signal);
  }

  /** Every page of a list, or as many entries as wanted. */
  async all(path: string, query: Readonly<Record<string, string | undefined>>, wanted = Infinity): Promise<Json[]> {
    const items: Json[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MAX_PAGES && items.length < wanted; page++) {
      const limit = String(Math.min(500, wanted - items.length));
      const answer = await this.get(path, { ...query, limit, cursor });
      items.push(...answer.at("items").items);
      cursor = answer.at("next").string;
      if (cursor === undefined) break;
    }
    return items;
  }

  post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Json> {
    return this.#call("POST", path, { ...headers, "Content-Type": "application/json" }, JSON.stringify(body));
  }

  /** A file of text, as it is. */
  async file(path: string, query: Readonly<Record<string, string | undefined>> = {}): Promise<string> {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await this.bytes(path, query));
  }

  /** A file, as it is. */
  async bytes(path: string, query: Readonly<Record<string, string | undefined>> = {}): Promise<Uint8Array> {
    const response = await this.#fetch("GET", withQuery(path, query), {});
    if (!response.ok) throw refused(new Json(parse(await response.text(), this.#address.url)));
    return new Uint8Array(await response.arrayBuffer());
  }

  /** What comes back as bytes; reading it fails where the node broke off. */
  async stream(path: string, body: unknown): Promise<ReadableStream<Uint8Array>> {
    const response = await this.#fetch("POST", path, { "Content-Type": "application/json" }, JSON.stringify(body));
    if (!response.ok || response.body === null) throw refused(new Json(await response.json()));
    return response.body;
  }

  /** An answer line by line, each a value of its own; reading it fails where the node broke off. */
  async *lines(path: string, body: unknown): AsyncGenerator<Json> {
    const decoder = new TextDecoder();
    let text = "";
    for await (const chunk of await this.stream(path, body)) {
      text += decoder.decode(chunk, { stream: true });
      const whole = text.split("\n");
      text = whole.pop() ?? "";
      for (const line of whole) yield new Json(JSON.parse(line));
    }
  }

  delete(path: string): Promise<Json> {
    return this.#call("DELETE", path, {});
  }

  /** The events' frames as they come, until the node or the signal ends it. */
  async *events(after: string | undefined, signal: AbortSignal): AsyncGenerator<Json> {
    const headers = { Accept: "text/event-stream", ...(after === undefined ? {} : { "Last-Event-ID": after }) };
    const response = await this.#fetch("GET", "/events", headers, undefined, signal);
    if (!response.ok) throw refused(new Json(await response.json()));
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        const data = text
          .slice(0, end)
          .split("\n")
          .find((line) => line.startsWith("data: "));
        text = text.slice(end + 2);
        if (data !== undefined) yield new Json(JSON.parse(data.slice("data: ".length)));
      }
    }
  }

  async #call(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: string,
    signal?: AbortSignal,
  ): Promise<Json> {
    const response = await this.#fetch(method, path, headers, body, signal);
    const text = await response.text();
    const answer = new Json(text === "" ? undefined : parse(text, this.#address.url));
    if (!response.ok) throw refused(answer);
    return answer;
  }

  async #fetch(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body?: string,
    signal?: AbortSignal,
  ): Promise<Response> {
    const { url, token, language } = this.#address;
    try {
      return await fetch(`${url}${API_ROOT}${path}`, {
        method,
        redirect: "error",
        headers: {
          "Accept-Language": language,
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { body }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (cause) {
      throw new CliError("UNREACHABLE", { zh: `${url} 没有节点应答。`, en: `No node answers at ${url}.` }, { cause });
    }
  }
}

function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

function parse(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CliError(
      "UNREACHABLE",
      { zh: `${url} 的应答者不是部门节点。`, en: `What answers at ${url} is no department's node.` },
      { cause },
    );
  }
}

/** The node has said it in the language that it was asked in. */
function refused(problem: Json): CliError {
  const [code, title, detail] = [problem.at("code").text, problem.at("title").text, problem.at("detail").text];
  const message = detail === title || detail === "" ? `${code}: ${title}` : `${code}: ${title} (${detail})`;
  return new CliError("REFUSED", { zh: message, en: message }, { details: { problem: problem.value } });
}
