import { ed25519 } from "@noble/curves/ed25519.js";
import { p256, p384, p521 } from "@noble/curves/nist.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import { sha3_256, sha3_384 } from "@noble/hashes/sha3.js";
import { DerReader, derBitString, derObjectIdentifier, Tag } from "@wanlian/protocol/identities/der.js";

/**
 * Stands in for `node:crypto` where there is no Node (decision 130): as much of it as model, protocol and verifier
 * call to verify, under the same names. It signs nothing and keeps no secret.
 */

const HASHES = {
  sha256,
  sha384,
  sha512,
  "sha3-256": sha3_256,
  "sha3-384": sha3_384,
} as const;

/** ECDSA curves by object identifier. */
const CURVES = new Map([
  ["1.2.840.10045.3.1.7", p256],
  ["1.3.132.0.34", p384],
  ["1.3.132.0.35", p521],
]);
type EcdsaCurve = typeof p256;

const EC_PUBLIC_KEY = "1.2.840.10045.2.1";
const ED25519 = "1.3.101.112";

function hashOf(name: string): (typeof HASHES)[keyof typeof HASHES] {
  const found = Object.entries(HASHES).find(([known]) => known === name)?.[1];
  if (found === undefined) throw new Error(`no hash function ${name} here`);
  return found;
}

type Encoding = "hex" | "base64" | "buffer";
const encoded = (bytes: Uint8Array, encoding: Encoding | undefined): Buffer | string =>
  encoding === "hex" || encoding === "base64" ? Buffer.from(bytes).toString(encoding) : Buffer.from(bytes);
const bytesOf = (data: Uint8Array | string): Uint8Array =>
  typeof data === "string" ? Buffer.from(data, "utf8") : Uint8Array.from(data);

export function hash(name: string, data: Uint8Array | string, encoding: Encoding = "hex"): Buffer | string {
  return encoded(hashOf(name)(bytesOf(data)), encoding);
}

interface Digesting {
  update(data: Uint8Array | string): Digesting;
  digest(encoding?: Encoding): Buffer | string;
}

export function createHash(name: string): Digesting {
  return digesting(hashOf(name).create());
}

export function createHmac(name: string, key: Uint8Array): Digesting {
  return digesting(hmac.create(hashOf(name), Uint8Array.from(key)));
}

function digesting(state: { update(data: Uint8Array): unknown; digest(): Uint8Array }): Digesting {
  const self: Digesting = {
    update: (data) => {
      state.update(bytesOf(data));
      return self;
    },
    digest: (encoding) => encoded(state.digest(), encoding),
  };
  return self;
}

export function randomBytes(size: number): Buffer {
  return Buffer.from(globalThis.crypto.getRandomValues(new Uint8Array(size)));
}

/** A public key, read from its SubjectPublicKeyInfo. */
export class KeyObject {
  readonly spki: Uint8Array;
  /** Undefined: Ed25519. */
  readonly curve: EcdsaCurve | undefined;
  readonly point: Uint8Array;

  /** @throws Error for what is no key of a kind that is known here, or no point of its curve */
  constructor(spki: Uint8Array) {
    const parts = new DerReader(new DerReader(spki).next(Tag.SEQUENCE).content);
    const algorithm = new DerReader(parts.next(Tag.SEQUENCE).content);
    const kind = derObjectIdentifier(algorithm.next());
    this.spki = spki;
    this.point = derBitString(parts.next(Tag.BIT_STRING));
    this.curve = kind === EC_PUBLIC_KEY ? CURVES.get(derObjectIdentifier(algorithm.next())) : undefined;
    if (this.curve === undefined && kind !== ED25519) throw new Error("no key of a kind that is verified here");
    const { Point } = this.curve ?? ed25519;
    Point.fromBytes(this.point);
  }

  export(): Buffer {
    return Buffer.from(this.spki);
  }
}

export function createPublicKey({ key }: { readonly key: Uint8Array }): KeyObject {
  return new KeyObject(Uint8Array.from(key));
}

interface VerifyingKey {
  readonly key: KeyObject;
  readonly dsaEncoding?: "der" | "ieee-p1363";
}
type Callback = (error: Error | null, valid: boolean) => void;

export function verify(
  digest: string | null,
  data: Uint8Array,
  key: KeyObject | VerifyingKey,
  signature: Uint8Array,
  done?: Callback,
): boolean {
  const { key: publicKey, dsaEncoding = "der" } = key instanceof KeyObject ? { key } : key;
  const valid = verified(digest, data, publicKey, dsaEncoding, signature);
  done?.(null, valid);
  return valid;
}

function verified(
  digest: string | null,
  data: Uint8Array,
  { curve, point }: KeyObject,
  dsaEncoding: "der" | "ieee-p1363",
  signature: Uint8Array,
): boolean {
  const bytes = Uint8Array.from(signature);
  try {
    if (curve === undefined) return ed25519.verify(bytes, Uint8Array.from(data), point, { zip215: false });
    const format = dsaEncoding === "der" ? "der" : "compact";
    const prehash = hashOf(digest ?? "")(Uint8Array.from(data));
    return curve.verify(bytes, prehash, point, { prehash: false, lowS: false, format });
  } catch {
    // What cannot be read as a signature is none; Node says no more of it either.
    return false;
  }
}

/** There, so that modules that can sign can be loaded. */
export function sign(): never {
  throw new Error("nothing is signed here");
}
