import { canonicalBytes, parseCanonical } from "@wanlian/model/canonical.js";
import { Digest, Instant, TransactionId } from "@wanlian/model/identifiers.js";
import { type Hash, leafHash } from "@wanlian/model/merkle.js";
import { closed, count } from "@wanlian/model/model-1/limits.js";
import { type Static, Type } from "typebox";
import { Compile } from "typebox/schema";
import { AccessRequest } from "./access-request.js";
import { REFUSALS } from "./refusal.js";

/** An objection more than these says nothing new to whoever gets the data. */
const MAX_OBJECTIONS = 100;

/**
 * How it ended: all went out; nothing did, by the grant; nothing or not all did, by a fault; the stream was ended
 * because the grant ceased to hold.
 */
export const Result = Type.Enum(["opened", "served", "refused", "failed", "stopped"]);

/** Why not, where it was not served: the grant's reasons, or what failed. */
export const FAILURES = [
  "SOURCE_FAILED",
  "SOURCE_CHANGED",
  "SOURCE_DIFFERS",
  "SOURCE_SLOW",
  "CONSUMER_STALLED",
  "CONSUMER_GONE",
  "INTERRUPTED",
] as const;
/** Of a closing that nobody waited for: the consumer was not there any more, or the provider's node was not. */
export const BROKEN_OFF_REASONS: readonly string[] = [
  "CONSUMER_STALLED",
  "CONSUMER_GONE",
  "INTERRUPTED",
] satisfies readonly (typeof FAILURES)[number][];
export const Reason = Type.Enum([...REFUSALS, ...FAILURES]);
export type Reason = Static<typeof Reason>;

/** 调用记录: one access as provider and consumer both sign and log it (docs/formats/access-record.md). */
export const AccessRecord = closed({
  schema: Type.Literal(1),
  /** A response that is ready at once has one record, a stream two. */
  kind: Type.Enum(["access", "opening", "closing"]),
  request: AccessRequest,
  /** The officer's signature on the request, base64. */
  requestSignature: Type.String({ minLength: 1, maxLength: 200 }),
  /** The ledger as the provider's node had it when it decided. */
  checked: closed({
    /** The last act of the grant's case; 0: there is no such case. */
    act: count(),
    height: count(),
    /** Header hash of block height - 1. */
    block: Digest,
    /** The ledger's time. */
    time: Instant,
    /** The act of the policy case that was in force. */
    policy: count(),
  }),
  result: Result,
  reason: Type.Optional(Reason),
  rows: count(),
  bytes: count(),
  /**
   * Of what was returned. Look-up and verification: HMAC-SHA256 under the access's key. Download: the release root
   * over the digests of the fields that went out.
   */
  response: Type.Optional(Digest),
  /** Objections open on the release: the label that the data carries. */
  objections: Type.Array(TransactionId, { maxItems: MAX_OBJECTIONS }),
  /** Of a closing: leaf hash of the opening. */
  opening: Type.Optional(Digest),
  /** SHA-256 of the certificate (DER) that signs for the provider. */
  certificate: Digest,
  /** 32 random bytes, so that the record's hash tells nothing. */
  nonce: Digest,
});
export type AccessRecord = Static<typeof AccessRecord>;

/** What stands in both logs, to the byte: so one access has one leaf hash everywhere. */
export const SignedRecord = closed({
  record: AccessRecord,
  /** The provider's node, base64. */
  signature: Type.String({ minLength: 1, maxLength: 200 }),
});
export type SignedRecord = Static<typeof SignedRecord>;

const recordForm = Compile(SignedRecord);

export function encodeEntry(signed: SignedRecord): Uint8Array {
  return canonicalBytes(signed);
}

/** Undefined if the bytes are no access record in canonical form. */
export function decodeEntry(entry: Uint8Array): SignedRecord | undefined {
  const value = parseCanonical(entry);
  return recordForm.Check(value) ? (value as SignedRecord) : undefined;
}

/** The record's name wherever it is spoken of: its leaf hash. */
export function recordId(signed: SignedRecord): Digest {
  return hexOf(leafHash(encodeEntry(signed)));
}

export function hexOf(hash: Hash): Digest {
  return Buffer.from(hash).toString("hex") as Digest;
}
