import { createHmac, randomBytes } from "node:crypto";
import { canonicalBytes } from "@wanlian/model/canonical.js";
import { DatasetId, Digest, Instant, MspId, OfficerNumber, TransactionId } from "@wanlian/model/identifiers.js";
import { checkSchema, closed, count, text } from "@wanlian/model/kernel/schema.js";
import { FieldName, FieldNames, MAX_NAME } from "@wanlian/model/model-1/limits.js";
import { Purpose } from "@wanlian/model/model-1/policy/policy-schema.js";
import { type Static, Type } from "typebox";
import { Compile } from "typebox/schema";
import { StatementSignature } from "./statement.js";

/** 调用方式: rows by key; yes or no; the granted fields of the whole release; keyed digests of rows that the consumer has. */
export const Way = Type.Enum(["lookup", "verification", "download", "comparison"]);
export type Way = Static<typeof Way>;

/** How the data travels: this node's gateway, a file handed over, the municipal exchange platform. */
export const Road = Type.Enum(["gateway", "file", "platform"]);

/** What an officer signs to get data (docs/formats/access-record.md). Without this signature there is no access. */
export const AccessRequest = closed({
  schema: Type.Literal(1),
  channel: text(MAX_NAME),
  provider: MspId,
  consumer: MspId,
  officer: OfficerNumber,
  /** SHA-256 of the officer's certificate (DER). */
  certificate: Digest,
  /** Where a machine asks: as its certificate says. */
  machine: Type.Optional(Type.Literal(true)),
  dataset: DatasetId,
  release: TransactionId,
  /** The application whose grant is used. */
  grant: TransactionId,
  fields: FieldNames,
  purpose: Purpose,
  scenario: text(MAX_NAME),
  way: Way,
  road: Road,
  /** 平台运营企业, where one works for the consumer. */
  operator: Type.Optional(text(MAX_NAME)),
  principal: Type.Optional(MspId),
  mandate: Type.Optional(TransactionId),
  /** Of a comparison: the fields that tell rows apart. They are among those asked for. */
  by: Type.Optional(FieldNames),
  /** What is looked up, as a digest under the access's own key: {@link subjectDigest}. */
  subject: Type.Optional(Digest),
  /** The ledger as the consumer's node had it: a provider on another chain, or far behind, is found out. */
  ledger: closed({ height: count(), block: Digest, time: Instant }),
  /** 32 random bytes. No two requests share one. */
  nonce: Digest,
});
export type AccessRequest = Static<typeof AccessRequest>;

/** Values looked up, by field. */
export const Subject = Type.Record(FieldName, Type.String({ maxLength: 1000 }), {
  minProperties: 1,
  maxProperties: 20,
  // Else a name that is none could stand for anything.
  additionalProperties: false,
});
export type Subject = Static<typeof Subject>;

/** Rows in one comparison: each takes 16 bytes, and is held by the provider while it goes through the release. */
export const MAX_COMPARED_ROWS = 100_000;
/** Of a keyed digest; what others can try is bounded by what they can guess, not by these. */
export const KEYED_DIGEST_BYTES = 16;

/** What is compared: keyed digests of rows, as docs/formats/comparison.md has them. */
export const ComparedRows = closed({
  /** 32 random bytes, hex, that live for one comparison: neither side keeps them. */
  key: Digest,
  /** Base64 of the rows' keyed digests, one after the other. */
  rows: Type.String({
    minLength: 1,
    maxLength: Math.ceil((MAX_COMPARED_ROWS * KEYED_DIGEST_BYTES) / 3) * 4,
    pattern: "^[A-Za-z0-9+/]+={0,2}$",
  }),
});
export type ComparedRows = Static<typeof ComparedRows>;

/** What travels to the provider. Key and subject stay out of every log. */
export const SignedRequest = closed({
  request: AccessRequest,
  /** The officer's. */
  signature: StatementSignature,
  /** PEM. */
  certificate: Type.String({ minLength: 1, maxLength: 10_000 }),
  /** 32 random bytes of this access alone, hex. */
  key: Digest,
  subject: Type.Optional(Subject),
  /** Instead of a subject, where the way is a comparison. */
  compared: Type.Optional(ComparedRows),
});
export type SignedRequest = Static<typeof SignedRequest>;

const requestForm = Compile(SignedRequest);

/** @throws LedgerError INVALID_INPUT */
export function parseSignedRequest(value: unknown): SignedRequest {
  // The compiled check is the fast one; the other finds the words for what does not fit.
  if (!requestForm.Check(value)) checkSchema(SignedRequest, value);
  return value as SignedRequest;
}

/** HMAC-SHA256 under the access's key of the subject's canonical JSON: says nothing without the key. */
export function subjectDigest(key: Digest, subject: Subject): Digest {
  return keyedDigest(key, canonicalBytes(subject));
}

/** The same of what is compared. */
export function comparedDigest(key: Digest, compared: ComparedRows): Digest {
  return keyedDigest(key, canonicalBytes(compared));
}

/** HMAC-SHA256, hex. */
export function keyedDigest(key: Digest, bytes: Uint8Array): Digest {
  return createHmac("sha256", Buffer.from(key, "hex")).update(bytes).digest("hex") as Digest;
}

/** 32 bytes for a nonce or a key, hex. */
export function randomDigest(): Digest {
  return randomBytes(32).toString("hex") as Digest;
}
