import type { Digest, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import type { Signer } from "../../../core/index.js";
import type { Answered, AnswerFile, EvidenceFile, TrustFile } from "../../../evidence/index.js";

/** One access in a department's log, and the mandate under which it may be seen. */
export interface AuditedAccess {
  readonly mandate: TransactionId;
  readonly department: MspId;
  /** The record's leaf hash. */
  readonly record: Digest;
}

/** Where evidence comes from. Every part throws what keeps the exchange from being there. */
export interface EvidenceDesk {
  /** @throws LedgerError NOT_FOUND, NOT_YET */
  ofOwn(officer: Signer, record: Digest): Promise<EvidenceFile>;
  /** @throws LedgerError NOT_FOUND, NOT_YET; whatever keeps the department's node from showing it */
  ofAudited(auditor: Signer, access: AuditedAccess): Promise<EvidenceFile>;
  /**
   * Signs what the node answers to a question, and puts beside it what proves it.
   * @throws LedgerError NOT_YET, TOO_LARGE
   */
  ofAnswer(officer: Signer, answered: Answered): Promise<AnswerFile>;
  /** The height up to which enough departments have anchored the ledger for it to be proven. */
  vouched(): Promise<number>;
  /** What the channel began with: the genesis block's hash and the departments' root certificates. */
  roots(): Promise<TrustFile>;
}
