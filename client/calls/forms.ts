import { JsonFault, parseStrictJson } from "../core/index.js";
import { CallFault } from "./call-fault.js";
import type { RawCall } from "./mapping.js";

/** Of one record: the members of the widest known platform take a twentieth. */
export const MAX_RECORD_BYTES = 16 * 1024;
const MAX_MEMBERS = 200;

/** In what bytes files of calls are written. */
export type CallEncoding = "utf-8" | "gb18030";

/** @throws CallFault NOT_TEXT: bytes that are not of the encoding, or control characters among them */
export function textOf(bytes: Uint8Array, encoding: CallEncoding): string {
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new CallFault("NOT_TEXT", `the record is not ${encoding.toUpperCase()}`);
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(text))
    throw new CallFault("NOT_TEXT", "the record has control characters");
  return text;
}

/** One JSON object a record. @throws CallFault MALFORMED */
export function rawOfJson(value: unknown): RawCall {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new CallFault("MALFORMED", "the record is no JSON object");
  }
  const members = Object.entries(value);
  if (members.length > MAX_MEMBERS) throw new CallFault("MALFORMED", `the record has more than ${MAX_MEMBERS} members`);
  const raw = new Map<string, string>();
  for (const [name, member] of members) {
    const text = textOfMember(member);
    if (text !== undefined) raw.set(name, text);
  }
  return raw;
}

function textOfMember(member: unknown): string | undefined {
  if (typeof member === "string") return member;
  if (typeof member === "number" || typeof member === "boolean") return String(member);
  // Lists are of fields; what else is nested is not asked for.
  return Array.isArray(member) && member.every((one) => typeof one === "string") ? member.join(",") : undefined;
}

/** @throws CallFault MALFORMED */
export function parseJsonRecord(text: string): RawCall {
  try {
    return rawOfJson(parseStrictJson(Buffer.from(text, "utf8")));
  } catch (cause) {
    if (cause instanceof JsonFault) throw new CallFault("MALFORMED", cause.message);
    throw cause;
  }
}

/** A line of CSV by its headings. @throws CallFault MALFORMED */
export function parseCsvRecord(headings: readonly string[], line: string): RawCall {
  const cells = splitCsv(line);
  if (cells.length !== headings.length) {
    throw new CallFault("MALFORMED", `the record has ${cells.length} values under ${headings.length} headings`);
  }
  return new Map(headings.map((heading, at) => [heading, cells[at] ?? ""]));
}

/** RFC 4180, one record on one line. @throws CallFault MALFORMED */
export function splitCsv(line: string): string[] {
  const cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (let at = 0; at <= line.length; at = cell.lastIndex) {
    cell.lastIndex = at;
    const [, quoted, plain = "", end] = cell.exec(line) ?? [];
    if (end === undefined)
      throw new CallFault("MALFORMED", `a quotation mark out of place behind value ${cells.length}`);
    cells.push(quoted?.replaceAll('""', '"') ?? plain);
    if (cells.length > MAX_MEMBERS) throw new CallFault("MALFORMED", `more than ${MAX_MEMBERS} values`);
    if (end === "") return cells;
  }
  return [...cells, ""];
}
