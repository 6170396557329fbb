import { type Static, Type } from "typebox";
import { DatasetId, Digest, Instant, LegalBasisId, MspId, OfficerNumber, TransactionId } from "../../identifiers.js";
import { Deadlines } from "../deadlines.js";
import { closed, count, FieldNames, Text } from "../limits.js";
import { MAX_NOT_RECEIVED } from "../not-received.js";
import { QualityDimension } from "../quality.js";

/** Rows that an objection lists by their place in the release; more are counted, and stand in the evidence. */
const MAX_LISTED_ROWS = 1000;

/** 结论: 属实, 部分属实, 不属实. */
export const Outcome = Type.Enum(["substantiated", "partly", "unsubstantiated"]);

export const RaiseObjection = closed({
  dataset: DatasetId,
  release: TransactionId,
  dimension: QualityDimension,
  /** The columns concerned. */
  fields: FieldNames,
  /** How many rows, and the first of them by their place in the release, from 0. */
  rowCount: count(),
  rows: Type.Array(count(), { maxItems: MAX_LISTED_ROWS, uniqueItems: true }),
  /** SHA-256 of the evidence, which stays with the objector and those it is shown to. */
  evidence: Digest,
  claim: Text,
});
export const AcceptObjection = closed({});
export const ExtendVerification = closed({ reasons: Text });
export const ConcludeVerification = closed({ outcome: Outcome, reasons: Text, basis: Type.Optional(LegalBasisId) });
export const CorrectByRelease = closed({ release: TransactionId });
export const ConfirmOutcome = closed({});
export const DisputeOutcome = closed({ reasons: Text });
export const SettleDispute = closed({ decision: Type.Enum(["upheld", "dismissed"]), reasons: Text });
export const CloseObjection = closed({ reasons: Type.Optional(Text) });
export const WithdrawObjection = closed({ reasons: Type.Optional(Text) });
export const ConclusionNotReceived = closed({ act: Type.Integer({ minimum: 1 }) });

export const OBJECTION_STATUSES = [
  "raised",
  "verifying",
  "correcting",
  "corrected",
  "answered",
  "disputed",
  "closed",
  "withdrawn",
  "discontinued",
] as const;
/** After the bureau has settled it once, an outcome can be disputed once more, then it stands. */
export const MAX_DISPUTES = 2;

export const ObjectionState = closed({
  status: Type.Enum([...OBJECTION_STATUSES]),
  dataset: DatasetId,
  release: TransactionId,
  provider: MspId,
  objector: MspId,
  officer: OfficerNumber,
  outcome: Type.Optional(Outcome),
  settled: Type.Optional(Type.Enum(["upheld", "dismissed"])),
  /** The releases that corrected it, the last one at the end: each dispute calls for a new one. */
  corrections: Type.Array(TransactionId, { maxItems: 1 + MAX_DISPUTES }),
  extended: Type.Optional(Type.Boolean()),
  answer: Type.Optional(closed({ act: Type.Integer(), at: Instant })),
  /** How often each repeatable step was taken: every loop has its bound. */
  times: closed({
    disputes: Type.Integer({ minimum: 0, maximum: MAX_DISPUTES }),
    notReceived: Type.Integer({ minimum: 0, maximum: MAX_NOT_RECEIVED }),
  }),
  deadlines: Deadlines,
});
export type ObjectionState = Static<typeof ObjectionState>;

/**
 * 标注: while an objection is open, the data carries its label; and so does what was found wrong and never corrected,
 * though the bureau has ended the case.
 */
export function isOpenObjection({ status, outcome, settled }: ObjectionState): boolean {
  if (status === "discontinued") return settled === "upheld" || outcome === "substantiated" || outcome === "partly";
  return status !== "closed" && status !== "withdrawn";
}
