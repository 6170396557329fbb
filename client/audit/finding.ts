import type { Text } from "@wanlian/protocol/language.js";

/**
 * What an audit can find. Each names the department that has to answer for it.
 * - `NOT_SHOWN`: the node did not show its log.
 * - `NOT_ANCHORED`: it has no log on the ledger.
 * - `LOG_SHRANK`: it has fewer records than it anchored.
 * - `LOG_REWRITTEN`: it does not extend what it anchored.
 * - `TWO_LOGS`: it showed one log to one auditor and another to another.
 * - `LOG_DAMAGED`: an entry or tile is not what the checkpoint says.
 * - `ANCHOR_LATE`: its last anchor is older than it may be.
 * - `RECORD_DROPPED`: the other side has a record that its log lacks.
 * - `NOT_COUNTERSIGNED`: a provider has a record of its access that it neither countersigned nor filed. Its node asks for
 *   records whose answer was lost; so this stays only where it does not.
 * - `REQUEST_FORGED`: a record whose request no officer of the consumer's signed: an access that was invented.
 * - `RECORD_FORGED`: a record that the provider's node did not sign.
 * - `CHAIN_DIFFERS`: checked against a block that is not on the ledger.
 * - `OLD_HEIGHT`: checked at a height below the log's previous anchor: an old state was pleaded.
 * - `NOT_GRANTED`: served although the ledger, at the height stated or where the log stood, did not grant it.
 * - `NOT_CLOSED`: a stream that was opened and never closed.
 */
export const FINDING_KINDS = [
  "NOT_SHOWN",
  "NOT_ANCHORED",
  "LOG_SHRANK",
  "LOG_REWRITTEN",
  "TWO_LOGS",
  "LOG_DAMAGED",
  "ANCHOR_LATE",
  "RECORD_DROPPED",
  "NOT_COUNTERSIGNED",
  "REQUEST_FORGED",
  "RECORD_FORGED",
  "CHAIN_DIFFERS",
  "OLD_HEIGHT",
  "NOT_GRANTED",
  "NOT_CLOSED",
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export interface Finding {
  readonly kind: FindingKind;
  /** Who has to answer for it. */
  readonly department: string;
  /** One plain sentence. */
  readonly message: Text;
  /** Leaf hash of the record concerned. */
  readonly record?: string;
  readonly position?: number;
}
