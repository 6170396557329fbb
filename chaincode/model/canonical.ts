import { LedgerError } from "./errors.js";

/** What canonical JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** No value of ours is nested deeper than ten; input that is must not exhaust the stack. */
const MAX_DEPTH = 32;

/**
 * The one text of a value by RFC 8785 (JSON Canonicalization Scheme): no white space, keys sorted by UTF-16 code
 * units, numbers and strings as ECMAScript writes them. Keys whose value is undefined are left out.
 * @throws LedgerError INVALID_INPUT for what has no such text: NaN, infinities, lone surrogates, functions, undefined, nesting deeper than 32.
 */
export const canonicalJson = (value: unknown): string => write(value, 0);

function write(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) throw new LedgerError("INVALID_INPUT", `a value is nested deeper than ${MAX_DEPTH}`);
  switch (typeof value) {
    case "string":
      return text(value);
    case "number":
      if (!Number.isFinite(value)) throw new LedgerError("INVALID_INPUT", `${value} is not a JSON number`);
      return JSON.stringify(value);
    case "boolean":
      return String(value);
    case "object":
      if (value === null) return "null";
      return Array.isArray(value)
        ? `[${value.map((item) => write(item, depth + 1)).join(",")}]`
        : object(value, depth + 1);
    default:
      throw new LedgerError("INVALID_INPUT", `a ${typeof value} is not a JSON value`);
  }
}

/** A string with half a surrogate pair has no UTF-8 form: RFC 8785 §3.2.2.2 demands an error. */
function text(value: string): string {
  if (!value.isWellFormed()) throw new LedgerError("INVALID_INPUT", "a string holds half a surrogate pair");
  return JSON.stringify(value);
}

function object(value: object, depth: number): string {
  const members = value as { readonly [key: string]: unknown };
  let written = "";
  // Sorted by code units, which is what RFC 8785 demands and `sort` does.
  for (const key of Object.keys(members).sort()) {
    const member = members[key];
    if (member === undefined) continue;
    written += `${written === "" ? "" : ","}${text(key)}:${write(member, depth)}`;
  }
  return `{${written}}`;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const canonicalBytes = (value: unknown): Uint8Array => encoder.encode(canonicalJson(value));

/**
 * Parses bytes that must be canonical to the byte, so that one value has one form on the ledger.
 * `undefined` if they are not (no valid UTF-8, no JSON, duplicate keys, another spelling).
 */
export function parseCanonical(bytes: Uint8Array): unknown {
  try {
    const source = decoder.decode(bytes);
    const value: unknown = JSON.parse(source);
    return isAsWritten(value, source) || canonicalJson(value) === source ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError || error instanceof LedgerError) return undefined;
    throw error;
  }
}

/** How a half of a surrogate pair is spelled in JSON: the one thing that `JSON.stringify` writes and RFC 8785 does not. */
const HALF_PAIR = "\\ud";

/**
 * Whether it is certain that `canonicalJson` gives the source: found without writing it, which takes three times as long.
 * Of keys that look like numbers, which objects put in another order, and of deep nesting it is not.
 */
function isAsWritten(value: unknown, source: string): boolean {
  return !source.includes(HALF_PAIR) && isInOrder(value, 0) && JSON.stringify(value) === source;
}

function isInOrder(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (depth >= MAX_DEPTH) return false;
  if (Array.isArray(value)) return value.every((item) => isInOrder(item, depth + 1));
  const members = value as { readonly [key: string]: unknown };
  let last: string | undefined;
  for (const key in members) {
    if ((last !== undefined && key <= last) || !isInOrder(members[key], depth + 1)) return false;
    last = key;
  }
  return true;
}
