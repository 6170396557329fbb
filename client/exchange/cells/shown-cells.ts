import { LedgerError } from "@wanlian/model/errors.js";
import type { DatasetId, Digest, TransactionId } from "@wanlian/model/identifiers.js";
import { type AnswerCell, cellsOfAnswer, type ShownAnswer } from "@wanlian/verify";
import {
  type AccessIndex,
  type AccessRecord,
  maskedFields,
  type RecordLog,
  type Vault,
  whyNotThis,
} from "../../access/index.js";
import { ExchangeError } from "../../core/index.js";
import type { LedgerPresent } from "../../read/index.js";

export interface ShownCellParts {
  readonly records: RecordLog;
  readonly index: Pick<AccessIndex, "positionOf">;
  readonly vault: Pick<Vault, "read">;
  readonly ledger: Pick<LedgerPresent, "head" | "reading">;
}

/** What an officer was given once and kept. */
export interface KeptAnswer {
  /** Of the access in which it came. */
  readonly record: Digest;
  readonly answer: ShownAnswer;
}

/** A cell among those that an access showed, with the record that says so. */
export interface CellShown extends AnswerCell {
  readonly record: Digest;
  readonly release: TransactionId;
  readonly dataset: DatasetId;
}

/**
 * The cells, each with its digest, of an answer that an officer of this department kept: no node keeps answers. The answer
 * is held against the record in the node's own log and the release on the ledger first.
 * @param opens who may open what was looked up
 * @throws LedgerError NOT_FOUND: no such record in this log, or none that the caller may open; ExchangeError BAD_ANSWER
 */
export async function shownCells(
  { record: id, answer }: KeptAnswer,
  { records, index, vault, ledger }: ShownCellParts,
  opens: (record: AccessRecord) => boolean,
): Promise<CellShown[]> {
  const position = await index.positionOf(id);
  const signed = position === undefined ? undefined : (await records.find(position))?.signed;
  const key = position === undefined ? undefined : vault.read(position).key;
  if (signed === undefined || key === undefined || !opens(signed.record)) {
    throw new LedgerError("NOT_FOUND", `the log has no record ${id} that you may open`);
  }
  const { request } = signed.record;
  const release = await ledger.head("release", request.release);
  const grant = await ledger.head("application", request.grant);
  const registered = release && ledger.reading().release(release.state);
  const masked = maskedFields(grant && ledger.reading().application(grant.state).grant);
  const why = whyNotThis(signed.record, key, answer, registered, masked);
  if (why !== undefined) throw new ExchangeError("BAD_ANSWER", why.en);
  const cells = registered === undefined ? [] : cellsOfAnswer(signed.record, answer, registered, masked);
  return cells.map((cell) => ({ ...cell, record: id, release: request.release, dataset: request.dataset }));
}
