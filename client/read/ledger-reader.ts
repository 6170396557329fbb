import type { Instant, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { PolicyRead, Reading, UseCases } from "@wanlian/model/reading.js";
import type { FieldDigest } from "@wanlian/model/release/release-root.js";
import type { AccessRequest } from "@wanlian/verify";

/** Where the node's copy of the ledger stands. */
export interface LedgerPosition {
  /** Blocks folded. */
  readonly height: number;
  /** Header hash of block height - 1, hex. */
  readonly block: string;
  /** The ledger's time. */
  readonly time: Instant;
  /** False while the node is behind or the clock is stale: then it serves no data. */
  readonly ready: boolean;
}

/** A case as the fold has it. */
export interface Case {
  /** Number of its last valid act. */
  readonly act: number;
  readonly state: CaseState;
}

/** An anchor of a department's log, from the auditor's own copy of the ledger. */
export interface Anchor {
  readonly department: MspId;
  readonly size: number;
  /** Hex. */
  readonly root: string;
  /** Blocks of the ledger tree that it anchors. */
  readonly blocks: number;
  /** The block that the anchor stands in, and its time. */
  readonly block: number;
  readonly time: string;
  readonly transactionId: string;
}

/** What was in force at a place in the ledger. */
export interface RulesAt {
  /** Of the version that was in force there. */
  readonly reading: Reading;
  readonly policy: PolicyRead;
  /** The ledger's time then. */
  readonly time: Instant;
}

/** What names the cases that decide on a use. */
export type RuledUse = Pick<AccessRequest, "grant" | "dataset" | "release" | "consumer" | "mandate">;

/** What decides on a request at a place in the ledger. */
export interface RuleAt extends RulesAt {
  readonly cases: UseCases;
}

/** The node's own copy of the ledger, as it is and as it was. What a state says, a version's reading tells. */
export interface LedgerReader {
  position(): LedgerPosition;
  /** How the version in force reads states. */
  reading(): Reading;
  /** Waits until so many blocks are folded; false if that takes too long. */
  reached(height: number): Promise<boolean>;
  /** Header hash, hex, or undefined if the block is not here yet. */
  blockHash(number: number): Promise<string | undefined>;
  /** A case as its last valid act left it, or undefined if it has none. */
  head(noun: string, id: string): Promise<Case | undefined>;
  /** The state of a case after the blocks below a height. */
  stateAt(noun: string, id: string, height: number): Promise<CaseState | undefined>;
  /** What was in force after the blocks below a height; undefined before policy 1 and if they are not here. */
  rulesAt(height: number): Promise<RulesAt | undefined>;
  /** What decides on a use, after the blocks below a height; undefined if they are not here. */
  ruleAt(use: RuledUse, height: number): Promise<RuleAt | undefined>;
  /** Anchors of a department's log, in order. */
  anchors(department: MspId): Promise<readonly Anchor[]>;
  openObjections(release: TransactionId): Promise<readonly TransactionId[]>;
  /** The digests that a release registered, field by field; undefined if there is no such release. */
  releaseFields(release: TransactionId): Promise<readonly FieldDigest[] | undefined>;
}

/** The ledger as whoever gives or gets data has to know it: as it is. */
export type LedgerPresent = Pick<
  LedgerReader,
  "position" | "reading" | "reached" | "blockHash" | "head" | "openObjections" | "releaseFields"
>;

/** The ledger as whoever judges what was done has to know it: as it was. */
export type LedgerPast = Pick<LedgerReader, "position" | "blockHash" | "rulesAt" | "ruleAt" | "anchors">;
