import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import { Buffer } from "buffer";
import type { asn1, md } from "node-forge";
import forge from "node-forge/lib/forge.js";
import "node-forge/lib/hmac.js";
import "node-forge/lib/pbe.js";
import "node-forge/lib/sha1.js";
import "node-forge/lib/sha256.js";
import "node-forge/lib/sha512.js";
import { certificatePem, ECDSA_P256, isKeyOf } from "./key.ts";
import { KeyFileRefusal } from "./key-file-refusal.ts";

/*
 * A PKCS#12 file (RFC 7292) opened in this browser: neither the file nor its passphrase leaves it, and the key cannot
 * be taken out of WebCrypto again. Forge walks the file and opens what older software encrypts; what today's software
 * asks for (PBES2, RFC 8018) WebCrypto derives and decrypts. Of Forge, what does this and no more: no certificates, no RSA
 * keys of its own, no TLS.
 */

/** More work than any software asks for would stop the page. */
const MAX_ITERATIONS = 5_000_000;
/** Derived in JavaScript, on the page's own thread. */
const MAX_SLOW_ITERATIONS = 1_000_000;

const OID = {
  data: "1.2.840.113549.1.7.1",
  encryptedData: "1.2.840.113549.1.7.6",
  keyBag: "1.2.840.113549.1.12.10.1.1",
  shroudedKeyBag: "1.2.840.113549.1.12.10.1.2",
  certificateBag: "1.2.840.113549.1.12.10.1.3",
  pbes2: "1.2.840.113549.1.5.13",
  pbkdf2: "1.2.840.113549.1.5.12",
} as const;

const CIPHERS: Readonly<Record<string, number>> = {
  "2.16.840.1.101.3.4.1.2": 128,
  "2.16.840.1.101.3.4.1.22": 192,
  "2.16.840.1.101.3.4.1.42": 256,
};

const HASHES: Readonly<Record<string, string>> = {
  "1.2.840.113549.2.7": "SHA-1",
  "1.2.840.113549.2.9": "SHA-256",
  "1.2.840.113549.2.10": "SHA-384",
  "1.2.840.113549.2.11": "SHA-512",
};

const MAC_HASHES: Readonly<Record<string, () => md.MessageDigest>> = {
  "1.3.14.3.2.26": () => forge.md.sha1.create(),
  "2.16.840.1.101.3.4.2.1": () => forge.md.sha256.create(),
  "2.16.840.1.101.3.4.2.2": () => forge.md.sha384.create(),
  "2.16.840.1.101.3.4.2.3": () => forge.md.sha512.create(),
};

type Node = asn1.Asn1;

export interface OpenedKey {
  /** Cannot be exported. */
  readonly privateKey: CryptoKey;
  /** PEM. */
  readonly certificate: string;
}

/**
 * The key in a PKCS#12 file with the certificate that was issued for it.
 * @throws KeyFileRefusal WRONG_PASSPHRASE (or altered), DAMAGED_KEY, UNSUPPORTED_KEY, KEY_MISMATCH
 */
export async function openPkcs12(file: Uint8Array, passphrase: string): Promise<OpenedKey> {
  const [, authenticated, mac] = members(decode(file));
  const safe = octets(contentOf(authenticated));
  checkMac(safe, mac, passphrase);
  const keys: CryptoKey[] = [];
  const certificates: Uint8Array[] = [];
  for (const part of members(decode(safe))) {
    for (const bag of members(await safeContents(part, passphrase))) {
      const [kind, value] = members(bag);
      const content = first(value);
      switch (oid(kind)) {
        case OID.keyBag:
          keys.push(await importKey(encode(content)));
          break;
        case OID.shroudedKeyBag:
          keys.push(await importKey(await decrypted(content, passphrase)));
          break;
        case OID.certificateBag:
          certificates.push(octets(first(members(content)[1])));
          break;
      }
    }
  }
  return matching(keys, certificates);
}

async function matching(keys: readonly CryptoKey[], certificates: readonly Uint8Array[]): Promise<OpenedKey> {
  for (const privateKey of keys) {
    for (const der of certificates) {
      const certificate = certificatePem(der);
      if (await isKeyOf(privateKey, Certificate.fromPem(Buffer.from(certificate)))) return { privateKey, certificate };
    }
  }
  throw new KeyFileRefusal("KEY_MISMATCH", "the file holds no private key together with its certificate");
}

async function safeContents(info: Node, passphrase: string): Promise<Node> {
  const [type] = members(info);
  if (oid(type) === OID.data) return decode(octets(contentOf(info)));
  if (oid(type) !== OID.encryptedData) throw unsupported(oid(type));
  const [, encrypted] = members(contentOf(info));
  const [, algorithm, ciphertext] = members(encrypted);
  return decode(await decryptedWith(algorithm ?? malformed(), octets(ciphertext), passphrase));
}

/** A structure of the shape of EncryptedPrivateKeyInfo (RFC 5958 §3). */
function decrypted(item: Node | undefined, passphrase: string): Promise<Uint8Array> {
  const [algorithm, ciphertext] = members(item);
  return decryptedWith(algorithm ?? malformed(), octets(ciphertext), passphrase);
}

async function decryptedWith(algorithm: Node, ciphertext: Uint8Array, passphrase: string): Promise<Uint8Array> {
  const [scheme, parameters] = members(algorithm);
  if (oid(scheme) === OID.pbes2) return decryptPbes2(parameters, ciphertext, passphrase);
  return decryptOld(algorithm, ciphertext, passphrase);
}

/** PBES2 with PBKDF2 and AES in CBC, by WebCrypto. */
async function decryptPbes2(
  parameters: Node | undefined,
  ciphertext: Uint8Array,
  passphrase: string,
): Promise<Uint8Array> {
  const [derivation, encryption] = members(parameters);
  const [kdf, kdfParameters] = members(derivation);
  const [cipher, iv] = members(encryption);
  const length = CIPHERS[oid(cipher)];
  if (oid(kdf) !== OID.pbkdf2 || length === undefined) throw unsupported(`${oid(kdf)} ${oid(cipher)}`);
  const [salt, iterations, ...rest] = members(kdfParameters);
  const prf = rest.find((item) => item.type === forge.asn1.Type.SEQUENCE);
  const hash = prf === undefined ? "SHA-1" : HASHES[oid(members(prf)[0])];
  if (hash === undefined) throw unsupported("an unknown pseudo-random function");
  const material = await crypto.subtle.importKey("raw", new TextEncoder().encode(passphrase), "PBKDF2", false, [
    "deriveKey",
  ]);
  const key = await crypto.subtle.deriveKey(
    { name: "PBKDF2", hash, salt: Uint8Array.from(octets(salt)), iterations: number(iterations, MAX_ITERATIONS) },
    material,
    { name: "AES-CBC", length },
    false,
    ["decrypt"],
  );
  try {
    const plain = await crypto.subtle.decrypt(
      { name: "AES-CBC", iv: Uint8Array.from(octets(iv)) },
      key,
      Uint8Array.from(ciphertext),
    );
    return new Uint8Array(plain);
  } catch (cause) {
    throw wrongPassphrase(cause);
  }
}

/** Triple DES and RC2 under PKCS#12's own derivation, as software before 2020 writes it. */
function decryptOld(algorithm: Node, ciphertext: Uint8Array, passphrase: string): Uint8Array {
  const parameters = members(algorithm)[1];
  number(members(parameters)[1], MAX_SLOW_ITERATIONS);
  const { Class, Type, create } = forge.asn1;
  const content = create(Class.UNIVERSAL, Type.OCTETSTRING, false, binary(ciphertext));
  const encrypted = create(Class.UNIVERSAL, Type.SEQUENCE, true, [algorithm, content]);
  let plain: Node | null;
  try {
    plain = forge.pki.decryptPrivateKeyInfo(encrypted, passphrase);
  } catch {
    throw unsupported(oid(members(algorithm)[0]));
  }
  if (plain === null) throw wrongPassphrase();
  return encode(plain);
}

/** RFC 7292 §4 and appendix B: the whole file is authentic under the passphrase, or it is not opened. */
function checkMac(safe: Uint8Array, macData: Node | undefined, passphrase: string): void {
  const [info, salt, iterations] = members(macData);
  const [algorithm, expected] = members(info);
  const digest = MAC_HASHES[oid(members(algorithm)[0])]?.();
  if (digest === undefined) throw unsupported("an unknown integrity check");
  const rounds = iterations === undefined ? 1 : number(iterations, MAX_SLOW_ITERATIONS);
  const key = forge.pbe.generatePkcs12Key(
    passphrase,
    forge.util.createBuffer(binary(octets(salt))),
    MAC_KEY,
    rounds,
    digest.digestLength,
    digest,
  );
  const mac = forge.hmac.create();
  mac.start(digest, key);
  mac.update(binary(safe));
  if (mac.digest().getBytes() !== binary(octets(expected))) throw wrongPassphrase();
}

/** RFC 7292 appendix B.3: what the derived bytes are for. */
const MAC_KEY = 3;

async function importKey(pkcs8: Uint8Array): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey("pkcs8", Uint8Array.from(pkcs8), ECDSA_P256, false, ["sign"]);
  } catch {
    throw unsupported("a key that is not of P-256");
  } finally {
    pkcs8.fill(0);
  }
}

function decode(der: Uint8Array): Node {
  try {
    return forge.asn1.fromDer(forge.util.createBuffer(binary(der)), true);
  } catch {
    throw damaged();
  }
}

const encode = (item: Node | undefined): Uint8Array => {
  if (item === undefined) throw damaged();
  return bytes(forge.asn1.toDer(item).getBytes());
};

function members(item: Node | undefined): Node[] {
  if (item === undefined || !Array.isArray(item.value)) throw damaged();
  return item.value;
}

function first(item: Node | undefined): Node {
  const [one] = members(item);
  if (one === undefined) throw damaged();
  return one;
}

const contentOf = (info: Node | undefined): Node => first(members(info)[1]);

/** Octets may come in pieces (BER), and some software writes them so. */
function octets(item: Node | undefined): Uint8Array {
  if (item === undefined) throw damaged();
  if (typeof item.value === "string") return bytes(item.value);
  return Uint8Array.from(item.value.flatMap((piece) => [...octets(piece)]));
}

function oid(item: Node | undefined): string {
  if (item?.type !== forge.asn1.Type.OID || typeof item.value !== "string") throw damaged();
  return forge.asn1.derToOid(item.value);
}

function number(item: Node | undefined, most: number): number {
  const value = octets(item).reduce((total, byte) => total * 256 + byte, 0);
  if (value < 1) throw damaged();
  if (value > most) throw unsupported("more work than is done here");
  return value;
}

const binary = (data: Uint8Array): string => Buffer.from(data).toString("latin1");
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"));

const malformed = (): never => {
  throw damaged();
};

const damaged = (): KeyFileRefusal => new KeyFileRefusal("DAMAGED_KEY", "the file is not laid out as PKCS#12");
const wrongPassphrase = (cause?: unknown): KeyFileRefusal =>
  new KeyFileRefusal("WRONG_PASSPHRASE", cause === undefined ? "the file does not open" : String(cause));
const unsupported = (what: string): KeyFileRefusal => new KeyFileRefusal("UNSUPPORTED_KEY", what);
