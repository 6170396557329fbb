import { concatBytes, utf8 } from "@wanlian/protocol/bytes.js";

/** Tags of the few DER types that a request is made of (X.690). */
const SEQUENCE = 0x30;
const SET = 0x31;
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const UTF8_STRING = 0x0c;
const ATTRIBUTES = 0xa0;

/** 2.5.4.3 common name; 1.2.840.10045.4.3.2 ECDSA with SHA-256: whole, as they are encoded. */
const COMMON_NAME = Uint8Array.of(0x06, 0x03, 0x55, 0x04, 0x03);
const ECDSA_WITH_SHA256 = Uint8Array.of(0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02);

const LONG_FORM = 0x80;
const PEM_LINE = /.{1,64}/g;

/**
 * A certificate signing request (PKCS#10, RFC 2986), PEM: what goes to the department's authority instead of the key.
 * @param spki the public key as SubjectPublicKeyInfo, DER
 * @param sign ECDSA over SHA-256, DER
 */
export async function certificateRequest(
  officer: string,
  spki: Uint8Array,
  sign: (data: Uint8Array) => Promise<Uint8Array>,
): Promise<string> {
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8_STRING, utf8(officer)))));
  const information = der(SEQUENCE, der(INTEGER, Uint8Array.of(0)), name, spki, der(ATTRIBUTES));
  const signature = der(BIT_STRING, Uint8Array.of(0), await sign(information));
  const request = der(SEQUENCE, information, der(SEQUENCE, ECDSA_WITH_SHA256), signature);
  const lines = Buffer.from(request).toString("base64").match(PEM_LINE) ?? [];
  return ["-----BEGIN CERTIFICATE REQUEST-----", ...lines, "-----END CERTIFICATE REQUEST-----", ""].join("\n");
}

function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(...parts);
  return concatBytes(Uint8Array.of(tag), lengthOf(content.length), content);
}

function lengthOf(length: number): Uint8Array {
  if (length < LONG_FORM) return Uint8Array.of(length);
  return length < 0x100
    ? Uint8Array.of(LONG_FORM + 1, length)
    : Uint8Array.of(LONG_FORM + 2, length >> 8, length & 0xff);
}
