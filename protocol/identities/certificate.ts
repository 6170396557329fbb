import { createHash, type KeyObject, verify } from "node:crypto";
import { equalBytes, toHex } from "../bytes.js";
import { ProtocolError } from "../errors.js";
import {
  attributes,
  type Extension,
  type KeyAlgorithm,
  keyAlgorithm,
  Oid,
  readExtensions,
  readPublicKey,
  time,
} from "./certificate-fields.js";
import { DerReader, derBitString, derInteger, derObjectIdentifier, encodeDer, Tag } from "./der.js";
import { type Curve, curveOf, toLowS } from "./ecdsa.js";
import { decodePem } from "./pem.js";

/** Signature algorithms that Go accepts on certificates, with their digest; Ed25519 has none. */
const SIGNATURE_DIGESTS: ReadonlyMap<string, string | null> = new Map<string, string | null>([
  ["1.2.840.10045.4.3.2", "sha256"],
  ["1.2.840.10045.4.3.3", "sha384"],
  ["1.2.840.10045.4.3.4", "sha512"],
  ["1.2.840.113549.1.1.11", "sha256"],
  ["1.2.840.113549.1.1.12", "sha384"],
  ["1.2.840.113549.1.1.13", "sha512"],
  [Oid.ED25519, null],
]);

const ECDSA_SIGNATURES: ReadonlySet<string> = new Set([
  "1.2.840.10045.4.1",
  "1.2.840.10045.4.3.2",
  "1.2.840.10045.4.3.3",
  "1.2.840.10045.4.3.4",
]);

/** A point by both its coordinates (SEC 1 §2.3.3). */
const UNCOMPRESSED_POINT = 0x04;

/** Something with a signature of a CA: a certificate or a revocation list. */
export interface SignedByAuthority {
  readonly toBeSigned: Uint8Array;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
}

/** An X.509 certificate, read once. */
export class Certificate implements SignedByAuthority {
  readonly raw: Uint8Array;
  readonly toBeSigned: Uint8Array;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  readonly version: number;
  readonly serialNumber: bigint;
  /** DER of the names. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** The subject's attributes in order. */
  readonly subjectAttributes: readonly { readonly type: string; readonly value: string }[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly subjectPublicKeyInfo: Uint8Array;
  readonly keyAlgorithm: KeyAlgorithm;
  /** Of an ECDSA key. */
  readonly curve: Curve | undefined;
  readonly extensions: ReadonlyMap<string, Extension>;
  /** Read with the certificate: a key that is none (a point off its curve) makes the certificate one that does not parse, as in Go. */
  readonly publicKey: KeyObject;
  readonly #signatureAlgorithmRaw: Uint8Array;

  /** @throws ProtocolError MALFORMED */
  constructor(der: Uint8Array) {
    const outer = new DerReader(der);
    const whole = outer.next(Tag.SEQUENCE);
    if (!outer.done) throw new ProtocolError("MALFORMED", "malformed certificate: bytes after its end");
    this.raw = whole.raw;
    const parts = new DerReader(whole.content);
    const tbs = parts.next(Tag.SEQUENCE);
    const algorithm = parts.next(Tag.SEQUENCE);
    this.toBeSigned = tbs.raw;
    this.#signatureAlgorithmRaw = algorithm.raw;
    this.signatureAlgorithm = derObjectIdentifier(new DerReader(algorithm.content).next());
    this.signature = derBitString(parts.next(Tag.BIT_STRING));

    const fields = new DerReader(tbs.content);
    const version = fields.optional(0xa0);
    this.version = version === undefined ? 1 : Number(derInteger(new DerReader(version.content).next())) + 1;
    this.serialNumber = derInteger(fields.next(Tag.INTEGER));
    fields.next(Tag.SEQUENCE);
    this.issuer = fields.next(Tag.SEQUENCE).raw;
    const validity = new DerReader(fields.next(Tag.SEQUENCE).content);
    this.notBefore = time(validity.next());
    this.notAfter = time(validity.next());
    const subject = fields.next(Tag.SEQUENCE);
    this.subject = subject.raw;
    this.subjectAttributes = attributes(subject.content);
    const key = fields.next(Tag.SEQUENCE);
    this.subjectPublicKeyInfo = key.raw;
    const keyParts = new DerReader(key.content);
    const keyType = new DerReader(keyParts.next(Tag.SEQUENCE).content);
    const keyOid = derObjectIdentifier(keyType.next());
    this.curve = keyOid === Oid.EC_PUBLIC_KEY ? curveOf(derObjectIdentifier(keyType.next())) : undefined;
    this.keyAlgorithm = keyAlgorithm(keyOid, this.curve);
    if (this.keyAlgorithm === "other")
      throw new ProtocolError("MALFORMED", `malformed certificate: key type ${keyOid}`);
    const keyForm = derBitString(keyParts.next(Tag.BIT_STRING))[0];
    if (this.curve !== undefined && keyForm !== UNCOMPRESSED_POINT)
      throw new ProtocolError(
        "MALFORMED",
        "malformed certificate: a point that is not written out, which Go does not take",
      );
    fields.optional(0x81);
    fields.optional(0x82);
    this.extensions = readExtensions(fields.optional(0xa3));
    this.publicKey = readPublicKey(key.raw);
  }

  /** @throws ProtocolError MALFORMED */
  static fromPem(pem: Uint8Array | string): Certificate {
    return new Certificate(decodePem(pem));
  }

  get organizationalUnits(): readonly string[] {
    return this.#subjectValues(Oid.ORGANIZATIONAL_UNIT);
  }

  get commonName(): string {
    return this.#subjectValues(Oid.COMMON_NAME).at(-1) ?? "";
  }

  /** Hex SHA-256 of the certificate. */
  get fingerprint(): string {
    return toHex(createHash("sha256").update(this.raw).digest());
  }

  get ecdsaSigned(): boolean {
    return ECDSA_SIGNATURES.has(this.signatureAlgorithm);
  }

  /** Basic constraints: present, CA flag and path length (absent: unlimited). */
  get basicConstraints(): { readonly ca: boolean; readonly pathLength: number | undefined } | undefined {
    const extension = this.extensions.get(Oid.BASIC_CONSTRAINTS);
    if (extension === undefined) return undefined;
    const sequence = new DerReader(new DerReader(extension.value).next(Tag.SEQUENCE).content);
    const ca = sequence.optional(Tag.BOOLEAN)?.content[0] === 0xff;
    const length = sequence.optional(Tag.INTEGER);
    return { ca, pathLength: length === undefined ? undefined : Number(derInteger(length)) };
  }

  get isCa(): boolean {
    return this.basicConstraints?.ca ?? false;
  }

  /** Whether a key usage extension, if there is one, allows signing certificates (bit 5). */
  get maySignCertificates(): boolean {
    const usage = this.extensions.get(Oid.KEY_USAGE);
    if (usage === undefined) return true;
    const bits = derBitString(new DerReader(usage.value).next(Tag.BIT_STRING))[0] ?? 0;
    return bits === 0 || (bits & 0x04) !== 0;
  }

  /** Extended key usages by object identifier; absent where the extension is. */
  get extendedKeyUsages(): readonly string[] | undefined {
    const extension = this.extensions.get(Oid.EXTENDED_KEY_USAGE);
    if (extension === undefined) return undefined;
    const usages = new DerReader(new DerReader(extension.value).next(Tag.SEQUENCE).content);
    const found: string[] = [];
    while (!usages.done) found.push(derObjectIdentifier(usages.next()));
    return found;
  }

  get subjectKeyId(): Uint8Array | undefined {
    const extension = this.extensions.get(Oid.SUBJECT_KEY_ID);
    return extension === undefined ? undefined : new DerReader(extension.value).next(Tag.OCTET_STRING).content;
  }

  equals(other: Certificate): boolean {
    return equalBytes(this.raw, other.raw);
  }

  /** Whether this certificate's key made that signature. */
  signed(what: SignedByAuthority): boolean {
    const digest = SIGNATURE_DIGESTS.get(what.signatureAlgorithm);
    if (digest === undefined) return false;
    const ecdsa = ECDSA_SIGNATURES.has(what.signatureAlgorithm);
    if (
      ecdsa
        ? this.keyAlgorithm !== "ecdsa"
        : digest === null
          ? this.keyAlgorithm !== "ed25519"
          : this.keyAlgorithm !== "rsa"
    ) {
      return false;
    }
    return verify(digest, what.toBeSigned, this.publicKey, what.signature);
  }

  /** The certificate with its ECDSA signature in low S: the form whose hash identifies it (Fabric's sanitizeCert). */
  withLowS(issuer: Certificate): Certificate {
    if (!this.ecdsaSigned || issuer.curve === undefined) return this;
    const signature = toLowS(this.signature, issuer.curve);
    if (equalBytes(signature, this.signature)) return this;
    const bits = encodeDer(Tag.BIT_STRING, Uint8Array.of(0), signature);
    return new Certificate(encodeDer(Tag.SEQUENCE, this.toBeSigned, this.#signatureAlgorithmRaw, bits));
  }

  #subjectValues(type: string): readonly string[] {
    return this.subjectAttributes.filter((attribute) => attribute.type === type).map((attribute) => attribute.value);
  }
}
