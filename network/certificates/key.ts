import { createPrivateKey, webcrypto } from "node:crypto";
import { isLowS, toFixedWidth } from "@wanlian/protocol/identities/ecdsa.js";
import { P256 } from "./p256.js";
import { PemConverter } from "./x509.js";

/** P-256, the curve that every Fabric version accepts for identities and TLS. */
export const KEY_ALGORITHM = { name: "ECDSA", namedCurve: "P-256" } as const;
export const SIGNING_ALGORITHM = { name: "ECDSA", hash: "SHA-256" } as const;

/** Makes a P-256 key pair whose private half can be written to a file. */
export function generateKeyPair(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(KEY_ALGORITHM, true, ["sign", "verify"]);
}

/** A private key as unencrypted PKCS#8 PEM, the form Fabric's key stores hold. */
export async function exportPrivateKey(key: webcrypto.CryptoKey): Promise<string> {
  return `${PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY")}\n`;
}

/** Reads a P-256 private key from PEM (PKCS#8, or SEC 1 as OpenSSL writes it). Throws what node:crypto throws on anything else. */
export function importPrivateKey(pem: string): Promise<webcrypto.CryptoKey> {
  const pkcs8 = createPrivateKey(pem).export({ type: "pkcs8", format: "der" });
  return webcrypto.subtle.importKey("pkcs8", pkcs8, KEY_ALGORITHM, true, ["sign"]);
}

/**
 * WebCrypto, but for signatures, whose s is at most n / 2. Fabric re-encodes a certificate with a high s before it hashes it
 * (msp `sanitizeCert`), so that the certificate in use would not be the one in the file; ours never need that.
 */
export const lowSCrypto: webcrypto.Crypto = overriding(webcrypto as webcrypto.Crypto, {
  subtle: overriding(webcrypto.subtle, {
    sign: async (...request: Parameters<webcrypto.SubtleCrypto["sign"]>) =>
      lowerS(new Uint8Array(await webcrypto.subtle.sign(...request))),
  }),
});

/** r ‖ s, as WebCrypto writes signatures, with s replaced by n − s where that is smaller. */
function lowerS(signature: Uint8Array): ArrayBuffer {
  const [r, s] = [signature.subarray(0, P256.size), signature.subarray(P256.size)].map((scalar) =>
    BigInt(`0x${Buffer.from(scalar).toString("hex")}`),
  );
  if (r === undefined || s === undefined || isLowS({ r, s }, P256)) return Uint8Array.from(signature).buffer;
  return Uint8Array.from(toFixedWidth({ r, s: P256.order - s }, P256) ?? signature).buffer;
}

/** `target` with some members replaced. WebCrypto's objects know their own kind, so each method stays bound to the original. */
function overriding<T extends object>(target: T, members: Partial<T>): T {
  return new Proxy(target, {
    get(original, name) {
      if (Object.hasOwn(members, name)) return Reflect.get(members, name);
      const member: unknown = Reflect.get(original, name, original);
      return typeof member === "function" ? member.bind(original) : member;
    },
  });
}
