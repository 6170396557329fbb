import {
  createHash,
  createHmac,
  hash,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
  X509Certificate,
} from "node:crypto";
import forge from "node-forge";
import { KeyError } from "../../core/index.js";
import {
  type Asn1,
  asNumber,
  asOctets,
  asOid,
  context,
  decode,
  encode,
  inside,
  integer,
  isContext,
  malformed,
  members,
  nothing,
  octets,
  oid,
  sequence,
  set,
  text,
} from "./asn1.js";
import { decrypt, encrypt, isPbes2 } from "./pbes2.js";
import { checkPassphrase, signingKey } from "./private-key.js";

/*
 * PKCS#12 (RFC 7292) files that carry an officer's key to and from browsers, tokens and other software. Forge's own
 * reader expects RSA, so the file is walked here and the key stays a PKCS#8 structure; forge opens what older software
 * encrypts with Triple DES or RC2.
 */

const OID = {
  data: "1.2.840.113549.1.7.1",
  encryptedData: "1.2.840.113549.1.7.6",
  keyBag: "1.2.840.113549.1.12.10.1.1",
  shroudedKeyBag: "1.2.840.113549.1.12.10.1.2",
  certificateBag: "1.2.840.113549.1.12.10.1.3",
  x509Certificate: "1.2.840.113549.1.9.22.1",
  friendlyName: "1.2.840.113549.1.9.20",
  localKeyId: "1.2.840.113549.1.9.21",
  sha256: "2.16.840.1.101.3.4.2.1",
} as const;

const DIGESTS: Readonly<Record<string, string>> = {
  "1.3.14.3.2.26": "sha1",
  [OID.sha256]: "sha256",
  "2.16.840.1.101.3.4.2.2": "sha384",
  "2.16.840.1.101.3.4.2.3": "sha512",
};

/** A hundred times what OpenSSL asks for; the derivation has no native code, so more would take seconds. */
const MAC_ITERATIONS = 200_000;
const MAX_MAC_ITERATIONS = 5_000_000;
/** Forge derives in JavaScript, and old software asks for 2,048. */
const MAX_LEGACY_ITERATIONS = 100_000;

export interface Pkcs12Content {
  key: KeyObject;
  certificatePem: string;
}

/**
 * One file with key, certificate and what it chains up to, under one passphrase. Throws WEAK_PASSPHRASE.
 * @param authorities certificates among which the chain is looked for, PEM; others are left out
 */
export async function exportPkcs12(
  content: Pkcs12Content,
  passphrase: string,
  name: string,
  authorities: readonly string[] = [],
): Promise<Buffer> {
  checkPassphrase(passphrase);
  const own = new X509Certificate(content.certificatePem);
  const certificate = own.raw;
  const attributes = set(
    sequence(oid(OID.friendlyName), set(text(name))),
    sequence(oid(OID.localKeyId), set(octets(createHash("sha1").update(certificate).digest()))),
  );
  const plain = content.key.export({ type: "pkcs8", format: "der" });
  const { algorithm, ciphertext } = await encrypt(plain, passphrase, "pbkdf2");
  plain.fill(0);
  const keyBag = sequence(oid(OID.shroudedKeyBag), context(sequence(algorithm, octets(ciphertext))), attributes);
  const chain = chainOf(
    own,
    authorities.map((pem) => new X509Certificate(pem)),
  );
  const bags = [certificateBag(certificate, attributes), ...chain.map(({ raw }) => certificateBag(raw))];
  const safe = encode(sequence(data(sequence(...bags)), data(sequence(keyBag))));
  const salt = randomBytes(16);
  const mac = macOf(safe, passphrase, salt, MAC_ITERATIONS, "sha256");
  return encode(
    sequence(
      integer(3),
      sequence(oid(OID.data), context(octets(safe))),
      sequence(sequence(sequence(oid(OID.sha256), nothing()), octets(mac)), octets(salt), integer(MAC_ITERATIONS)),
    ),
  );
}

const certificateBag = (certificate: Buffer, ...attributes: readonly Asn1[]): Asn1 =>
  sequence(
    oid(OID.certificateBag),
    context(sequence(oid(OID.x509Certificate), context(octets(certificate)))),
    ...attributes,
  );

/** The certificates above one, up to the root, as far as they are among these. */
function chainOf(leaf: X509Certificate, authorities: readonly X509Certificate[]): X509Certificate[] {
  const issuer = authorities.find((candidate) => leaf.checkIssued(candidate) && leaf.verify(candidate.publicKey));
  if (issuer === undefined || issuer.fingerprint256 === leaf.fingerprint256) return [];
  return [
    issuer,
    ...chainOf(
      issuer,
      authorities.filter((other) => other !== issuer),
    ),
  ];
}

/**
 * The P-256 key in the file with the certificate that was issued for it. Throws WRONG_PASSPHRASE (or altered),
 * DAMAGED_KEY, UNSUPPORTED_KEY, KEY_MISMATCH.
 */
export async function importPkcs12(file: Uint8Array, passphrase: string): Promise<Pkcs12Content> {
  const [version, authenticated, mac] = members(decode(file), 3);
  if (asNumber(version) !== 3) throw malformed();
  const safe = contentOf(authenticated);
  checkMac(safe, mac, passphrase);
  const keys: KeyObject[] = [];
  const certificates: X509Certificate[] = [];
  for (const part of members(decode(safe), 1)) {
    for (const bag of members(await safeContents(part, passphrase), 0)) {
      const [kind, value] = members(bag, 2);
      const content = inside(value, 1)[0];
      switch (asOid(kind)) {
        case OID.keyBag:
          if (content !== undefined) keys.push(signingKey(encode(content)));
          break;
        case OID.shroudedKeyBag:
          keys.push(signingKey(encode(await open(content, passphrase))));
          break;
        case OID.certificateBag:
          certificates.push(new X509Certificate(asOctets(inside(members(content, 2)[1], 1)[0])));
          break;
      }
    }
  }
  return matching(keys, certificates);
}

function matching(keys: KeyObject[], certificates: X509Certificate[]): Pkcs12Content {
  for (const key of keys) {
    const certificate = certificates.find((candidate) => candidate.checkPrivateKey(key));
    if (certificate !== undefined) return { key, certificatePem: certificate.toString() };
  }
  throw new KeyError("KEY_MISMATCH", "The file holds no private key together with the certificate issued for it.");
}

const data = (content: Asn1): Asn1 => sequence(oid(OID.data), context(octets(encode(content))));

function contentOf(info: Asn1 | undefined): Buffer {
  const [type, content] = members(info, 2);
  if (asOid(type) !== OID.data) throw new KeyError("UNSUPPORTED_KEY", "Only PKCS#12 under a passphrase is read.");
  return asOctets(inside(content, 1)[0]);
}

async function safeContents(info: Asn1, passphrase: string): Promise<Asn1> {
  const [type, content] = members(info, 2);
  if (asOid(type) !== OID.encryptedData) return decode(contentOf(info));
  const encrypted = members(members(inside(content, 1)[0], 2)[1], 3);
  const [, algorithm, ciphertext] = encrypted;
  if (algorithm === undefined || ciphertext === undefined || !isContext(ciphertext, 0)) throw malformed();
  return open(sequence(algorithm, octets(implicitOctets(ciphertext))), passphrase);
}

/** BER allows the octets in pieces, and some software writes them so. */
function implicitOctets(item: Asn1): Buffer {
  return typeof item.value === "string" ? Buffer.from(item.value, "binary") : Buffer.concat(item.value.map(asOctets));
}

/** Decrypts a structure of the shape of EncryptedPrivateKeyInfo. */
async function open(encrypted: Asn1 | undefined, passphrase: string): Promise<Asn1> {
  const [algorithm, ciphertext] = members(encrypted, 2);
  if (encrypted === undefined || algorithm === undefined) throw malformed();
  if (isPbes2(algorithm)) return decode(await decrypt({ algorithm, ciphertext: asOctets(ciphertext) }, passphrase));
  const [, iterations] = members(members(algorithm, 2)[1], 2);
  if (asNumber(iterations) > MAX_LEGACY_ITERATIONS) {
    throw new KeyError("UNSUPPORTED_KEY", `The file asks for more than ${MAX_LEGACY_ITERATIONS} iterations.`);
  }
  try {
    return forge.pki.decryptPrivateKeyInfo(encrypted, passphrase);
  } catch (cause) {
    throw new KeyError("UNSUPPORTED_KEY", "The file is encrypted in a way that is not supported.", { cause });
  }
}

function checkMac(safe: Buffer, macData: Asn1 | undefined, passphrase: string): void {
  const [digestInfo, salt, iterations] = members(macData, 2);
  const [algorithm, expected] = members(digestInfo, 2);
  const digest = DIGESTS[asOid(members(algorithm, 1)[0])];
  const count = iterations === undefined ? 1 : asNumber(iterations);
  if (digest === undefined || count < 1 || count > MAX_MAC_ITERATIONS) {
    throw new KeyError("UNSUPPORTED_KEY", "The file's integrity check is of a kind that is not supported.");
  }
  const actual = macOf(safe, passphrase, asOctets(salt), count, digest);
  const claimed = asOctets(expected);
  if (actual.length !== claimed.length || !timingSafeEqual(actual, claimed)) {
    throw new KeyError("WRONG_PASSPHRASE", "The passphrase does not open the file, or the file was altered.");
  }
}

/**
 * RFC 7292 appendix B.2 with ID 3: the MAC's key is as long as one hash, so the first round is all there is.
 * The passphrase counts as UTF-16 with a closing zero.
 */
function macOf(safe: Buffer, passphrase: string, salt: Buffer, iterations: number, digest: string): Buffer {
  const block = digest === "sha1" || digest === "sha256" ? 64 : 128;
  const characters = Buffer.from(`${passphrase}\0`, "utf16le").swap16();
  let state: Buffer = Buffer.concat([Buffer.alloc(block, 3), stretch(salt, block), stretch(characters, block)]);
  for (let round = 0; round < iterations; round++) state = hash(digest, state, "buffer");
  return createHmac(digest, state).update(safe).digest();
}

/** Repeats bytes up to the next whole number of blocks. */
function stretch(bytes: Buffer, block: number): Buffer {
  return Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes);
}
