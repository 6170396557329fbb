import { ProtocolError } from "../errors.js";

const BEGIN = "-----BEGIN ";
const END = "\n-----END ";
const DASHES = "-----";

/**
 * The bytes of the first PEM block; what stands before and after it does not count, as in Go (encoding/pem). Takes time in proportion to
 * the length, whatever an endorsement puts in the place of a certificate.
 * @throws ProtocolError MALFORMED when there is none.
 */
export function decodePem(pem: Uint8Array | string): Uint8Array {
  const text = typeof pem === "string" ? pem : Buffer.from(pem.buffer, pem.byteOffset, pem.length).toString("latin1");
  let end = -1;
  for (let at = nextBegin(text, 0); at >= 0; at = nextBegin(text, at)) {
    const first = line(text, at);
    at = first.next;
    if (!first.content.endsWith(DASHES)) continue;
    const label = first.content.slice(0, -DASHES.length);
    at = skipHeaders(text, at);
    // An empty block's end follows at once; otherwise its line break is part of what is looked for.
    if (end < at - 1) end = text.indexOf(END, at - 1);
    if (end < 0) break;
    if (!text.startsWith(`${label}${DASHES}`, end + END.length)) continue;
    if (line(text, end + END.length + label.length + DASHES.length).content !== "") continue;
    const dash = text.indexOf("-", at);
    if (dash >= 0 && dash < end) continue;
    const bytes = decodeBase64(text.slice(at, end));
    if (bytes !== undefined) return bytes;
  }
  throw new ProtocolError("MALFORMED", "there is no PEM block");
}

/** Where the text after the next beginning of a block starts: at the very start or after a line break. */
function nextBegin(text: string, at: number): number {
  if (at === 0 && text.startsWith(BEGIN)) return BEGIN.length;
  const found = text.indexOf(`\n${BEGIN}`, at === 0 ? 0 : at - 1);
  return found < 0 ? -1 : found + 1 + BEGIN.length;
}

/** The line at a position, without trailing white space, and where the next one begins. */
function line(text: string, at: number): { readonly content: string; readonly next: number } {
  const found = text.indexOf("\n", at);
  const end = found < 0 ? text.length : found;
  return { content: text.slice(at, end).trimEnd(), next: found < 0 ? end : end + 1 };
}

function skipHeaders(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const { content, next } = line(text, at);
    if (!content.includes(":")) break;
    at = next;
  }
  return at;
}

function decodeBase64(text: string): Uint8Array | undefined {
  const packed = text.replaceAll(/[ \t\r\n]+/g, "");
  if (packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) return undefined;
  return new Uint8Array(Buffer.from(packed, "base64"));
}

/** PEM with lines of 64 characters, as Go and OpenSSL write it. */
export function encodePem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
