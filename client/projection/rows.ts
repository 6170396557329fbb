import { canonicalJson, parseCanonical } from "@wanlian/model/canonical.js";
import type { Instant } from "@wanlian/model/identifiers.js";
import { type CaseState, MAX_ACT_BYTES } from "@wanlian/model/kernel/act.js";
import type { Description } from "@wanlian/model/kernel/description.js";
import { caseName } from "@wanlian/model/kernel/key.js";
import type { Reading } from "@wanlian/model/reading.js";
import { toHex } from "@wanlian/protocol/bytes.js";
import type { Insertable, Selectable } from "kysely";
import type { DifferenceDetail, VoidDetail } from "../core/index.js";
import type { CountedTransaction, Difference, FoldedBlock, VoidTransaction } from "../fold/index.js";
import type {
  ActTable,
  AlarmTable,
  BlockTable,
  CaseTable,
  DeadlineTable,
  LeftKeyTable,
  TransactionTable,
  VoidTable,
} from "./database/schema.js";

/** Pure mappings from what the fold found to rows. What others claim is bounded: it fills tables and indexes. */

/** Other ids are refused by every peer; the transaction is listed without one. */
const TRANSACTION_ID = /^[0-9a-f]{64}$/;
const MAX_MSP_ID = 64;
/** Keys that an alarm quotes, and how much of each. */
const MAX_QUOTED_KEYS = 20;
const MAX_QUOTED_KEY = 200;

export function blockRow({ block, verdicts }: FoldedBlock, time: string): Insertable<BlockTable> {
  return {
    number: block.number,
    hash: block.hash,
    previous_hash: block.previousHash,
    data_hash: block.dataHash,
    codes: toHex(block.codes),
    commit_hash: block.commitHash,
    verdicts,
    time,
  };
}

export function transactionRows({ block, transactions }: FoldedBlock): Insertable<TransactionTable>[] {
  return transactions.map(({ index, code, headers }) => ({
    block: block.number,
    tx: index,
    id: TRANSACTION_ID.test(headers?.id ?? "") ? (headers?.id ?? "") : "",
    code,
    type: headers?.type ?? -1,
    department: storable(headers?.department ?? "")
      .slice(0, MAX_MSP_ID)
      .toWellFormed(),
  }));
}

export function countedRow(block: bigint, found: CountedTransaction): Insertable<ActTable> {
  const { act, time } = found;
  return {
    block,
    tx: found.index,
    noun: act.noun,
    case_id: act.case,
    number: act.number,
    model: act.schema,
    counted: 1,
    reason: "",
    type: act.type,
    department: act.author.department,
    officer: act.author.officer,
    machine: found.isMachine ? 1 : 0,
    time,
    claimed_time: found.claimedTime,
    transaction_id: found.transactionId,
    basis: canonicalJson(act.basis),
    body: canonicalJson(act.body),
    state: canonicalJson(act.state),
    endorsers: canonicalJson(found.endorsers),
  };
}

export function caseRow(
  block: bigint,
  { index, act, time, transactionId }: CountedTransaction,
  { status, expires }: Description,
): Omit<Insertable<CaseTable>, "search_text"> {
  return {
    noun: act.noun,
    case_id: act.case,
    act: act.number,
    transaction_id: transactionId,
    next: act.number + 1,
    status,
    state: canonicalJson(act.state),
    opened_time: time,
    opened_block: block,
    changed_time: time,
    changed_block: block,
    changed_tx: index,
    expires: expires ?? "",
  };
}

/** One row for each number that it used up, with what its value claims if that is one value of an act's size. */
export function voidRows(block: bigint, time: string, found: VoidTransaction): Insertable<ActTable>[] {
  const claim = claimOf(found);
  return distinctActs(found).map(({ noun, case: id, number }) => ({
    block,
    tx: found.index,
    noun,
    case_id: id,
    number,
    model: 0,
    counted: 0,
    reason: found.code,
    type: claim("type", ""),
    department: storable(found.department),
    officer: storable(found.officer),
    machine: found.isMachine ? 1 : 0,
    time,
    claimed_time: found.claimedTime,
    transaction_id: storable(found.transactionId),
    basis: claim("basis", "[]"),
    body: claim("body", "null"),
    state: claim("state", "null"),
    endorsers: canonicalJson(found.endorsers),
  }));
}

export function voidNumberRows(block: bigint, found: VoidTransaction): Insertable<VoidTable>[] {
  return distinctActs(found).map(({ noun, case: id, number }) => ({
    noun,
    case_id: id,
    number,
    block,
    tx: found.index,
  }));
}

/** The keys that it left in numbers' ranges, by their digests; undefined for one that it deleted. */
export function leftRows({ left }: VoidTransaction): (readonly [string, Insertable<LeftKeyTable> | undefined])[] {
  return left.map(({ key, noun, case: id, number, value, isDeleted }) => {
    const content = value === undefined ? "" : Buffer.from(value).toString("base64");
    return [key, isDeleted ? undefined : { key, noun, case_id: id, number, content }];
  });
}

/** An alarm of one event. Who endorsed is named as what it is: whoever cannot have known, as that. */
export function voidAlarm(block: bigint, found: VoidTransaction): Insertable<AlarmTable> {
  const used = distinctActs(found);
  const acts = used.slice(0, MAX_QUOTED_KEYS).map((act) => `${caseName(act)} act ${act.number}`);
  const more = used.length > acts.length ? ` and ${used.length - acts.length} more` : "";
  const what = acts.length === 0 ? "a write outside the acts" : `${acts.join(", ")}${more}`;
  const who = found.officer === "" ? found.department : `${found.department} ${found.officer}`;
  return {
    block,
    tx: found.index,
    ordinal: 0,
    kind: acts.length === 0 ? "KEY_OUTSIDE_ACTS" : "VOID_ACT",
    message: storable(`${what} by ${who} is void: ${found.message}; ${endorsedBy(found)}`),
    departments: canonicalJson(found.accused),
    detail: canonicalJson({
      code: found.code,
      transaction: found.transactionId,
      department: found.department,
      officer: found.officer,
      acts: used.slice(0, MAX_QUOTED_KEYS).map(({ noun, case: id, number }) => ({
        noun: quoted(noun),
        case: quoted(id),
        number,
      })),
      moreActs: Math.max(0, used.length - MAX_QUOTED_KEYS),
      endorsers: found.endorsers,
      keys: found.writes.writes.slice(0, MAX_QUOTED_KEYS).map(({ key }) => quoted(key)),
    } satisfies VoidDetail),
    topic: "",
    ended_block: -1,
  };
}

function endorsedBy({ endorsers, accused }: VoidTransaction): string {
  const signed = `endorsed by ${endorsers.join(", ")}`;
  if (accused.length > 0 || endorsers.length === 0) return signed;
  return `it rests on what void acts claim, so that whoever endorsed it may not have known; ${signed}`;
}

/** A difference between configuration and acts, as an alarm that can end. */
export function differenceRow(
  block: bigint,
  tx: number,
  ordinal: number,
  { kind, said, departments, topic }: Difference,
): Insertable<AlarmTable> {
  return {
    block,
    tx,
    ordinal,
    kind,
    message: storable(said.en),
    departments: canonicalJson(departments),
    detail: canonicalJson({ zh: said.zh } satisfies DifferenceDetail),
    topic: storable(topic),
    ended_block: -1,
  };
}

/**
 * The tables name who has to act by relation: a party, or the bureau by the policy in force. Dates are those by the
 * calendar as it is now, whatever it was when the act was made.
 */
export function deadlineRows(
  noun: string,
  id: string,
  { deadlines, parties }: Description,
  policy: CaseState | undefined,
  reading: Reading,
): Insertable<DeadlineTable>[] {
  return deadlines.map((duty) => {
    const { kind, start, workingDays, followsNotices, ended } = duty;
    const { due, provisional } = workingDays === undefined ? duty : reading.dateNow({ ...duty, workingDays }, policy);
    const bureau = duty.owner === "bureau" && policy ? reading.policy(policy).bureau : undefined;
    return {
      ...{ noun, case_id: id, kind, start, due },
      working_days: workingDays ?? 0,
      provisional: provisional === true ? 1 : 0,
      follows_notices: followsNotices === true ? 1 : 0,
      ended: ended ?? "",
      owner: parties.find(({ relation }) => relation === duty.owner)?.department ?? bureau ?? "",
    };
  });
}

/** What an open deadline's row becomes by another calendar. */
export function movedDeadline(
  row: Selectable<DeadlineTable>,
  policy: CaseState,
  reading: Reading,
): Pick<DeadlineTable, "due" | "provisional"> {
  const { due, provisional } = reading.dateNow(
    {
      start: row.start as Instant,
      workingDays: row.working_days,
      due: row.due as Instant,
      ...(row.provisional === 1 ? { provisional: true } : {}),
      ...(row.follows_notices === 1 ? { followsNotices: true } : {}),
    },
    policy,
  );
  return { due, provisional: provisional === true ? 1 : 0 };
}

/** A cut must not leave half of a surrogate pair, which no JSON of ours can hold. */
const quoted = (key: string): string => key.slice(0, MAX_QUOTED_KEY).toWellFormed();

/** PostgreSQL's text has no U+0000, and what others claim may hold one. */
export const storable = (text: string): string => text.replaceAll("\u0000", "\u2400");

function distinctActs(found: VoidTransaction) {
  return [...new Map(found.used.map((act) => [`${caseName(act)}/${act.number}`, act])).values()];
}

function claimOf({ writes }: VoidTransaction): (member: string, absent: string) => string {
  const [first, ...others] = writes.writes;
  const readable = first !== undefined && others.length === 0 && first.value.length <= MAX_ACT_BYTES;
  const value = readable ? parseCanonical(first.value) : undefined;
  const members = new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
  return (member, absent) => {
    const found: unknown = members.get(member);
    if (found === undefined) return absent;
    return storable(typeof found === "string" ? found : canonicalJson(found));
  };
}
