/** Distinguished encoding rules, as much of them as certificates, revocation lists, signatures and block headers need. */
import { concatBytes } from "../bytes.js";
import { ProtocolError } from "../errors.js";

export const Tag = {
  BOOLEAN: 0x01,
  INTEGER: 0x02,
  BIT_STRING: 0x03,
  OCTET_STRING: 0x04,
  OBJECT_IDENTIFIER: 0x06,
  UTC_TIME: 0x17,
  GENERALIZED_TIME: 0x18,
  BMP_STRING: 0x1e,
  SEQUENCE: 0x30,
  SET: 0x31,
} as const;

export interface DerValue {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Tag, length and content. */
  readonly raw: Uint8Array;
}

const malformed = (what: string): ProtocolError => new ProtocolError("MALFORMED", `malformed DER: ${what}`);

/** Reads one value after the other; lengths must be minimal, as Go demands. */
export class DerReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** The next value, of the given tag if one is given. */
  next(expected?: number): DerValue {
    const start = this.#at;
    const tag = this.#byte();
    if ((tag & 0x1f) === 0x1f) throw malformed("tag of more than one byte");
    if (expected !== undefined && tag !== expected) throw malformed(`tag ${tag} where ${expected} is expected`);
    const length = this.#length();
    if (length > this.#bytes.length - this.#at) throw malformed("length beyond the end");
    const content = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return { tag, content, raw: this.#bytes.subarray(start, this.#at) };
  }

  /** The next value if it has this tag. */
  optional(tag: number): DerValue | undefined {
    return this.#bytes[this.#at] === tag && !this.done ? this.next(tag) : undefined;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw malformed("cut short");
    return byte;
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count === 0 || count > 4) throw malformed("length form");
    let length = 0;
    for (let index = 0; index < count; index++) length = length * 256 + this.#byte();
    if (length < 0x80 || (count > 1 && length < 256 ** (count - 1))) throw malformed("length is not minimal");
    return length;
  }
}

/** An INTEGER's value; its encoding must be minimal. */
export function derInteger(value: DerValue): bigint {
  const content = integerBytes(value);
  const [first = 0] = content;
  const magnitude = BigInt(`0x${Buffer.from(content).toString("hex")}`);
  return first < 0x80 ? magnitude : magnitude - (1n << BigInt(8 * content.length));
}

/** The bytes of an INTEGER above zero, none in front that says nothing; undefined: it is zero or below. Must be minimal. */
export function positiveBytes(value: DerValue): Uint8Array | undefined {
  const content = integerBytes(value);
  const first = content[0] as number;
  if (first !== 0) return first < 0x80 ? content : undefined;
  return content.length > 1 ? content.subarray(1) : undefined;
}

/** Two's complement. */
function integerBytes({ tag, content }: DerValue): Uint8Array {
  if (tag !== Tag.INTEGER || content.length === 0) throw malformed("integer");
  const first = content[0] as number;
  const second = content[1] ?? 0;
  if (content.length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    throw malformed("integer is not minimal");
  }
  return content;
}

/** The dotted form of an OBJECT IDENTIFIER. */
export function derObjectIdentifier(value: DerValue): string {
  if (value.tag !== Tag.OBJECT_IDENTIFIER || value.content.length === 0) throw malformed("object identifier");
  const parts: number[] = [];
  let part = 0;
  for (const byte of value.content) {
    part = part * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      parts.push(part);
      part = 0;
    }
  }
  const [head = 0, ...rest] = parts;
  const root = Math.min(2, Math.floor(head / 40));
  return [root, head - 40 * root, ...rest].join(".");
}

/** The bytes of a BIT STRING that holds whole bytes. */
export function derBitString(value: DerValue): Uint8Array {
  if (value.tag !== Tag.BIT_STRING || value.content.length === 0 || (value.content[0] ?? 0) > 7)
    throw malformed("bit string");
  return value.content.subarray(1);
}

export function encodeDer(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(...contents);
  return concatBytes(Uint8Array.of(tag), encodeLength(content.length), content);
}

/** An INTEGER that is not negative. */
export function encodeUnsigned(value: bigint): Uint8Array {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return encodeDer(Tag.INTEGER, (bytes[0] ?? 0) >= 0x80 ? concatBytes(Uint8Array.of(0), bytes) : bytes);
}

function encodeLength(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.of(0x80 | bytes.length, ...bytes);
}
