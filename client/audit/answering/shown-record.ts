import { Digest } from "@wanlian/model/identifiers.js";
import { closed, count } from "@wanlian/model/kernel/schema.js";
import { MAX_PROOF_HASHES } from "@wanlian/model/merkle.js";
import { type Static, Type } from "typebox";
import { Check } from "typebox/schema";
import { StatementSignature } from "../../access/index.js";
import { ExchangeError } from "../../core/index.js";

const Pem = Type.String({ minLength: 1, maxLength: 10_000 });

/** Certificates asked for at a time. */
export const MAX_CERTIFICATES = 200;
/** PEM with its name, and what JSON adds. */
export const MAX_CERTIFICATES_BYTES = MAX_CERTIFICATES * 11_000;
export const CertificatesAsked = closed({
  certificates: Type.Array(Digest, { minItems: 1, maxItems: MAX_CERTIFICATES, uniqueItems: true }),
});
export type CertificatesAsked = Static<typeof CertificatesAsked>;

/** PEM by SHA-256 of the DER; those that the node lacks are left out. */
export const CertificatesShown = closed({
  certificates: Type.Record(Digest, Pem, { maxProperties: MAX_CERTIFICATES, additionalProperties: false }),
});
export type CertificatesShown = Static<typeof CertificatesShown>;

/** One record of a log, with everything that is kept beside it: to be taken home as evidence. */
export const RecordShown = closed({
  /** Signed note of the tree that the proof is of. */
  checkpoint: Type.String({ maxLength: 16_384 }),
  position: count(),
  /** The entry's bytes, base64. */
  entry: Type.String({ maxLength: 90_000 }),
  /** RFC 6962 inclusion. */
  proof: Type.Array(Digest, { maxItems: MAX_PROOF_HASHES }),
  receipt: Type.Optional(closed({ signature: StatementSignature, certificate: Digest })),
  /** The access's own key, with which a value can be tested against the record's digests. */
  key: Type.Optional(Digest),
  certificates: Type.Record(Digest, Pem, { maxProperties: 3, additionalProperties: false }),
});
export type RecordShown = Static<typeof RecordShown>;

/** @throws ExchangeError BAD_ANSWER */
export function parseRecordShown(value: unknown): RecordShown {
  if (!Check(RecordShown, value)) throw new ExchangeError("BAD_ANSWER", "the node shows a record in another form");
  return value as RecordShown;
}

/** @throws ExchangeError BAD_ANSWER */
export function parseCertificates(value: unknown): CertificatesShown {
  if (!Check(CertificatesShown, value))
    throw new ExchangeError("BAD_ANSWER", "the node shows certificates in another form");
  return value as CertificatesShown;
}
