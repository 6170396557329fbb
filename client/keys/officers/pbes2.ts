import { createCipheriv, createDecipheriv, pbkdf2, randomBytes, scrypt } from "node:crypto";
import { promisify } from "node:util";
import { KeyError } from "../../core/index.js";
import {
  type Asn1,
  asNumber,
  asOctets,
  asOid,
  encode,
  integer,
  isInteger,
  members,
  nothing,
  octets,
  oid,
  sequence,
} from "./asn1.js";

/*
 * Password-based encryption, PBES2 of RFC 8018 §6.2, with scrypt (RFC 7914 §7) or PBKDF2-HMAC-SHA-256, and
 * AES-256-CBC: what `openssl pkey` and node:crypto read. Forge derives keys in JavaScript and takes a passphrase's
 * characters for bytes; here node:crypto derives, from UTF-8, off the event loop.
 */

/** scrypt N=2^14, r=8, p=5: the OWASP strength that OpenSSL, which stops at 32 MiB, still reads. */
const SCRYPT = { cost: 2 ** 14, blockSize: 8, parallelization: 5 } as const;
/** PBKDF2-HMAC-SHA-256 for PKCS#12, which most software reads with nothing else; OWASP 2023. */
const PBKDF2_ITERATIONS = 600_000;

/** A file may ask for this much work at most, else opening it would stop the machine. */
const MAX_SCRYPT_MEMORY = 256 * 1024 * 1024;
const MAX_SCRYPT_PARALLELIZATION = 16;
const MAX_PBKDF2_ITERATIONS = 5_000_000;

const OID = {
  pbes2: "1.2.840.113549.1.5.13",
  pbkdf2: "1.2.840.113549.1.5.12",
  scrypt: "1.3.6.1.4.1.11591.4.11",
  aes256Cbc: "2.16.840.1.101.3.4.1.42",
} as const;

const CIPHERS: Readonly<Record<string, { name: string; keyBytes: number }>> = {
  [OID.aes256Cbc]: { name: "aes-256-cbc", keyBytes: 32 },
  "2.16.840.1.101.3.4.1.22": { name: "aes-192-cbc", keyBytes: 24 },
  "2.16.840.1.101.3.4.1.2": { name: "aes-128-cbc", keyBytes: 16 },
};

const PRF: Readonly<Record<string, string>> = {
  "1.2.840.113549.2.7": "sha1",
  "1.2.840.113549.2.9": "sha256",
  "1.2.840.113549.2.10": "sha384",
  "1.2.840.113549.2.11": "sha512",
};

type Derivation = "scrypt" | "pbkdf2";

const runScrypt = promisify<string, Uint8Array, number, Parameters<typeof scrypt>[3], Buffer>(scrypt);
const runPbkdf2 = promisify(pbkdf2);

/** An AlgorithmIdentifier and what was encrypted under it. */
export interface Encrypted {
  algorithm: Asn1;
  ciphertext: Buffer;
}

export async function encrypt(plain: Uint8Array, passphrase: string, derivation: Derivation): Promise<Encrypted> {
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const key = await derive(derivation, passphrase, salt);
  const cipher = createCipheriv("aes-256-cbc", key, iv);
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  key.fill(0);
  const algorithm = sequence(
    oid(OID.pbes2),
    sequence(derivationParameters(derivation, salt), sequence(oid(OID.aes256Cbc), octets(iv))),
  );
  return { algorithm, ciphertext };
}

export const isPbes2 = (algorithm: Asn1): boolean => asOid(members(algorithm, 1)[0]) === OID.pbes2;

/** Throws WRONG_PASSPHRASE (also where the file was altered: the two cannot be told apart), UNSUPPORTED_KEY, DAMAGED_KEY. */
export async function decrypt({ algorithm, ciphertext }: Encrypted, passphrase: string): Promise<Buffer> {
  const [scheme, parameters] = members(algorithm, 2);
  if (asOid(scheme) !== OID.pbes2) throw unsupported(asOid(scheme));
  const [kdf, encryption] = members(parameters, 2);
  const [cipherOid, ivNode] = members(encryption, 2);
  const cipher = CIPHERS[asOid(cipherOid)];
  if (cipher === undefined) throw unsupported(asOid(cipherOid));
  const iv = asOctets(ivNode);
  if (iv.length !== 16) throw unsupported("an initialisation vector that is not 16 bytes");
  const key = await deriveAsNamed(kdf, passphrase, cipher.keyBytes);
  const decipher = createDecipheriv(cipher.name, key, iv);
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch (cause) {
    throw new KeyError("WRONG_PASSPHRASE", "The passphrase does not open the key.", { cause });
  } finally {
    key.fill(0);
  }
}

function derive(derivation: Derivation, passphrase: string, salt: Buffer): Promise<Buffer> {
  return derivation === "scrypt"
    ? runScrypt(passphrase, salt, 32, SCRYPT)
    : runPbkdf2(passphrase, salt, PBKDF2_ITERATIONS, 32, "sha256");
}

function derivationParameters(derivation: Derivation, salt: Buffer): Asn1 {
  return derivation === "scrypt"
    ? sequence(
        oid(OID.scrypt),
        sequence(octets(salt), integer(SCRYPT.cost), integer(SCRYPT.blockSize), integer(SCRYPT.parallelization)),
      )
    : sequence(
        oid(OID.pbkdf2),
        sequence(octets(salt), integer(PBKDF2_ITERATIONS), sequence(oid("1.2.840.113549.2.9"), nothing())),
      );
}

async function deriveAsNamed(kdf: Asn1 | undefined, passphrase: string, keyBytes: number): Promise<Buffer> {
  const [name, parameters] = members(kdf, 2);
  switch (asOid(name)) {
    case OID.scrypt: {
      const [salt, cost, blockSize, parallelization] = members(parameters, 4);
      const n = asNumber(cost);
      const r = asNumber(blockSize);
      const p = asNumber(parallelization);
      const memory = 128 * n * r;
      if (n < 2 || (n & (n - 1)) !== 0 || r < 1 || p < 1) throw unsupported("scrypt parameters out of range");
      if (memory > MAX_SCRYPT_MEMORY || p > MAX_SCRYPT_PARALLELIZATION) throw unsupported("more work than is done");
      const options = { cost: n, blockSize: r, parallelization: p, maxmem: 2 * memory + 1024 * 1024 };
      return runScrypt(passphrase, asOctets(salt), keyBytes, options);
    }
    case OID.pbkdf2: {
      const [salt, iterations, ...rest] = members(parameters, 2);
      const count = asNumber(iterations);
      if (count < 1 || count > MAX_PBKDF2_ITERATIONS) throw unsupported("more work than is done");
      const prf = rest.find((item) => !isInteger(item));
      const digest = prf === undefined ? "sha1" : PRF[asOid(members(prf, 1)[0])];
      if (digest === undefined) throw unsupported("an unknown pseudo-random function");
      return runPbkdf2(passphrase, asOctets(salt), count, keyBytes, digest);
    }
    default:
      throw unsupported(asOid(name));
  }
}

const unsupported = (what: string): KeyError =>
  new KeyError("UNSUPPORTED_KEY", `The key is encrypted in a way that is not supported: ${what}.`);

/** EncryptedPrivateKeyInfo, RFC 5958 §3. */
export const encryptedPrivateKeyInfo = ({ algorithm, ciphertext }: Encrypted): Buffer =>
  encode(sequence(algorithm, octets(ciphertext)));
