import { text } from "../bytes.js";
import { ProtocolError } from "../errors.js";

const BLOCK = /(?:^|\n)-----BEGIN ([^\n-]*)-----[ \t\r]*\n(?:[^\n:]*:[^\n]*\n)*([A-Za-z0-9+/=\s]*?)-----END \1-----/;

/**
 * The bytes of the first PEM block; what stands before and after it does not count, as in Go.
 * @throws ProtocolError MALFORMED when there is none.
 */
export function decodePem(pem: Uint8Array | string): Uint8Array {
  const match = BLOCK.exec(typeof pem === "string" ? pem : text(pem));
  if (match === null) throw new ProtocolError("MALFORMED", "there is no PEM block");
  return new Uint8Array(Buffer.from(match[2] ?? "", "base64"));
}

/** PEM with lines of 64 characters, as Go and OpenSSL write it. */
export function encodePem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
