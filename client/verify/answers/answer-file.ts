import { Digest, Instant, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import { checkSchema, closed, count, text } from "@wanlian/model/kernel/schema.js";
import { MAX_NAME } from "@wanlian/model/model-1/limits.js";
import { RowProof } from "@wanlian/model/release/row-proof.js";
import { type Static, Type } from "typebox";
import {
  ActPlace,
  Blocks,
  BlocksBetween,
  Certificates,
  ConfigurationBlocks,
  EvidenceFile,
  LeafEvidence,
  Witnesses,
} from "../evidence-file.js";
import { StatementSignature } from "../records/statement.js";
import { MAX_ACTS, MAX_RECORDS, Question } from "./question.js";

/** Of a case, two: before and after; and the channel's clock and policy. */
const MAX_STANDINGS = 2 * MAX_ACTS;
const MAX_BLOCKS = 4 * MAX_ACTS;

/** An act as the node's answer has it. */
export const SaidAct = closed({
  noun: text(32),
  case: text(200),
  number: count(),
  /** Of a void attempt whatever it says of itself, or nothing. */
  type: Type.String({ maxLength: 64 }),
  department: Type.String({ maxLength: 200 }),
  officer: Type.String({ maxLength: 200 }),
  /** The ledger's, by the tick on which the act rests; empty before the clock began. */
  time: Type.Union([Instant, Type.Literal("")]),
  /** False: void, an attempt that changed nothing. */
  counted: Type.Boolean(),
  at: ActPlace,
  tick: Type.Optional(ActPlace),
});
export type SaidAct = Static<typeof SaidAct>;

/** That an act of the answer's was its case's last below a height. */
export const SaidStanding = closed({
  noun: text(32),
  case: text(200),
  number: count(),
  height: count(),
  act: ActPlace,
  /** A later act that rested on it: from there on the leaves between have to show it. */
  since: Type.Optional(ActPlace),
});
export type SaidStanding = Static<typeof SaidStanding>;

const CaseNamed = closed({ noun: text(32), case: text(200) });

/** What the node says to a question, and signs. */
export const Said = closed({
  schema: Type.Literal(1),
  channel: text(MAX_NAME),
  /** Whose node it is. */
  department: MspId,
  question: Question,
  /** Where its copy of the ledger stood. */
  ledger: closed({ height: count(), time: Type.Union([Instant, Type.Literal("")]) }),
  acts: Type.Array(SaidAct, { maxItems: MAX_ACTS }),
  /** Cases of which it shows every act that counted, from the first to the last shown. */
  whole: Type.Array(CaseNamed, { maxItems: MAX_ACTS }),
  standings: Type.Array(SaidStanding, { maxItems: MAX_STANDINGS }),
  cell: Type.Optional(closed({ release: TransactionId, field: text(64), digest: Digest, proof: RowProof })),
  records: Type.Array(Digest, { maxItems: MAX_RECORDS }),
  /** Whether the answer goes on behind this part of it. */
  more: Type.Boolean(),
});
export type Said = Static<typeof Said>;

/** What proves one access, without what all of the file share. */
const AccessProof = Type.Omit(EvidenceFile, ["format", "version", "channel", "chaincode", "blocks", "certificates"], {
  // Else it would be open, unlike what it is made of.
  additionalProperties: false,
});

/**
 * An answer to a question, to be taken home (docs/formats/answer.md): what the node says, signed, and what proves as much
 * of it as can be proven without believing the node. Nothing in it is trusted.
 */
export const AnswerFile = closed({
  format: Type.Literal("wanlian-answer"),
  version: Type.Literal(1),
  channel: text(MAX_NAME),
  chaincode: text(MAX_NAME),
  said: Said,
  signature: StatementSignature,
  /** Of the node that signed; PEM. */
  certificate: Type.String({ maxLength: 10_000 }),
  accesses: Type.Array(AccessProof, { maxItems: MAX_RECORDS }),
  /** Anchors of departments, later than all blocks that the answer speaks of. */
  witnesses: Witnesses,
  leaves: Type.Array(LeafEvidence, { maxItems: MAX_BLOCKS }),
  between: Type.Optional(BlocksBetween),
  configuration: ConfigurationBlocks,
  blocks: Blocks,
  certificates: Certificates(16 * MAX_RECORDS),
});
export type AnswerFile = Static<typeof AnswerFile>;

/** @throws LedgerError INVALID_INPUT */
export function parseAnswerFile(value: unknown): AnswerFile {
  checkSchema(AnswerFile, value);
  return value as AnswerFile;
}
