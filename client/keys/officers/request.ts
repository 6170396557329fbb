import { createPublicKey, type KeyObject, sign } from "node:crypto";
import { bits, context, decode, encode, integer, oid, sequence, set, utf8 } from "./asn1.js";

const COMMON_NAME = "2.5.4.3";
const ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";

/**
 * A certificate signing request (PKCS#10, RFC 2986), PEM: what goes to the department's authority instead of the
 * private key.
 */
export function certificateRequest(officer: string, key: KeyObject): string {
  const subject = sequence(set(sequence(oid(COMMON_NAME), utf8(officer))));
  const publicKey = decode(createPublicKey(key).export({ type: "spki", format: "der" }));
  const information = sequence(integer(0), subject, publicKey, context());
  const signature = sign("sha256", encode(information), key);
  const der = encode(sequence(information, sequence(oid(ECDSA_WITH_SHA256)), bits(signature)));
  return pem("CERTIFICATE REQUEST", der);
}

export function pem(label: string, der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}
