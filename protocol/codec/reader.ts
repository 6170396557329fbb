import { ProtocolError } from "../errors.js";

/** Protobuf wire types (https://protobuf.dev/programming-guides/encoding). */
export const WireType = { VARINT: 0, I64: 1, LEN: 2, START_GROUP: 3, END_GROUP: 4, I32: 5 } as const;

/** Go's protowire.MaxValidNumber. */
const MAX_FIELD_NUMBER = 0x1fffffff;

/** Groups inside groups: see the limit on messages in codec.ts. */
const MAX_GROUP_DEPTH = 1000;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const malformed = (what: string): ProtocolError => new ProtocolError("MALFORMED", `malformed protobuf: ${what}`);

/** Reads protobuf's primitives with the checks that Go's decoder makes. Byte strings are views of the input. */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;
  /** The two halves of the last varint. */
  #low = 0;
  #high = 0;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  get done(): boolean {
    return this.#at >= this.#end;
  }

  get position(): number {
    return this.#at;
  }

  /** Field number and wire type of the next field. */
  tag(): { number: number; wireType: number } {
    this.#varint();
    const number = this.#high * 0x20000000 + (this.#low >>> 3);
    if (number < 1 || number > MAX_FIELD_NUMBER) throw malformed(`field number ${number}`);
    return { number, wireType: this.#low & 7 };
  }

  uint32(): number {
    this.#varint();
    return this.#low;
  }

  int32(): number {
    this.#varint();
    return this.#low | 0;
  }

  bool(): boolean {
    this.#varint();
    return this.#low !== 0 || this.#high !== 0;
  }

  uint64(): bigint {
    this.#varint();
    return this.#high === 0 ? BigInt(this.#low) : (BigInt(this.#high) << 32n) | BigInt(this.#low);
  }

  int64(): bigint {
    return BigInt.asIntN(64, this.uint64());
  }

  bytes(): Uint8Array {
    const [start, end] = this.#span();
    return this.#bytes.subarray(start, end);
  }

  string(): string {
    const [start, end] = this.#span();
    try {
      return utf8.decode(this.#bytes.subarray(start, end));
    } catch (cause) {
      throw new ProtocolError("MALFORMED", "malformed protobuf: a string is not valid UTF-8", { cause });
    }
  }

  /** A reader of the embedded message that comes next. */
  embedded(): Reader {
    const [start, end] = this.#span();
    return new Reader(this.#bytes, start, end);
  }

  /** Skips the value of a field and returns its bytes as they stand. */
  skip(number: number, wireType: number): Uint8Array {
    const start = this.#at;
    this.#skip(number, wireType, 0);
    return this.#bytes.subarray(start, this.#at);
  }

  #skip(number: number, wireType: number, depth: number): void {
    switch (wireType) {
      case WireType.VARINT:
        this.#varint();
        return;
      case WireType.I64:
        this.#advance(8);
        return;
      case WireType.I32:
        this.#advance(4);
        return;
      case WireType.LEN:
        this.#span();
        return;
      case WireType.START_GROUP:
        if (depth >= MAX_GROUP_DEPTH) throw malformed("groups nested too deeply");
        for (;;) {
          const inner = this.tag();
          if (inner.wireType === WireType.END_GROUP) {
            if (inner.number !== number) throw malformed("mismatching end of group");
            return;
          }
          this.#skip(inner.number, inner.wireType, depth + 1);
        }
      default:
        throw malformed(`wire type ${wireType}`);
    }
  }

  #span(): [number, number] {
    this.#varint();
    const start = this.#at;
    if (this.#high !== 0) throw malformed("length beyond the end");
    this.#advance(this.#low);
    return [start, this.#at];
  }

  #advance(length: number): void {
    if (length > this.#end - this.#at) throw malformed("length beyond the end");
    this.#at += length;
  }

  #varint(): void {
    let low = 0;
    let high = 0;
    for (let index = 0; index < 10; index++) {
      if (this.#at >= this.#end) throw malformed("varint cut short");
      const byte = this.#bytes[this.#at++] ?? 0;
      const bits = byte & 0x7f;
      if (index < 4) low |= bits << (7 * index);
      else if (index === 4) {
        low |= bits << 28;
        high = bits >>> 4;
      } else if (index < 9) high |= bits << (7 * index - 32);
      else {
        if (byte > 1) throw malformed("varint overflows 64 bits");
        high |= bits << 31;
      }
      if (byte < 0x80) {
        this.#low = low >>> 0;
        this.#high = high >>> 0;
        return;
      }
    }
    throw malformed("varint overflows 64 bits");
  }
}
