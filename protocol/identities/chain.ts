/** Certificate chains as Go's x509.Verify builds them, for the options that Fabric's MSP gives it. */
import { equalBytes, toHex } from "../bytes.js";
import type { Certificate } from "./certificate.js";
import { Oid } from "./certificate-fields.js";

const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
const ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0";

/** Critical extensions that Go's parser handles. Name constraints are not among them here: a CA that has them critical is refused. */
const HANDLED: ReadonlySet<string> = new Set([
  Oid.KEY_USAGE,
  Oid.SUBJECT_ALT_NAME,
  Oid.BASIC_CONSTRAINTS,
  "2.5.29.31",
  "2.5.29.32",
  Oid.AUTHORITY_KEY_ID,
  Oid.EXTENDED_KEY_USAGE,
  Oid.SUBJECT_KEY_ID,
]);

/** Go's limit on signature checks in one verification. */
const MAX_SIGNATURE_CHECKS = 100;

/** Certificates by subject. */
export class CertificatePool {
  readonly certificates: readonly Certificate[];
  readonly #bySubject = new Map<string, Certificate[]>();

  constructor(certificates: readonly Certificate[]) {
    this.certificates = certificates;
    for (const certificate of certificates) {
      const subject = toHex(certificate.subject);
      const same = this.#bySubject.get(subject) ?? [];
      if (!same.some((other) => other.equals(certificate))) same.push(certificate);
      this.#bySubject.set(subject, same);
    }
  }

  issuersOf(certificate: Certificate): readonly Certificate[] {
    return this.#bySubject.get(toHex(certificate.issuer)) ?? [];
  }

  has(certificate: Certificate): boolean {
    return this.certificates.some((other) => other.equals(certificate));
  }
}

export interface TrustAnchors {
  readonly roots: CertificatePool;
  readonly intermediates: CertificatePool;
}

/**
 * All chains from the certificate (first) to a root (last), judged at one second after the certificate's own beginning: what was issued
 * properly stays valid for ever (Fabric's getValidityOptsForCert). Where a certificate in the chain restricts extended key usages, these
 * must include server authentication, Go's default.
 */
export function buildChains(certificate: Certificate, anchors: TrustAnchors): Certificate[][] {
  const at = certificate.notBefore.getTime() + 1000;
  if (!mayStand(certificate, [], at)) return [];
  const search = { anchors, at, signatureChecks: 0 };
  const chains = anchors.roots.has(certificate) ? [[certificate]] : extend([certificate], search);
  return chains.filter((chain) => chain.every(allowsServerAuthentication));
}

interface Search {
  readonly anchors: TrustAnchors;
  readonly at: number;
  signatureChecks: number;
}

function extend(chain: readonly Certificate[], search: Search): Certificate[][] {
  const last = chain.at(-1);
  if (last === undefined) return [];
  const found: Certificate[][] = [];
  const acceptable = (parent: Certificate): boolean =>
    !chain.some((other) => sameEntity(other, parent)) &&
    search.signatureChecks++ < MAX_SIGNATURE_CHECKS &&
    issued(parent, last) &&
    mayStand(parent, chain, search.at);
  for (const root of search.anchors.roots.issuersOf(last)) {
    if (acceptable(root)) found.push([...chain, root]);
  }
  for (const intermediate of search.anchors.intermediates.issuersOf(last)) {
    if (acceptable(intermediate) && intermediate.isCa) found.push(...extend([...chain, intermediate], search));
  }
  return found;
}

/** Go's CheckSignatureFrom. */
function issued(parent: Certificate, child: Certificate): boolean {
  const constraints = parent.basicConstraints;
  if ((parent.version === 3 && constraints === undefined) || (constraints !== undefined && !constraints.ca))
    return false;
  return parent.maySignCertificates && parent.signed(child);
}

/** Go's isValid: critical extensions, period, path length. */
function mayStand(certificate: Certificate, below: readonly Certificate[], at: number): boolean {
  for (const [oid, extension] of certificate.extensions) {
    if (extension.critical && !HANDLED.has(oid)) return false;
  }
  if (at < certificate.notBefore.getTime() || at > certificate.notAfter.getTime()) return false;
  const limit = certificate.basicConstraints?.pathLength;
  return limit === undefined || below.length - 1 <= limit;
}

function allowsServerAuthentication(certificate: Certificate): boolean {
  const usages = certificate.extendedKeyUsages;
  return (
    usages === undefined ||
    usages.length === 0 ||
    usages.includes(SERVER_AUTH) ||
    usages.includes(ANY_EXTENDED_KEY_USAGE)
  );
}

function sameEntity(left: Certificate, right: Certificate): boolean {
  const names = [left, right].map((one) => one.extensions.get(Oid.SUBJECT_ALT_NAME)?.value);
  return (
    equalBytes(left.subject, right.subject) &&
    equalBytes(left.subjectPublicKeyInfo, right.subjectPublicKeyInfo) &&
    (names[0] === undefined ? names[1] === undefined : names[1] !== undefined && equalBytes(names[0], names[1]))
  );
}
