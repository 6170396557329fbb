import type { Model } from "@wanlian/model/kernel/model.js";
import type { ModelVersions } from "@wanlian/model/models.js";
import type { Words } from "@wanlian/protocol/language.js";

import type { Condition } from "./condition.js";
import type { FilingErrorCode } from "./error-code.js";

/**
 * The seam between a node's ledger side and everything that serves people: API, command line, exchange, log.
 * `client/running/main.ts` makes these services and hands them over.
 */
export interface NodeServices {
  /** The department this node belongs to (MSP id). */
  readonly department: string;
  /** The channel's name. */
  readonly channel: string;
  /** The contracts' name on it. */
  readonly chaincode: string;
  /** The node's own key (role `node`): ticks the clock, anchors. */
  readonly nodeSigner: Signer;
  /** The versions of the model that this node's software holds. */
  readonly models: ModelVersions;

  /**
   * The version in force now. Before the channel is opened, and on a node that lacks it (which files nothing then), the
   * newest there is.
   */
  model(): Model;

  /**
   * Files one command. Resolves when the fold has counted it, or with status `pending` when `waitMs` ran out first:
   * ask `submission` later. The same officer's same key always means the same filing, also after a crash.
   *
   * @throws SubmissionError (errors.ts) with a stable code; nothing counts then
   */
  submit(officer: Signer, command: Command, idempotencyKey: string, options?: SubmitOptions): Promise<Submission>;

  /** What became of a filing, or undefined if this node never stored it. */
  submission(officer: Signer, idempotencyKey: string): Promise<Submission | undefined>;

  /**
   * The act that the command would become on the heads as they are now. Sends nothing.
   * @throws SubmissionError with the contracts' code
   */
  preview(officer: Signer, command: Command): Promise<unknown>;

  /**
   * Sets the ledger's time with the node's own key: RFC 3339 UTC, whole seconds. For demo channels, at the bureau's
   * request; on others the node ticks by itself.
   */
  tick(time: string): Promise<Submission>;

  /** Calls a contract function on a peer without recording anything. */
  evaluate(officer: Signer, contractFunction: string, ...args: string[]): Promise<Uint8Array>;

  /** The case's head as the fold has it; v = 0 and no state if the case has no valid act. */
  head(ref: CaseName): Promise<Head>;

  /** The ledger's time (the last tick), or undefined before clock 1. RFC 3339 UTC. */
  now(): string | undefined;

  /**
   * What the fold takes in, from after a position (the past is read from the database) or from now on.
   * Ends when the signal aborts. A consumer that falls behind is fed from the database; nothing is left out.
   */
  events(options: EventOptions): AsyncIterable<NodeEvent>;

  /** Resolves when the fold has taken in the block, at once if it has. */
  folded(block: bigint, signal?: AbortSignal): Promise<void>;

  /** The node's condition right now. */
  status(): NodeStatus;
}

/** A key that signs on the ledger, unlocked. */
export interface Signer {
  readonly mspId: string;
  /** X.509 certificate, PEM. */
  readonly certificate: Uint8Array;
  /** ECDSA over SHA-256 of the message: ASN.1 DER (r, s) with low S. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

export interface CaseName {
  readonly noun: string;
  readonly case: string;
}

/** v, m and the state after act v. */
export interface Head extends CaseName {
  /** Number of the last valid act, 0 if none. */
  readonly act: number;
  /** Smallest number above `act` that was never written. */
  readonly next: number;
  readonly state: unknown;
}

export interface Command {
  readonly noun: string;
  /** Null where the case's id is the transaction's. */
  readonly case: string | null;
  readonly type: string;
  readonly body: { readonly [member: string]: unknown };
  /**
   * The number of the own case's last act when the officer decided. If the case has moved since, the command is
   * refused with MOVED instead of being tried again. Default: its number at the first attempt.
   */
  readonly seen?: number;
}

export interface SubmitOptions {
  /** How long to wait for the outcome before answering `pending`. Default 60 s. */
  readonly waitMs?: number;
}

export interface Submission {
  readonly idempotencyKey: string;
  readonly status: "pending" | "counted" | "failed";
  readonly command: Command;
  /** Times that an envelope was made for it. */
  readonly attempts: number;
  /** Of the last envelope; undefined before the first. */
  readonly transactionId: string | undefined;
  /** Only when counted. */
  readonly act: FoldedAct | undefined;
  /** Only when failed: why, with a stable code. */
  readonly failure:
    | {
        readonly code: FilingErrorCode;
        readonly message: string;
        /** Of a void act: why it does not count. */
        readonly reason?: string;
      }
    | undefined;
}

/** A place in the ledger. */
export interface Position {
  readonly block: bigint;
  readonly transaction: number;
}

/** An act as the fold judged it, with its place on the ledger; void ones say why. */
export interface FoldedAct extends CaseName {
  readonly number: number;
  /** The version of the model that gave it; 0 for void ones. */
  readonly model: number;
  readonly type: string;
  readonly department: string;
  readonly officer: string;
  /** Where the officer's certificate is a machine's. */
  readonly machine?: true;
  /** The ledger's time of the act. */
  readonly time: string;
  /** The transaction's own timestamp: the officer's claim. */
  readonly claimedTime: string;
  readonly block: number;
  readonly transaction: number;
  readonly transactionId: string;
  readonly counted: boolean;
  readonly reason?: string;
  readonly endorsers: readonly string[];
  readonly body: unknown;
  readonly state: unknown;
}

export interface EventOptions {
  /** Default: from now on. */
  readonly after?: Position;
  readonly signal: AbortSignal;
}

export type NodeEvent =
  | { readonly kind: "act"; readonly position: Position; readonly act: FoldedAct }
  | {
      readonly kind: "alarm";
      readonly position: Position;
      readonly alarm: Alarm;
      /** What it says of a department, where it stands beside the ledger and belongs to no block. */
      readonly standing?: StandingAlarm;
    }
  /** Beside the ledger: at whatever position the node has reached. */
  | { readonly kind: "warning"; readonly position: Position; readonly warning: UseWarning }
  | { readonly kind: "block"; readonly position: Position; readonly hash: string; readonly time: string | undefined };

/** 预警: use of data that is unusual, as this node's own log has it. Nobody but the parties of an access has it there. */
export interface UseWarning {
  readonly id: string;
  readonly kind: string;
  readonly day: string;
  readonly provider: string;
  readonly consumer: string;
  /** Empty: all of them. */
  readonly dataset: string;
  readonly officer: string;
  readonly grant: string;
  readonly figures: Readonly<Record<string, number | string>>;
  /** The ledger's time. */
  readonly raised: string;
}

/** Something on the ledger that should not be there, and who made it possible. Derived from the ledger alone. */
export interface Alarm {
  readonly position: Position;
  readonly ordinal: number;
  readonly kind: string;
  /** One plain sentence. */
  readonly message: string;
  /** Departments that endorsed or signed it. */
  readonly departments: readonly string[];
  readonly detail: unknown;
}

/** What an alarm of a void act knows beside who is accused: `departments`. */
export interface VoidDetail {
  /** Why it does not count. */
  readonly code: string;
  readonly transaction: string;
  /** Who submitted it. */
  readonly department: string;
  /** Empty where the creator is no officer. */
  readonly officer: string;
  /** The first numbers that it used up, and how many more there are. */
  readonly acts: readonly { readonly noun: string; readonly case: string; readonly number: number }[];
  readonly moreActs: number;
  readonly endorsers: readonly string[];
  /** The first keys that it wrote. */
  readonly keys: readonly string[];
}

/** What an alarm of a difference of configuration knows: its sentence in Chinese beside the English message. */
export interface DifferenceDetail {
  readonly zh: string;
}

/** How far a node is on its way to its peer's height; what it has is `NodeStatus.height`. */
export interface CatchUp {
  /** Blocks that the peer has. */
  readonly blocks: number;
  /** Blocks a second since it began; absent before the first. */
  readonly blocksPerSecond?: number;
  /** By that pace. */
  readonly secondsLeft?: number;
}

export interface NodeStatus {
  readonly department: string;
  readonly channel: string;
  readonly version: string;
  /** Whose tables the node offers: `inForce` unless the channel is not opened yet, or this software lacks its version. */
  readonly rules: { readonly version: number; readonly inForce: boolean };
  /** The channel's own setting in policy 1; undefined before it. */
  readonly demo: boolean | undefined;
  /** Blocks taken in: the next block's number. */
  readonly height: bigint;
  /** Header hash of the last block, hex. */
  readonly blockHash: string | undefined;
  /** Commit hash of the last block as the own peer states it, hex. */
  readonly commitHash: string | undefined;
  readonly ledgerTime: string | undefined;
  /** True when data may be served: no condition stands that keeps from it (condition.ts). */
  readonly ready: boolean;
  readonly conditions: readonly Condition[];
  /** How far a node is that has not all of its peer's blocks; undefined for one that has. */
  readonly catchUp: CatchUp | undefined;
  /** Configuration still behind the member and policy acts, one sentence each. */
  readonly pending: readonly Words[];
  /** Alarms that still stand, those of `standing` among them. */
  readonly alarms: number;
  /** What this node has found out of other departments' ledgers and logs, and that still stands. */
  readonly standing: readonly StandingAlarm[];
}

/** What another department has done or left undone, as this node has found out beside the ledger's own alarms. */
export type StandingAlarm = {
  readonly department: string;
  /** RFC 3339. */
  readonly since: string;
} & (
  | {
      /** The ledger that it anchored is not this node's. */
      readonly kind: "LEDGER_SPLIT";
      readonly transactionId: string;
      readonly blocks: number;
      readonly theirs: string;
      readonly own: string;
    }
  /** It signed two logs that cannot both be; both notes are proof of it. */
  | { readonly kind: "TWO_LOGS"; readonly notes: readonly [string, string] }
  /** It signed a log that is not the one that it anchored. */
  | { readonly kind: "LOG_REWRITTEN"; readonly note: string; readonly anchored: number }
  | { readonly kind: "ANCHOR_LATE"; readonly anchored: string }
  | { readonly kind: "NOT_ANCHORED" }
  /** By these providers' word it has not countersigned what they gave it. */
  | {
      readonly kind: "RECEIPTS_MISSING";
      readonly providers: readonly string[];
      readonly records: number;
      /** The ledger's time. */
      readonly oldest: string;
    }
);
