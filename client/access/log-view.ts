import type { Checkpoint } from "@wanlian/model/checkpoint.js";
import type { Digest, MspId } from "@wanlian/model/identifiers.js";
import type { SignedRecord } from "@wanlian/verify";

/** A record of a department's log as an auditor got it: proven to be in the log, its signatures not yet judged. */
export interface ViewedRecord {
  readonly position: number;
  /** Leaf hash: the same in both logs. */
  readonly id: Digest;
  readonly signed: SignedRecord;
  /** The other side's countersignature, as this node keeps it. */
  readonly receipt: { readonly signature: string; readonly certificate: Digest } | undefined;
  readonly key: Digest | undefined;
  /** RFC 6962 inclusion in the checkpoint's tree. */
  readonly proof: readonly Digest[];
  readonly entry: Uint8Array;
}

/** What one department showed of its log. */
export interface LogView {
  readonly department: MspId;
  /** Under a signature that the log's key on the ledger made. */
  readonly checkpoint: Checkpoint;
  readonly note: string;
  /** Whether every entry of the log was given, so that the tree's root could be computed from them alone. */
  readonly complete: boolean;
  readonly records: readonly ViewedRecord[];
  /** Auditors' questions among the entries. */
  readonly questions: number;
  /** PEM by SHA-256. */
  readonly certificates: ReadonlyMap<Digest, string>;
}
