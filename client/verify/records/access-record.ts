import { canonicalBytes } from "@wanlian/model/canonical.js";
import { Digest, Instant, TransactionId } from "@wanlian/model/identifiers.js";
import { closed, count } from "@wanlian/model/kernel/schema.js";
import { type Hash, leafHash } from "@wanlian/model/merkle.js";
import { type Static, Type } from "typebox";
import { AccessRequest } from "./access-request.js";
import { REFUSALS } from "./refusal.js";
import { StatementSignature } from "./statement.js";

/** An objection more than these says nothing new to whoever gets the data. */
const MAX_OBJECTIONS = 100;

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

/** What every record of an access says (docs/formats/access-record.md). */
const shared = {
  schema: Type.Literal(1),
  request: AccessRequest,
  /** The officer's signature on the request. */
  requestSignature: StatementSignature,
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
  /** Objections open on the release: the label that the data carries. */
  objections: Type.Array(TransactionId, { maxItems: MAX_OBJECTIONS }),
  /** SHA-256 of the certificate (DER) that signs for the provider. */
  certificate: Digest,
  /** 32 random bytes, so that the record's hash tells nothing. */
  nonce: Digest,
};

/** What went out. */
const given = {
  rows: count(),
  bytes: count(),
  /**
   * Of what was returned. Look-up and verification: HMAC-SHA256 under the access's key. Download: the release root
   * over the digests of the fields that went out.
   */
  response: Type.Optional(Digest),
};

/** A response that was ready at once: all of it went out; nothing did, by the grant; nothing did, by a fault. */
const WholeAccess = closed({
  kind: Type.Literal("access"),
  ...shared,
  ...given,
  result: Type.Enum(["served", "refused", "failed"]),
  reason: Type.Optional(Reason),
});

/** A stream begins: before its first byte. */
const Opening = closed({
  kind: Type.Literal("opening"),
  ...shared,
  result: Type.Literal("opened"),
  rows: Type.Literal(0),
  bytes: Type.Literal(0),
});

/** A stream has ended: whole, by a fault, or because the grant ceased to hold. */
const Closing = closed({
  kind: Type.Literal("closing"),
  ...shared,
  ...given,
  result: Type.Enum(["served", "failed", "stopped"]),
  reason: Type.Optional(Reason),
  /** Leaf hash of the opening. */
  opening: Digest,
});

/** 调用记录: one access as provider and consumer both sign and log it; a stream has two. */
export const AccessRecord = Type.Union([WholeAccess, Opening, Closing]);
export type AccessRecord = Static<typeof AccessRecord>;

/** What stands in both logs, to the byte: so one access has one leaf hash everywhere. */
export const SignedRecord = closed({
  record: AccessRecord,
  /** The provider's node's. */
  signature: StatementSignature,
});
export type SignedRecord = Static<typeof SignedRecord>;

export function encodeEntry(signed: SignedRecord): Uint8Array {
  return canonicalBytes(signed);
}

/** The record's name wherever it is spoken of: its leaf hash. */
export function recordId(signed: SignedRecord): Digest {
  return hexOf(leafHash(encodeEntry(signed)));
}

export function hexOf(hash: Hash): Digest {
  return Buffer.from(hash).toString("hex") as Digest;
}

/** Why not, where it was not served; an opening has none yet. */
export function reasonOf(record: AccessRecord): Reason | undefined {
  return record.kind === "opening" ? undefined : record.reason;
}

/** The digest of what was returned; an opening has none yet. */
export function responseOf(record: AccessRecord): Digest | undefined {
  return record.kind === "opening" ? undefined : record.response;
}

/** Of a closing: the opening's id. */
export function openingOf(record: AccessRecord): Digest | undefined {
  return record.kind === "closing" ? record.opening : undefined;
}

/** The answer of a check that found no such row, in bytes: a yes has one fewer. */
const NO_BYTES = canonicalBytes({ match: false }).length;

/**
 * Whether it was answered and nothing was found: no row of a look-up, no of a check. Of a check the record says so by the
 * length of its answer alone.
 */
export function foundNothing({ kind, request: { way, road }, result, rows, ...record }: AccessRecord): boolean {
  if (kind !== "access" || result !== "served" || road !== "gateway") return false;
  if (way === "lookup") return rows === 0;
  return way === "verification" && record.bytes === NO_BYTES;
}
