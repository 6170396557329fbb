import type { Subject } from "../../access/index.js";
import { ExchangeError, JsonFault, parseStrictJson } from "../../core/index.js";
import type { ColumnBatch } from "../../sheets/index.js";
import { checkExtent, checkHeader, HeldRows } from "./held-rows.js";
import type { Row, Source } from "./source.js";

/** An answer is read whole; what is larger belongs into a file or database. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
const PATIENCE_MS = 30_000;

export interface HttpSourceOptions {
  /** Where in the answer the list of rows is: names of members, with points. */
  readonly rows?: string | undefined;
  /** What the service knows us by. */
  readonly token?: (() => Promise<string>) | undefined;
}

/** What was last answered, and what the service calls that state of its data. */
interface Answer {
  readonly etag: string | undefined;
  readonly rows: HeldRows;
}

/**
 * An HTTP service that answers one address with its data as JSON: a list of objects of texts, numbers and truth values,
 * each as it is written; a member that is missing or null is a missing value. It is asked each time, and follows nowhere:
 * neither its redirects nor addresses in what it says.
 */
export class HttpSource implements Source {
  readonly #url: string;
  readonly #options: HttpSourceOptions;
  #last: Answer | undefined;
  #asking: Promise<HeldRows> | undefined;

  /** @throws ExchangeError SOURCE_MISSING for a token that would go over a network for all to read */
  constructor(url: string, options: HttpSourceOptions = {}) {
    if (options.token !== undefined && !isPrivate(new URL(url))) {
      const what = "the service is known by a token and asked over http, where anybody on the way reads it: use https";
      throw new ExchangeError("SOURCE_MISSING", what);
    }
    this.#url = url;
    this.#options = options;
  }

  async fields(): Promise<readonly string[]> {
    return (await this.#ask()).fields;
  }

  async find(subject: Subject, fields: readonly string[], limit: number): Promise<Row[]> {
    return (await this.#ask()).find(subject, fields, limit);
  }

  async *read(fields: readonly string[]): AsyncGenerator<ColumnBatch> {
    yield* (await this.#ask()).batches(fields);
  }

  /** Whoever asks while an answer is on its way shares it: so many copies of it would fit in no memory. */
  async #ask(): Promise<HeldRows> {
    this.#asking ??= this.#fetch().finally(() => {
      this.#asking = undefined;
    });
    return await this.#asking;
  }

  async #fetch(): Promise<HeldRows> {
    const last = this.#last;
    const token = await this.#options.token?.();
    const response = await fetch(this.#url, {
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE_MS),
      headers: {
        Accept: "application/json",
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(last?.etag === undefined ? {} : { "If-None-Match": last.etag }),
      },
    }).catch((cause: unknown) => {
      throw new ExchangeError("SOURCE_MISSING", "the source's service does not answer", { cause });
    });
    if (response.status === 304 && last !== undefined) return last.rows;
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new ExchangeError("SOURCE_MISSING", `the source's service answered ${response.status} in place of data`);
    }
    const rows = rowsIn(await bytesOf(response), this.#options.rows);
    this.#last = { etag: response.headers.get("etag") ?? undefined, rows };
    return rows;
  }
}

const OWN_MACHINE = ["localhost", "127.0.0.1", "[::1]"];

const isPrivate = ({ protocol, hostname }: URL): boolean => protocol === "https:" || OWN_MACHINE.includes(hostname);

async function bytesOf(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of response.body ?? []) {
      length += chunk.length;
      if (length > MAX_ANSWER_BYTES)
        throw new ExchangeError("SOURCE_TOO_LARGE", `the service answers with over ${MAX_ANSWER_BYTES} bytes`);
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof ExchangeError) throw cause;
    throw new ExchangeError("SOURCE_MISSING", "the source's service broke off its answer", { cause });
  }
  return Buffer.concat(chunks);
}

/** @throws ExchangeError SOURCE_MALFORMED, naming the row */
function rowsIn(bytes: Uint8Array, place: string | undefined): HeldRows {
  const list = place === undefined ? jsonIn(bytes) : place.split(".").reduce(memberOf, jsonIn(bytes));
  if (!Array.isArray(list))
    throw new ExchangeError("SOURCE_MALFORMED", `the service's answer has no list ${place ?? "of rows"}`);
  const fields = new Set<string>();
  const rows = list.map((row: unknown, at) => {
    if (typeof row !== "object" || row === null || Array.isArray(row)) throw noRow(at, "is no object");
    const values = new Map(Object.entries(row));
    for (const [name, value] of values) {
      fields.add(name);
      if (value !== null && typeof value !== "string") throw noRow(at, `has in "${name}" more than one value`);
    }
    return values as ReadonlyMap<string, string | null>;
  });
  checkExtent(rows.length, fields.size);
  checkHeader([...fields]);
  return new HeldRows(
    [...fields],
    [...fields].map((field) => rows.map((row) => row.get(field) ?? null)),
  );
}

const noRow = (at: number, what: string) =>
  new ExchangeError("SOURCE_MALFORMED", `row ${at + 1} of the service's answer ${what}`);

function jsonIn(bytes: Uint8Array): unknown {
  try {
    // Numbers as they are written: as numbers they would lose digits.
    return parseStrictJson(bytes, (token) => (token === "null" ? null : token));
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause;
    throw new ExchangeError("SOURCE_MALFORMED", `the service's answer is not JSON: ${cause.message}`, { cause });
  }
}

function memberOf(value: unknown, name: string): unknown {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}
