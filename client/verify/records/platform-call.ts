import { createHash } from "node:crypto";
import { canonicalBytes } from "@wanlian/model/canonical.js";
import { DatasetId, Digest, Instant, MspId, OfficerNumber, TransactionId } from "@wanlian/model/identifiers.js";
import { closed, count, text } from "@wanlian/model/kernel/schema.js";
import { FieldNames, MAX_NAME } from "@wanlian/model/model-1/limits.js";
import { GRANT_REFUSALS, type GrantRefusal, type Reading, type Use, type UseCases } from "@wanlian/model/reading.js";
import { type Static, Type } from "typebox";
import { Way } from "./access-request.js";
import type { AuditFilter } from "./audit-request.js";

/** Numbers that platforms give their calls are shorter. */
const MAX_CALL_NUMBER = 128;

/**
 * What is said of one call by whoever moved the data: the exchange platform, or who handed a file over. Both sides of the
 * call are told the same, so both logs can be compared by it.
 */
export const CallFacts = closed({
  road: Type.Enum(["platform", "file"]),
  /** The platform, by the name that its departments agreed on. */
  platform: text(MAX_NAME),
  /** The platform's own number of the call; of a file, its digest. */
  call: text(MAX_CALL_NUMBER),
  time: Instant,
  provider: MspId,
  consumer: MspId,
  dataset: DatasetId,
  way: Way,
  result: Type.Enum(["served", "refused", "failed"]),
  rows: count(),
  /** SHA-256 of what was handed over, where it is known. */
  digest: Type.Optional(Digest),
});
export type CallFacts = Static<typeof CallFacts>;

/** What else is said of it. What is not said is not checked. */
export const CallDetails = closed({
  grant: Type.Optional(TransactionId),
  release: Type.Optional(TransactionId),
  fields: Type.Optional(FieldNames),
  purpose: Type.Optional(text(MAX_NAME)),
  scenario: Type.Optional(text(MAX_NAME)),
  operator: Type.Optional(text(MAX_NAME)),
  officer: Type.Optional(OfficerNumber),
});
export type CallDetails = Static<typeof CallDetails>;

/** 平台调用: a call over another road, as a department's own node was told of it, held against the ledger of its time. */
export const PlatformCall = closed({
  schema: Type.Literal(1),
  kind: Type.Literal("call"),
  channel: text(MAX_NAME),
  /** Whose log it stands in: it answers for having been told so, not for the call. */
  department: MspId,
  facts: CallFacts,
  details: CallDetails,
  /** SHA-256 of the record as it came. */
  source: Digest,
  /** The ledger as it stood at the call's time, and the grant and release that were looked at there. */
  checked: closed({
    height: count(),
    block: Digest,
    time: Instant,
    grant: Type.Optional(TransactionId),
    release: Type.Optional(TransactionId),
  }),
  /** Why the ledger did not grant it then. */
  reason: Type.Optional(Type.Enum([...GRANT_REFUSALS])),
  /** The ledger's time when the node was told. */
  taken: Instant,
  /** The entry that says otherwise of the same call. */
  contradicts: Type.Optional(Digest),
  /** 32 random bytes, so that the entry's hash tells nothing. */
  nonce: Digest,
});
export type PlatformCall = Static<typeof PlatformCall>;

/** As it stands in the log. The log's own checkpoint signs it. */
export const CallEntry = closed({ call: PlatformCall });
export type CallEntry = Static<typeof CallEntry>;

export function encodeCallEntry(call: PlatformCall): Uint8Array {
  return canonicalBytes({ call });
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex") as Digest;

/** By which both sides know a call: SHA-256 of what names it. */
export function callKey({ road, platform, call, provider, consumer }: CallFacts): Digest {
  return sha256(canonicalBytes(road === "file" ? [road, platform, call, provider, consumer] : [road, platform, call]));
}

/** What both sides have to say alike: SHA-256. When a file was handed over, each side says by its own clock. */
export function factsDigest(facts: CallFacts): Digest {
  const { time: _, ...rest } = facts;
  return sha256(canonicalBytes(facts.road === "file" ? rest : facts));
}

/** What was said of a call, and the release that is held to be meant. */
export type SaidOfCall = Pick<PlatformCall, "facts" | "details"> & {
  readonly checked: Pick<PlatformCall["checked"], "release">;
};

/**
 * Whether the grant that a call is held to rest on covers it, by the one rule of what a grant covers. What nobody says of
 * the call is taken to be as granted.
 * @param cases as they stood at the call's time
 */
export function refusalOfCall(
  { facts, details, checked }: SaidOfCall,
  { reading, cases }: { readonly reading: Reading; readonly cases: UseCases },
): GrantRefusal | undefined {
  if (cases.application === undefined) return "UNKNOWN_GRANT";
  const granted = reading.application(cases.application);
  const { provider, consumer, dataset, way, time } = facts;
  const { operator, officer, fields = [], purpose = granted.purpose, scenario = granted.scenario } = details;
  const { principal, mandate } = granted;
  const use: Use = {
    ...{ provider, consumer, dataset, way, fields, purpose, scenario },
    // Where the dataset has none, the rule says so.
    release: checked.release ?? ("" as TransactionId),
    ...(operator === undefined ? {} : { operator }),
    ...(officer === undefined ? {} : { officer }),
    ...(principal === undefined ? {} : { principal }),
    ...(mandate === undefined ? {} : { mandate }),
  };
  return reading.refusalOfUse(use, cases, { time });
}

/** Whether an auditor's filter takes a call. */
export function filterTakesCall(filter: AuditFilter, { facts, details, checked }: PlatformCall): boolean {
  const { dataset, provider, consumer, officer, grant, since, until } = filter;
  return (
    (dataset === undefined || dataset === facts.dataset) &&
    (provider === undefined || provider === facts.provider) &&
    (consumer === undefined || consumer === facts.consumer) &&
    (officer === undefined || officer === details.officer) &&
    (grant === undefined || grant === checked.grant) &&
    (since === undefined || since <= facts.time) &&
    (until === undefined || facts.time <= until)
  );
}
