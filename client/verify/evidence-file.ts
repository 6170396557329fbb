import { Digest, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import { checkSchema, closed, count, text } from "@wanlian/model/kernel/schema.js";
import { MAX_PROOF_HASHES } from "@wanlian/model/merkle.js";
import { MAX_NAME } from "@wanlian/model/model-1/limits.js";
import { type Static, Type } from "typebox";
import { ShownAnswer } from "./records/shown-answer.js";
import { StatementSignature } from "./records/statement.js";

const Proof = Type.Array(Digest, { maxItems: MAX_PROOF_HASHES });
const Base64 = (maxLength: number) => Type.String({ maxLength, pattern: "^[A-Za-z0-9+/]*={0,2}$" });
/** Longer than any entry that a log takes (64 KiB). */
const Entry = Base64(100_000);

/** Where an act stands: its transaction, in a block of the file. */
export const ActPlace = closed({ transaction: TransactionId, block: count() });
export type ActPlace = Static<typeof ActPlace>;

/** Kinds of case on which an access rests. */
export const CASE_KINDS = ["application", "dataset", "release", "member", "mandate", "clock", "policy"] as const;
export type CaseKind = (typeof CASE_KINDS)[number];

/** A case as it stood when the access was checked: by its last act then. */
export const CaseEvidence = closed({
  noun: Type.Enum([...CASE_KINDS]),
  case: text(160),
  act: ActPlace,
  /** A later act whose basis says that this was the last one still: from there on the leaves between have to show it. */
  since: Type.Optional(ActPlace),
});
export type CaseEvidence = Static<typeof CaseEvidence>;

const Leaf = closed({
  block: count(),
  hash: Digest,
  codes: Type.String({ maxLength: 100_000, pattern: "^([0-9a-f]{2})*$" }),
  commitHash: Type.String({ maxLength: 128, pattern: "^[0-9a-f]*$" }),
  verdicts: Type.String({ maxLength: 1_000_000 }),
});

/** A block's leaf in the ledger tree, and its inclusion in the tree of each witness, in the witnesses' order. */
export const LeafEvidence = closed({
  leaf: Leaf,
  inclusions: Type.Array(Proof, { maxItems: 64 }),
});
export type LeafEvidence = Static<typeof LeafEvidence>;

/** So many leaves are a file of some twenty megabytes; a quiet consortium has four hundred blocks a day. */
export const MAX_BLOCKS_BETWEEN = 50_000;

/**
 * The leaves of all blocks up to the one below the height at which the access was checked, in order: they name every
 * act that counted there. With the proof of the range in the tree of each witness.
 */
export const BlocksBetween = closed({
  leaves: Type.Array(Leaf, { minItems: 1, maxItems: MAX_BLOCKS_BETWEEN }),
  proofs: Type.Array(Type.Array(Digest, { maxItems: 2 * MAX_PROOF_HASHES }), { maxItems: 64 }),
});
export type BlocksBetween = Static<typeof BlocksBetween>;

/** Numbers of the configuration blocks, the genesis block first. */
export const ConfigurationBlocks = Type.Array(count(), { minItems: 1, maxItems: 1000 });
/** proto common.Block by number. */
export const Blocks = Type.Record(Type.String({ pattern: "^(0|[1-9][0-9]*)$" }), Base64(50_000_000), {
  maxProperties: 3500,
  additionalProperties: false,
});
/** PEM by SHA-256. */
export const Certificates = (most: number) =>
  Type.Record(Type.String({ pattern: "^[0-9a-f]{64}$" }), Type.String({ maxLength: 10_000 }), {
    maxProperties: most,
    additionalProperties: false,
  });
/** Other departments' anchors of the ledger tree. */
export const Witnesses = Type.Array(ActPlace, { maxItems: 64 });

/** An entry of the log, and its inclusion in the tree that the anchor's checkpoint states. */
const LogPlace = closed({ position: count(), entry: Entry, inclusion: Proof });

/**
 * Everything about one access in one file (docs/formats/evidence.md): the record, its place in the log, the anchor on
 * the ledger, the cases on which it rests, and other departments' anchors of the ledger tree; with the blocks and
 * certificates to check it all offline. Nothing in it is trusted.
 */
export const EvidenceFile = closed({
  format: Type.Literal("wanlian-evidence"),
  version: Type.Literal(2),
  channel: text(MAX_NAME),
  chaincode: text(MAX_NAME),
  /** Whose log the record is in. */
  department: MspId,
  record: LogPlace,
  /** Of a closing: the record with which the stream began. */
  opening: Type.Optional(LogPlace),
  receipt: Type.Optional(closed({ signature: StatementSignature, certificate: Digest })),
  /** Opens the digests of what was looked up: only in what those get who may open it. */
  key: Type.Optional(Digest),
  /** What was looked up and what came back: put in by whoever has it and wants it checked. */
  answer: Type.Optional(ShownAnswer),
  /** The first anchor whose tree holds the record, and the act of the log's case before it. */
  anchor: ActPlace,
  before: ActPlace,
  cases: Type.Array(CaseEvidence, { maxItems: CASE_KINDS.length }),
  /** Left out where more blocks lie between than a file should hold. */
  between: Type.Optional(BlocksBetween),
  /** Anchors of departments that are no party of the access, later than all blocks that they speak of here. */
  witnesses: Witnesses,
  leaves: Type.Array(LeafEvidence, { maxItems: 32 }),
  configuration: ConfigurationBlocks,
  blocks: Blocks,
  certificates: Certificates(16),
});
export type EvidenceFile = Static<typeof EvidenceFile>;

/** What any file of evidence says of the channel: its configurations, and the blocks that it shows. */
export type ChannelFile = Pick<EvidenceFile, "channel" | "chaincode" | "configuration" | "blocks">;

/** @throws LedgerError INVALID_INPUT */
export function parseEvidence(value: unknown): EvidenceFile {
  checkSchema(EvidenceFile, value);
  return value as EvidenceFile;
}
