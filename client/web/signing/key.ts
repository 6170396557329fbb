import { equalBytes, toHex } from "@wanlian/protocol/bytes.js";
import { sha256 } from "@wanlian/protocol/hash.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import { curveOf, encodeSignature, toLowS } from "@wanlian/protocol/identities/ecdsa.js";
import { certificateRequest } from "@wanlian/signing/index.js";
import { Buffer } from "buffer";
import { type KeptKey, keepKey } from "./key-store.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" } as const;
const P256 = "1.2.840.10045.3.1.7";
const HALF_BYTES = 32;
const FINGERPRINT_DIGITS = 16;

/** Makes a key in this browser, and the request with which the department certifies it. */
export async function makeKey(officer: string): Promise<KeptKey> {
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]);
  const publicKey = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  const request = await certificateRequest(officer, publicKey, (data) => signWith(pair.privateKey, data));
  const key = { officer, privateKey: pair.privateKey, publicKey, request };
  await keepKey(key);
  return key;
}

/** Whether a certificate is for this key and this officer. */
export function isCertificateOf(key: KeptKey, pem: string): boolean {
  try {
    const certificate = Certificate.fromPem(Buffer.from(pem));
    const spki = certificate.publicKey.export({ type: "spki", format: "der" });
    return equalBytes(spki, key.publicKey);
  } catch {
    return false;
  }
}

/** ECDSA on P-256 over SHA-256, DER, low S: as Fabric's peers want it. */
export async function signWith(key: CryptoKey, message: Uint8Array): Promise<Uint8Array> {
  const signed = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, Uint8Array.from(message));
  const curve = curveOf(P256);
  if (curve === undefined) throw new Error("P-256 is not known");
  const half = (from: number) => BigInt(`0x${toHex(new Uint8Array(signed, from, HALF_BYTES))}`);
  return toLowS(encodeSignature({ r: half(0), s: half(HALF_BYTES) }), curve);
}

/** By which officer and administrator tell that they speak of one key. */
export const fingerprintOf = ({ publicKey }: Pick<KeptKey, "publicKey">): string =>
  (toHex(sha256(publicKey)).slice(0, FINGERPRINT_DIGITS).match(/.{4}/g) ?? []).join(" ");
