/** One value of the distinguished encoding rules (X.690), as much as reading a certificate's fields takes. */
export interface DerValue {
  readonly tag: number;
  readonly content: Uint8Array;
}

export class DerError extends Error {
  override readonly name = "DerError";
}

export const Tag = {
  INTEGER: 0x02,
  OCTET_STRING: 0x04,
  OBJECT_IDENTIFIER: 0x06,
  UTC_TIME: 0x17,
  GENERALIZED_TIME: 0x18,
  SEQUENCE: 0x30,
  SET: 0x31,
} as const;

/** The values that stand one after the other in the bytes. @throws DerError */
export function readDer(bytes: Uint8Array): DerValue[] {
  const values: DerValue[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at];
    const { length, start } = readLength(bytes, at + 1);
    const end = start + length;
    if (tag === undefined || (tag & 0x1f) === 0x1f || end > bytes.length) throw new DerError("a value is cut short");
    values.push({ tag, content: bytes.subarray(start, end) });
    at = end;
  }
  return values;
}

/** Lengths are definite and minimal, so that one value has one form. */
function readLength(bytes: Uint8Array, at: number): { readonly length: number; readonly start: number } {
  const first = bytes[at];
  if (first === undefined) throw new DerError("a length is missing");
  if (first < 0x80) return { length: first, start: at + 1 };
  const count = first & 0x7f;
  if (count === 0 || count > 4 || at + 1 + count > bytes.length) throw new DerError("a length cannot be read");
  const length = bytes.subarray(at + 1, at + 1 + count).reduce((value, byte) => value * 256 + byte, 0);
  if (length < 0x80 || length < 256 ** (count - 1)) throw new DerError("a length is not minimal");
  return { length, start: at + 1 + count };
}

/** The dotted form of an object identifier. */
export function objectIdentifier({ content }: DerValue): string {
  const parts: number[] = [];
  let part = 0;
  for (const byte of content) {
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
