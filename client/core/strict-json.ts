import { strictText } from "@wanlian/protocol/bytes.js";

/** Nothing that people hand in is nested deeper than ten; what is must not exhaust the stack. */
const MAX_DEPTH = 64;
/** A look-up of a thousand rows of five hundred fields has fewer; an empty list takes two bytes to send, and forty to hold. */
const MAX_VALUES = 600_000;

/** What is wrong with a text that has to be JSON, and where. */
export class JsonFault extends Error {
  override readonly name = "JsonFault";
}

/**
 * JSON (RFC 8259) as a person or a program hands it in, where nothing may be lost or read in two ways: the bytes are UTF-8, no
 * member stands twice, no text holds NUL (which PostgreSQL cannot hold) or half a surrogate pair.
 * @param plain reads a number, true, false or null as it is written
 * @throws JsonFault
 */
export function parseStrictJson(bytes: Uint8Array, plain: (token: string) => unknown = JSON.parse): unknown {
  const text = strictText(bytes);
  if (text === undefined) throw new JsonFault("it is not UTF-8");
  return new Reader(text, plain).whole();
}

const SPACE = /[ \t\n\r]*/y;
const PLAIN = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y;

class Reader {
  readonly #text: string;
  readonly #plain: (token: string) => unknown;
  #at = 0;
  #values = 0;

  constructor(text: string, plain: (token: string) => unknown) {
    this.#text = text;
    this.#plain = plain;
  }

  whole(): unknown {
    const value = this.#value(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#fault("something follows the value");
    return value;
  }

  #value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw this.#fault(`it is nested deeper than ${MAX_DEPTH}`);
    this.#values += 1;
    if (this.#values > MAX_VALUES) throw this.#fault(`it has more than ${MAX_VALUES} values`);
    this.#skipSpace();
    switch (this.#text[this.#at]) {
      case "{":
        return this.#object(depth);
      case "[":
        return this.#array(depth);
      case '"':
        return this.#string();
      default:
        return this.#plain(this.#token(PLAIN, "a value"));
    }
  }

  #object(depth: number): unknown {
    const members: [string, unknown][] = [];
    const known = new Set<string>();
    this.#at += 1;
    if (this.#takes("}")) return {};
    do {
      this.#skipSpace();
      const name = this.#string();
      if (known.has(name)) throw this.#fault(`the member ${JSON.stringify(name)} stands twice`);
      known.add(name);
      if (!this.#takes(":")) throw this.#fault('":" is missing');
      members.push([name, this.#value(depth + 1)]);
    } while (this.#takes(","));
    if (!this.#takes("}")) throw this.#fault('"}" is missing');
    // Not by assignment: `__proto__` is a member like any other.
    return Object.fromEntries(members);
  }

  #array(depth: number): unknown {
    const items: unknown[] = [];
    this.#at += 1;
    if (this.#takes("]")) return items;
    do items.push(this.#value(depth + 1));
    while (this.#takes(","));
    if (!this.#takes("]")) throw this.#fault('"]" is missing');
    return items;
  }

  #string(): string {
    const token = this.#quoted();
    let value: unknown;
    try {
      value = JSON.parse(token);
    } catch (cause) {
      throw this.#fault("a text holds an escape that means nothing, or a control character", cause);
    }
    const text = String(value);
    if (text.includes("\0")) throw this.#fault("a text holds NUL");
    if (!text.isWellFormed()) throw this.#fault("a text holds half a surrogate pair");
    return text;
  }

  /** By the next quotation mark that is not escaped: a pattern would take its stack from texts of some megabytes. */
  #quoted(): string {
    if (this.#text[this.#at] !== '"') throw this.#fault("a text is expected");
    let end = this.#at;
    do {
      end = this.#text.indexOf('"', end + 1);
      if (end < 0) throw this.#fault("a text does not end");
    } while (this.#isEscaped(end));
    const token = this.#text.slice(this.#at, end + 1);
    this.#at = end + 1;
    return token;
  }

  #isEscaped(at: number): boolean {
    let before = at;
    while (this.#text[before - 1] === "\\") before -= 1;
    return (at - before) % 2 === 1;
  }

  #token(pattern: RegExp, what: string): string {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found === undefined) throw this.#fault(`${what} is expected`);
    this.#at += found.length;
    return found;
  }

  #takes(sign: string): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== sign) return false;
    this.#at += 1;
    return true;
  }

  #skipSpace(): void {
    SPACE.lastIndex = this.#at;
    SPACE.exec(this.#text);
    this.#at = SPACE.lastIndex;
  }

  #fault(what: string, cause?: unknown): JsonFault {
    return new JsonFault(`character ${this.#at + 1}: ${what}`, cause === undefined ? undefined : { cause });
  }
}
