import { equalBytes, toHex } from "@wanlian/protocol/bytes.js";
import { sha256 } from "@wanlian/protocol/hash.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import { curveOf, encodeSignature, toLowS } from "@wanlian/protocol/identities/ecdsa.js";
import { certificateRequest } from "@wanlian/signing/index.js";
import { Buffer } from "buffer";
import { type KeptKey, keepKey } from "./key-store.ts";

export const ECDSA_P256 = { name: "ECDSA", namedCurve: "P-256" } as const;
const P256 = "1.2.840.10045.3.1.7";
const HALF_BYTES = 32;
const FINGERPRINT_DIGITS = 16;

/** Makes a key in this browser, and the request with which the department certifies it. */
export async function makeKey(officer: string): Promise<KeptKey> {
  const pair = await crypto.subtle.generateKey(ECDSA_P256, false, ["sign", "verify"]);
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

const ECDSA_SHA256 = { name: "ECDSA", hash: "SHA-256" } as const;

/** Whether a private key is the one that was certified: tried, since it does not tell. */
export async function isKeyOf(privateKey: CryptoKey, certificate: Certificate): Promise<boolean> {
  const trial = crypto.getRandomValues(new Uint8Array(HALF_BYTES));
  const signature = await crypto.subtle.sign(ECDSA_SHA256, privateKey, trial);
  try {
    const spki = Uint8Array.from(certificate.subjectPublicKeyInfo);
    const publicKey = await crypto.subtle.importKey("spki", spki, ECDSA_P256, false, ["verify"]);
    return await crypto.subtle.verify(ECDSA_SHA256, publicKey, signature, trial);
  } catch {
    return false;
  }
}

const PEM_LINE = 64;

export function certificatePem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(new RegExp(`.{1,${PEM_LINE}}`, "g")) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

/** Whether one of these authorities (PEM) signed the certificate. Whether it was revoked since, every peer asks. */
export function isIssuedBy(authorities: readonly string[], pem: string): boolean {
  const certificate = Certificate.fromPem(Buffer.from(pem));
  return authorities
    .map((authority) => Certificate.fromPem(Buffer.from(authority)))
    .some((authority) => equalBytes(authority.subject, certificate.issuer) && authority.signed(certificate));
}

/** ECDSA on P-256 over SHA-256, DER, low S: as Fabric's peers want it. */
export async function signWith(key: CryptoKey, message: Uint8Array): Promise<Uint8Array> {
  const signed = await crypto.subtle.sign(ECDSA_SHA256, key, Uint8Array.from(message));
  const curve = curveOf(P256);
  if (curve === undefined) throw new Error("P-256 is not known");
  const half = (from: number) => BigInt(`0x${toHex(new Uint8Array(signed, from, HALF_BYTES))}`);
  return toLowS(encodeSignature({ r: half(0), s: half(HALF_BYTES) }), curve);
}

/** By which officer and administrator tell that they speak of one key. */
export const fingerprintOf = ({ publicKey }: Pick<KeptKey, "publicKey">): string =>
  (toHex(sha256(publicKey)).slice(0, FINGERPRINT_DIGITS).match(/.{4}/g) ?? []).join(" ");
