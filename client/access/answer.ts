import { Digest } from "@wanlian/model/identifiers.js";
import { closed, count } from "@wanlian/model/kernel/schema.js";
import { Payload, RowProofs, SignedRecord, StatementSignature } from "@wanlian/verify";
import { type Static, Type } from "typebox";
import { Check, Compile } from "typebox/schema";
import { ExchangeError } from "../core/index.js";

const certificate = Type.String({ minLength: 1, maxLength: 10_000 });

/** A record as it travels from provider to consumer. */
export const DeliveredRecord = closed({
  signed: SignedRecord,
  /** In the provider's log. */
  position: count(),
  /** PEM of the certificate that signed. */
  certificate,
});
export type DeliveredRecord = Static<typeof DeliveredRecord>;

export const DeliveredAnswer = closed({
  record: DeliveredRecord,
  payload: Type.Optional(Payload),
  proofs: Type.Optional(RowProofs),
});
export type DeliveredAnswer = Static<typeof DeliveredAnswer>;

/** The consumer's countersignature: it has the record, and logs it too. */
export const DeliveredReceipt = closed({
  /** The record's id. */
  record: Digest,
  /** In the provider's log, where the consumer still knows it. */
  position: Type.Optional(count()),
  signature: StatementSignature,
  certificate,
});
export type DeliveredReceipt = Static<typeof DeliveredReceipt>;

/**
 * An answer on the wire, or the records of some requests: whatever is read of it is held a few times over. A provider
 * gives no more rows than fit, and says that there are more.
 */
export const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
/** Of that, for rows and their proofs; the record with its certificate, and what JSON adds, have the rest. */
export const MAX_ROWS_BYTES = 6 * 1024 * 1024;

/** Receipts in one delivery. */
export const MAX_RECEIPTS = 100;
export const DeliveredReceipts = closed({
  /** Each is read by itself: one of another form does not hold up the others. */
  receipts: Type.Array(Type.Object({ record: Digest }), { minItems: 1, maxItems: MAX_RECEIPTS }),
});
export type DeliveredReceipts = Static<typeof DeliveredReceipts>;

/** What the provider says to them: those that it did not take. */
export const ReceiptAnswer = closed({
  refused: Type.Array(closed({ record: Digest, code: Type.String({ maxLength: 100 }) }), { maxItems: MAX_RECEIPTS }),
});
export type ReceiptAnswer = Static<typeof ReceiptAnswer>;

/** A receipt with its certificate takes some 1.5 KB. */
export const MAX_RECEIPTS_BYTES = MAX_RECEIPTS * 12 * 1024;

/** A provider that lost countersignatures asks for them by its records' ids. */
export const LostReceipts = closed({ records: Type.Array(Digest, { minItems: 1, maxItems: MAX_RECEIPTS }) });
export type LostReceipts = Static<typeof LostReceipts>;

export const FoundReceipts = closed({ receipts: Type.Array(DeliveredReceipt, { maxItems: MAX_RECEIPTS }) });
export type FoundReceipts = Static<typeof FoundReceipts>;

/** Requests in one question for their records. */
export const MAX_REQUESTS = 20;
/** A stream has two; one that was sent again has one more each time. */
export const MAX_FOUND = 4 * MAX_REQUESTS;

/** A consumer that lost answers asks which records the provider has of its requests: by their nonces. */
export const LostRequests = closed({ requests: Type.Array(Digest, { minItems: 1, maxItems: MAX_REQUESTS }) });
export type LostRequests = Static<typeof LostRequests>;

export const FoundRecords = closed({ records: Type.Array(DeliveredRecord, { maxItems: MAX_FOUND }) });
export type FoundRecords = Static<typeof FoundRecords>;

const answerForm = Compile(DeliveredAnswer);

/** @throws ExchangeError BAD_ANSWER */
export function parseAnswer(value: unknown): DeliveredAnswer {
  if (!answerForm.Check(value)) throw new ExchangeError("BAD_ANSWER", "the provider's answer has another form");
  return value as DeliveredAnswer;
}

/** @throws ExchangeError BAD_ANSWER */
export function parseDelivered(value: unknown): DeliveredRecord {
  if (!Check(DeliveredRecord, value)) throw new ExchangeError("BAD_ANSWER", "the provider's record has another form");
  return value as DeliveredRecord;
}

/** Undefined if it is none. */
export function readReceipt(value: unknown): DeliveredReceipt | undefined {
  return Check(DeliveredReceipt, value) ? (value as DeliveredReceipt) : undefined;
}

/** @throws ExchangeError BAD_ANSWER */
export function parseReceiptAnswer(value: unknown): ReceiptAnswer {
  if (!Check(ReceiptAnswer, value))
    throw new ExchangeError("BAD_ANSWER", "the provider answers receipts in another form");
  return value as ReceiptAnswer;
}

/** @throws ExchangeError BAD_ANSWER */
export function parseFoundReceipts(value: unknown): FoundReceipts {
  if (!Check(FoundReceipts, value))
    throw new ExchangeError("BAD_ANSWER", "the consumer gives countersignatures in another form");
  return value as FoundReceipts;
}

/** @throws ExchangeError BAD_ANSWER */
export function parseFoundRecords(value: unknown): FoundRecords {
  if (!Check(FoundRecords, value)) throw new ExchangeError("BAD_ANSWER", "the provider's records have another form");
  return value as FoundRecords;
}
