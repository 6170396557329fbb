import type { Digest } from "@wanlian/model/identifiers.js";
import type { GrantRefusal } from "@wanlian/model/reading.js";

/** Why something could not be had or does not hold: an error's stable code, and its English sentence. */
export interface Because {
  readonly code: string;
  readonly said: string;
}

/** What an audit can find, each with the facts that show it. Codes and facts only: words are the API's. */
export type FindingFacts =
  /** The node did not show its log, or only so many entries of it from the beginning; `size` where it said how many. */
  | { readonly kind: "NOT_SHOWN"; readonly because: Because; readonly shown: number; readonly size: number | undefined }
  /** It showed a tree from before the auditor's question, which has to be on record before it is answered. */
  | { readonly kind: "OLD_LOG"; readonly size: number }
  /** Entries that the mandate covers were shown as hashes alone: so many, or the record of the finding. */
  | { readonly kind: "WITHHELD"; readonly entries: number }
  /** An entry of no kind that this software knows. */
  | { readonly kind: "UNREADABLE" }
  /** The log has the record twice. */
  | { readonly kind: "RECORD_DOUBLED" }
  /** An entry or tile is not what the checkpoint says. */
  | { readonly kind: "LOG_DAMAGED"; readonly because: Because }
  /** It has no log on the ledger (`entries` 0), or entries of which it never anchored one. */
  | { readonly kind: "NOT_ANCHORED"; readonly entries: number }
  /** It ended logs that could not go on, and began another: so many records, anchored in them, it shows no more. */
  | { readonly kind: "LOG_BEGUN_ANEW"; readonly logs: number; readonly records: number }
  /** It has fewer records than it anchored. */
  | { readonly kind: "LOG_SHRANK"; readonly anchor: string; readonly anchored: number; readonly shown: number }
  /** It does not extend what it anchored. */
  | { readonly kind: "LOG_REWRITTEN"; readonly anchor: string }
  /** It signed two different logs of one size. */
  | { readonly kind: "TWO_LOGS"; readonly size: number }
  /** Its last anchor is older than it may be; both in the ledger's time. */
  | { readonly kind: "ANCHOR_LATE"; readonly anchored: string; readonly now: string }
  /** The other side has a record that its log lacks: the provider signed it, or the consumer countersigned it. */
  | { readonly kind: "RECORD_DROPPED"; readonly side: "provider" | "consumer"; readonly holder: string }
  /**
   * A provider has a record of its access that it neither countersigned nor filed. Its node asks for records whose
   * answer was lost; so this stays only where it does not.
   */
  | { readonly kind: "NOT_COUNTERSIGNED"; readonly provider: string }
  /** A record whose request no officer of the consumer's signed: an access that was invented. */
  | { readonly kind: "REQUEST_FORGED"; readonly consumer: string; readonly because: Because }
  /** A record that the provider's node did not sign. */
  | { readonly kind: "RECORD_FORGED"; readonly provider: string; readonly because: Because }
  /** Checked against a block that is not on the ledger. */
  | { readonly kind: "CHAIN_DIFFERS"; readonly block: number; readonly hash: string }
  /** It states another time of the ledger, or policy act, than was there at the height that it states. */
  | { readonly kind: "TIME_DIFFERS"; readonly stated: string; readonly was: string }
  | { readonly kind: "POLICY_DIFFERS"; readonly stated: number; readonly was: number }
  /** Checked at a height below the log's previous anchor: an old state was pleaded. */
  | { readonly kind: "OLD_HEIGHT"; readonly height: number; readonly known: number }
  /** Served although the ledger, at the height stated or where the log stood, did not grant it. */
  | { readonly kind: "NOT_GRANTED"; readonly grant: string }
  /** The log says that a platform or another road served a call that the ledger did not grant at its time. */
  | { readonly kind: "CALL_NOT_GRANTED"; readonly because: GrantRefusal; readonly consumer: string }
  /** It says another reason than the ledger gives; empty: that it was granted. */
  | { readonly kind: "CALL_MISJUDGED"; readonly stated: string; readonly was: string }
  /** A call over another road that stands in one party's log alone, or otherwise in the other's. */
  | { readonly kind: "CALL_ONE_SIDED"; readonly other: string }
  /** A stream that was opened and never closed. */
  | { readonly kind: "NOT_CLOSED" };

export type FindingKind = FindingFacts["kind"];

export type Finding = FindingFacts & {
  /** Who has to answer for it. */
  readonly department: string;
  /** Leaf hash of the record concerned. */
  readonly record?: Digest;
  readonly position?: number;
};
