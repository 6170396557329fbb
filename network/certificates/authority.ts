import { randomBytes, type webcrypto } from "node:crypto";
import { NetworkError } from "../error.js";
import { exportPrivateKey, generateKeyPair, importPrivateKey, lowSCrypto, SIGNING_ALGORITHM } from "./key.js";
import {
  AUTHORITY_VALIDITY,
  CERTIFICATE_VALIDITY,
  CLOCK_TOLERANCE,
  escapeName,
  extensionsOf,
  type Profile,
  subjectOf,
} from "./profile.js";
import { readRequest } from "./request.js";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  type PublicKeyType,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  type X509CertificateCreateParamsName,
  X509CertificateGenerator,
  X509CrlGenerator,
  X509CrlReason,
} from "./x509.js";

/** Octets of a serial number: 127 random bits, positive in DER (RFC 5280 §4.1.2.2 allows up to 20 octets). */
const SERIAL_SIZE = 16;

/** Go recognises a revocation list in PEM by this label only (RFC 7468 §7). */
const REVOCATION_LIST_LABEL = "X509 CRL";

/** A certificate with its private key, both PEM. */
export interface Credential {
  readonly certificate: string;
  readonly privateKey: string;
}

/** The certificate authority of one department: signs its identities, or its TLS certificates, and nothing else. */
export class CertificateAuthority {
  readonly #certificate: X509Certificate;
  readonly #key: webcrypto.CryptoKey;
  readonly #organisation: string;

  private constructor(certificate: X509Certificate, key: webcrypto.CryptoKey) {
    this.#certificate = certificate;
    this.#key = key;
    this.#organisation = certificate.subjectName.getField("O")[0] ?? certificate.subject;
  }

  /** Makes a new root named `name` for `organisation`, valid ten years from now. */
  static async create(name: string, organisation: string): Promise<{ authority: CertificateAuthority } & Credential> {
    const keys = await generateKeyPair();
    const now = Date.now();
    const certificate = await X509CertificateGenerator.createSelfSigned(
      {
        serialNumber: serialNumber(),
        name: `C=CN, O=${escapeName(organisation)}, CN=${escapeName(name)}`,
        notBefore: wholeSecond(now - CLOCK_TOLERANCE),
        notAfter: wholeSecond(now + AUTHORITY_VALIDITY),
        signingAlgorithm: SIGNING_ALGORITHM,
        keys,
        extensions: [
          new BasicConstraintsExtension(true, undefined, true),
          new KeyUsagesExtension(
            KeyUsageFlags.digitalSignature | KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign,
            true,
          ),
          await SubjectKeyIdentifierExtension.create(keys.publicKey, false, lowSCrypto),
        ],
      },
      lowSCrypto,
    );
    return {
      authority: new CertificateAuthority(certificate, keys.privateKey),
      certificate: pem(certificate),
      privateKey: await exportPrivateKey(keys.privateKey),
    };
  }

  /** The authority whose certificate and key these are. Throws `INVALID_CERTIFICATE` if it is no CA or they do not belong together. */
  static async open(credential: Credential): Promise<CertificateAuthority> {
    const certificate = new X509Certificate(credential.certificate);
    const { subject } = certificate;
    if (!certificate.getExtension(BasicConstraintsExtension)?.ca)
      throw new NetworkError(
        "INVALID_CERTIFICATE",
        { zh: `${subject} 不是证书机构。`, en: `${subject} is not a certificate authority.` },
        { details: { subject } },
      );
    const authority = new CertificateAuthority(certificate, await importPrivateKey(credential.privateKey));
    const trial = await authority.#revocationList([]);
    if (!(await trial.verify({ publicKey: certificate })))
      throw new NetworkError(
        "INVALID_CERTIFICATE",
        { zh: `${subject} 旁边的密钥不是它自己的。`, en: `The key beside ${subject} is not its own.` },
        { details: { subject } },
      );
    return authority;
  }

  /** The authority's own certificate, PEM. */
  get certificate(): string {
    return pem(this.#certificate);
  }

  /** Makes a key and a certificate for it. Nodes only: an officer's or another department's key is made where it is used. */
  async issue(profile: Profile): Promise<Credential> {
    const keys = await generateKeyPair();
    return {
      certificate: await this.#sign(keys.publicKey, profile),
      privateKey: await exportPrivateKey(keys.privateKey),
    };
  }

  /**
   * Certifies the key of a certificate signing request (PKCS#10, PEM) for `profile`. What else the request asks for is
   * ignored: the authority, not the applicant, says who somebody is. Throws `INVALID_CERTIFICATE` if the request is not
   * signed with its own key or that key is not P-256.
   */
  async certify(request: string, profile: Profile): Promise<string> {
    return this.#sign((await readRequest(request)).publicKey, profile);
  }

  /** Whether this authority signed the certificate (PEM). */
  async signed(certificate: string): Promise<boolean> {
    const present = new X509Certificate(certificate);
    return present.verify({ publicKey: this.#certificate, signatureOnly: true }, lowSCrypto);
  }

  /** The same certificate for the same key and holder, with a serial number and a time of its own, of this authority. */
  async renew(certificate: string): Promise<string> {
    const present = new X509Certificate(certificate);
    return this.#signFor(
      present.publicKey,
      present.subjectName.toJSON(),
      await this.#taken(present, present.publicKey),
    );
  }

  /** The same for the same holder, with a new key. */
  async reissue(certificate: string): Promise<Credential> {
    const present = new X509Certificate(certificate);
    const keys = await generateKeyPair();
    const extensions = await this.#taken(present, keys.publicKey);
    return {
      certificate: await this.#signFor(keys.publicKey, present.subjectName.toJSON(), extensions),
      privateKey: await exportPrivateKey(keys.privateKey),
    };
  }

  /** A certificate's extensions, for a key and of this authority. */
  async #taken(present: X509Certificate, key: PublicKeyType): Promise<Extension[]> {
    const identifier = await SubjectKeyIdentifierExtension.create(key, false, lowSCrypto);
    return present.extensions.map((extension) => {
      if (extension instanceof SubjectKeyIdentifierExtension) return identifier;
      return extension instanceof AuthorityKeyIdentifierExtension ? this.#authorityKeyIdentifier() : extension;
    });
  }

  /**
   * A list of the revoked serial numbers (hexadecimal), PEM. It counts once it is in the channel configuration; Fabric looks at
   * serial numbers alone, whatever the dates say.
   */
  async revoke(serialNumbers: readonly string[]): Promise<string> {
    const list = await this.#revocationList(serialNumbers);
    return `${PemConverter.encode(list.rawData, REVOCATION_LIST_LABEL)}\n`;
  }

  #revocationList(serialNumbers: readonly string[]) {
    const now = wholeSecond(Date.now());
    return X509CrlGenerator.create(
      {
        issuer: this.#certificate.subjectName.toJSON(),
        thisUpdate: now,
        nextUpdate: this.#certificate.notAfter,
        signingAlgorithm: SIGNING_ALGORITHM,
        signingKey: this.#key,
        entries: serialNumbers.map((serial) => ({
          serialNumber: serial,
          revocationDate: now,
          reason: X509CrlReason.unspecified,
        })),
        extensions: [this.#authorityKeyIdentifier()],
      },
      lowSCrypto,
    );
  }

  async #sign(publicKey: PublicKeyType, profile: Profile): Promise<string> {
    return this.#signFor(publicKey, subjectOf(profile, this.#organisation), [
      ...extensionsOf(profile),
      await SubjectKeyIdentifierExtension.create(publicKey, false, lowSCrypto),
      this.#authorityKeyIdentifier(),
    ]);
  }

  async #signFor(
    publicKey: PublicKeyType,
    subject: X509CertificateCreateParamsName,
    extensions: Extension[],
  ): Promise<string> {
    const now = Date.now();
    // Fabric judges the chain at the certificate's own beginning, so that must not lie before the authority's.
    const notBefore = Math.max(now - CLOCK_TOLERANCE, this.#certificate.notBefore.getTime());
    const notAfter = Math.min(now + CERTIFICATE_VALIDITY, this.#certificate.notAfter.getTime());
    const certificate = await X509CertificateGenerator.create(
      {
        serialNumber: serialNumber(),
        subject,
        issuer: this.#certificate.subjectName.toJSON(),
        notBefore: wholeSecond(notBefore),
        notAfter: wholeSecond(notAfter),
        signingAlgorithm: SIGNING_ALGORITHM,
        publicKey,
        signingKey: this.#key,
        extensions,
      },
      lowSCrypto,
    );
    return pem(certificate);
  }

  #authorityKeyIdentifier(): AuthorityKeyIdentifierExtension {
    const identifier = this.#certificate.getExtension(SubjectKeyIdentifierExtension)?.keyId;
    if (!identifier) {
      const { subject } = this.#certificate;
      const text = { zh: `${subject} 没有主体密钥标识符。`, en: `${subject} has no subject key identifier.` };
      throw new NetworkError("INVALID_CERTIFICATE", text, { details: { subject } });
    }
    return new AuthorityKeyIdentifierExtension(identifier);
  }
}

function pem(certificate: X509Certificate): string {
  return `${certificate.toString("pem")}\n`;
}

function serialNumber(): string {
  const octets = randomBytes(SERIAL_SIZE);
  octets[0] = ((octets[0] ?? 0) & 0x7f) | 0x40; // positive, and never shorter by a leading zero
  return octets.toString("hex");
}

/** X.509 times have whole seconds. */
function wholeSecond(instant: number): Date {
  return new Date(Math.floor(instant / 1000) * 1000);
}
