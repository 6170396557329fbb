import type { Kysely, Selectable } from "kysely";
import type { FoldedAct } from "../core/index.js";
import type { ActTable, CaseTable, DeadlineTable, NodeDatabase } from "../projection/index.js";

export type Db = Kysely<NodeDatabase>;

/** A case as lists show it. */
export interface CaseSummary {
  readonly noun: string;
  readonly case: string;
  readonly status: string;
  /** v and m: the number of its last act, and the next that was never written. */
  readonly act: number;
  /** Of its last act. */
  readonly transactionId: string;
  readonly next: number;
  readonly state: unknown;
  readonly opened: Moment;
  readonly changed: Moment;
}

/** When, by the ledger's clock, and in which block. */
export interface Moment {
  readonly time: string;
  readonly block: number;
}

export function caseOf(row: Selectable<CaseTable>): CaseSummary {
  return {
    noun: row.noun,
    case: row.case_id,
    status: row.status,
    act: row.act,
    transactionId: row.transaction_id,
    next: row.next,
    state: JSON.parse(row.state),
    opened: { time: row.opened_time, block: row.opened_block },
    changed: { time: row.changed_time, block: row.changed_block },
  };
}

export function actOf(row: Selectable<ActTable>): FoldedAct {
  return {
    noun: row.noun,
    case: row.case_id,
    number: row.number,
    model: row.model,
    type: row.type,
    department: row.department,
    officer: row.officer,
    ...(row.machine === 1 ? { machine: true as const } : {}),
    time: row.time,
    claimedTime: row.claimed_time,
    block: row.block,
    transaction: row.tx,
    transactionId: row.transaction_id,
    counted: row.counted === 1,
    ...(row.counted === 1 ? {} : { reason: row.reason }),
    endorsers: JSON.parse(row.endorsers) as string[],
    body: json(row.body),
    state: json(row.state),
  };
}

/** A date by which a department has to act, or had to. */
export interface DeadlineEntry {
  readonly kind: string;
  readonly start: string;
  /** By the calendar as it is now. */
  readonly due: string;
  /** Its working days have not all been announced: `due` is the earliest that it can become (期限待定). */
  readonly provisional: boolean;
  readonly ended?: string;
  /** The department that has to act. */
  readonly owner: string;
  /** Passed by the ledger's clock without the act that meets it. */
  readonly overdue: boolean;
}

export function deadlineOf(row: Selectable<DeadlineTable>, now: string | undefined): DeadlineEntry {
  return {
    kind: row.kind,
    start: row.start,
    due: row.due,
    provisional: row.provisional === 1,
    ...(row.ended === "" ? {} : { ended: row.ended }),
    owner: row.owner,
    overdue: row.ended === "" && row.provisional === 0 && now !== undefined && row.due < now,
  };
}

/** A void act's content can be anything, or nothing. */
function json(text: string): unknown {
  return text === "" ? null : JSON.parse(text);
}
