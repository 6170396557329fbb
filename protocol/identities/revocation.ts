import { text } from "../bytes.js";
import { ProtocolError } from "../errors.js";
import type { Certificate, SignedByAuthority } from "./certificate.js";
import { Oid, readExtension } from "./certificate-fields.js";
import { DerReader, type DerValue, derBitString, derInteger, derObjectIdentifier, Tag } from "./der.js";
import { decodePem } from "./pem.js";

const PEM_PREFIX = "-----BEGIN X509 CRL";

/** A certificate revocation list. Dates do not matter to Fabric: listed is revoked. */
export class RevocationList implements SignedByAuthority {
  readonly toBeSigned: Uint8Array;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  /** Key identifier of its issuer; absent where the extension or its first field is. */
  readonly authorityKeyId: Uint8Array | undefined;
  readonly #serialNumbers: ReadonlySet<bigint>;

  /** @throws ProtocolError MALFORMED */
  constructor(pemOrDer: Uint8Array) {
    // Go's x509.ParseCRL: PEM by this label only, everything else has to be DER.
    const der = text(pemOrDer.subarray(0, PEM_PREFIX.length)) === PEM_PREFIX ? decodePem(pemOrDer) : pemOrDer;
    const parts = new DerReader(new DerReader(der).next(Tag.SEQUENCE).content);
    const tbs = parts.next(Tag.SEQUENCE);
    this.toBeSigned = tbs.raw;
    this.signatureAlgorithm = derObjectIdentifier(new DerReader(parts.next(Tag.SEQUENCE).content).next());
    this.signature = derBitString(parts.next(Tag.BIT_STRING));

    const fields = new DerReader(tbs.content);
    fields.optional(Tag.INTEGER);
    fields.next(Tag.SEQUENCE);
    fields.next(Tag.SEQUENCE);
    skipTime(fields.next());
    if (fields.optional(Tag.UTC_TIME) === undefined) fields.optional(Tag.GENERALIZED_TIME);
    this.#serialNumbers = serialNumbers(fields.optional(Tag.SEQUENCE));
    this.authorityKeyId = authorityKeyId(fields.optional(0xa0));
  }

  lists(certificate: Certificate): boolean {
    return this.#serialNumbers.has(certificate.serialNumber);
  }
}

function skipTime(value: DerValue): void {
  if (value.tag !== Tag.UTC_TIME && value.tag !== Tag.GENERALIZED_TIME) {
    throw new ProtocolError("MALFORMED", "malformed revocation list: no date of issue");
  }
}

function serialNumbers(revoked: DerValue | undefined): ReadonlySet<bigint> {
  const found = new Set<bigint>();
  if (revoked === undefined) return found;
  const entries = new DerReader(revoked.content);
  while (!entries.done) found.add(derInteger(new DerReader(entries.next(Tag.SEQUENCE).content).next(Tag.INTEGER)));
  return found;
}

function authorityKeyId(extensions: DerValue | undefined): Uint8Array | undefined {
  if (extensions === undefined) return undefined;
  const list = new DerReader(new DerReader(extensions.content).next(Tag.SEQUENCE).content);
  while (!list.done) {
    const [oid, extension] = readExtension(list.next(Tag.SEQUENCE).content);
    if (oid !== Oid.AUTHORITY_KEY_ID) continue;
    const key = new DerReader(new DerReader(extension.value).next(Tag.SEQUENCE).content);
    return key.done ? new Uint8Array(0) : (key.optional(0x80)?.content ?? new Uint8Array(0));
  }
  return undefined;
}
