import { Digest, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import { checkSchema } from "@wanlian/model/kernel/schema.js";
import { MAX_PROOF_HASHES } from "@wanlian/model/merkle.js";
import { closed, count, MAX_NAME, text } from "@wanlian/model/model-1/limits.js";
import { type Static, Type } from "typebox";

const Proof = Type.Array(Digest, { maxItems: MAX_PROOF_HASHES });
const Base64 = (maxLength: number) => Type.String({ maxLength, pattern: "^[A-Za-z0-9+/]*={0,2}$" });

/** Where an act stands: its transaction, in a block of the bundle. */
export const ActPlace = closed({ transaction: TransactionId, block: count() });
export type ActPlace = Static<typeof ActPlace>;

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

/** So many blocks are a file of some megabytes. */
export const MAX_BLOCKS_BETWEEN = 10_000;

/**
 * The leaves of all blocks from the grant's up to the one below the height at which it was checked, in order: they name
 * every act that counted there. With the proof of the range in the tree of each witness.
 */
export const BlocksBetween = closed({
  leaves: Type.Array(Leaf, { minItems: 1, maxItems: MAX_BLOCKS_BETWEEN }),
  proofs: Type.Array(Type.Array(Digest, { maxItems: 2 * MAX_PROOF_HASHES }), { maxItems: 64 }),
});
export type BlocksBetween = Static<typeof BlocksBetween>;

/**
 * Everything about one access in one file: the record, its place in the log, the anchor on the ledger, the
 * grant, and other departments' anchors of the ledger tree; with the blocks and certificates to check it all offline.
 */
export const EvidenceBundle = closed({
  format: Type.Literal("wanlian-evidence"),
  version: Type.Literal(1),
  channel: text(MAX_NAME),
  chaincode: text(MAX_NAME),
  /** Whose log the record is in. */
  department: MspId,
  record: closed({
    position: count(),
    entry: Base64(100_000),
    receipt: Type.Optional(closed({ signature: Base64(200), certificate: Digest })),
    /** Opens the digests of what was looked up. */
    key: Type.Optional(Digest),
  }),
  /** In the tree that the anchor's checkpoint states. */
  inclusion: Proof,
  anchor: ActPlace,
  /** The act of the grant's case that the record names, where it names one. */
  grant: Type.Optional(ActPlace),
  /** Left out where more blocks lie between than a file should hold. */
  between: Type.Optional(BlocksBetween),
  /** Anchors of other departments, later than all blocks that they speak of here. */
  witnesses: Type.Array(ActPlace, { maxItems: 64 }),
  leaves: Type.Array(LeafEvidence, { maxItems: 8 }),
  /** Numbers of the configuration blocks, the genesis block first. */
  configuration: Type.Array(count(), { minItems: 1, maxItems: 1000 }),
  /** proto common.Block by number. */
  blocks: Type.Record(Type.String({ pattern: "^(0|[1-9][0-9]*)$" }), Base64(50_000_000), { maxProperties: 1200 }),
  /** PEM by SHA-256. */
  certificates: Type.Record(Type.String({ pattern: "^[0-9a-f]{64}$" }), Type.String({ maxLength: 10_000 }), {
    maxProperties: 16,
  }),
  /** Said by a node of a demo channel. */
  demo: Type.Optional(Type.Boolean()),
});
export type EvidenceBundle = Static<typeof EvidenceBundle>;

/** @throws LedgerError INVALID_INPUT */
export function parseEvidence(value: unknown): EvidenceBundle {
  checkSchema(EvidenceBundle, value);
  return value as EvidenceBundle;
}
