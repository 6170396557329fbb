import { Digest, MspId } from "@wanlian/model/identifiers.js";
import { MAX_PROOF_HASHES } from "@wanlian/model/merkle.js";
import { closed, count } from "@wanlian/model/model-1/limits.js";
import { type Static, Type } from "typebox";
import { Check } from "typebox/schema";
import { ExchangeError } from "../core/index.js";

/** Entries in one answer: with proof and receipt some 4 KB each. */
export const AUDIT_PAGE = 500;

const Certificate = Type.String({ maxLength: 10_000 });

/** An entry of the asked node's log, with what the node keeps beside it. */
export const AuditedEntry = closed({
  position: count(),
  /** The entry's bytes, base64. */
  entry: Type.String({ maxLength: 90_000 }),
  /** RFC 6962 inclusion in the answer's checkpoint, hex. */
  proof: Type.Array(Digest, { maxItems: MAX_PROOF_HASHES }),
  /** The other side's countersignature (or one's own, on the consumer's side). */
  receipt: Type.Optional(closed({ signature: Type.String({ maxLength: 200 }), certificate: Digest })),
  /** The access's own key, with which a value can be tested against the record's digests. */
  key: Type.Optional(Digest),
});
export type AuditedEntry = Static<typeof AuditedEntry>;

export const AuditAnswer = closed({
  node: MspId,
  /** Signed note. The size of its tree is taken before the question itself is filed. */
  checkpoint: Type.String({ maxLength: 16_384 }),
  entries: Type.Array(AuditedEntry, { maxItems: AUDIT_PAGE }),
  /** Certificates named by the entries, PEM. */
  certificates: Type.Record(Digest, Certificate, { maxProperties: 2000 }),
  /** Where to go on; absent at the end. */
  next: Type.Optional(count()),
});
export type AuditAnswer = Static<typeof AuditAnswer>;

/** @throws ExchangeError BAD_ANSWER */
export function parseAuditAnswer(value: unknown): AuditAnswer {
  if (!Check(AuditAnswer, value))
    throw new ExchangeError("BAD_ANSWER", "the node's answer to the audit has another form");
  return value as AuditAnswer;
}
