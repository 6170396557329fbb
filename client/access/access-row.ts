import type { Instant } from "@wanlian/model/identifiers.js";
import { leafHash } from "@wanlian/model/merkle.js";
import { hourOf } from "@wanlian/model/time/instant.js";
import {
  type AuditEntry,
  callKey,
  factsDigest,
  foundNothing,
  hexOf,
  openingOf,
  type PlatformCall,
  type RefusedFiling,
  readEntry,
  reasonOf,
  type SignedRecord,
} from "@wanlian/verify";
import type { AccessTable } from "../projection/index.js";

/** What a row says of an entry, but for where it stands. */
type Said = Omit<AccessTable, "position" | "id">;

/** `2026-09-28`. */
const DAY_LENGTH = 10;

const NOTHING: Said = {
  kind: "other",
  opening: "",
  provider: "",
  consumer: "",
  officer: "",
  machine: 0,
  operator: "",
  dataset: "",
  release: "",
  grant_case: "",
  grant_act: 0,
  fields: "",
  purpose: "",
  scenario: "",
  way: "",
  road: "",
  result: "",
  reason: "",
  row_count: 0,
  empty: 0,
  time: "",
  day: "",
  hour: "",
  height: 0,
  nonce: "",
  filing: "",
};

/** In the order in which a row has them, which is the order of a statement's parameters. */
export const COLUMNS = ["position", "id", ...Object.keys(NOTHING)] as readonly (keyof AccessTable)[];

/** Whether two rows say the same; databases give numbers as they like. */
export function isSameRow(a: AccessTable, b: AccessTable): boolean {
  return COLUMNS.every((column) => String(a[column]) === String(b[column]));
}

/** Of millions of records within one block the time is the same. */
let lastHour = { time: "" as Instant, day: "", hour: "" };

function hourAt(time: Instant): Pick<AccessTable, "time" | "day" | "hour"> {
  if (lastHour.time !== time) {
    const hour = hourOf(time);
    lastHour = { time, day: hour.slice(0, DAY_LENGTH), hour };
  }
  return lastHour;
}

/** The row of an entry of the log. What cannot be read has one too, so that positions have no gaps. */
export function rowOf(position: number, entry: Uint8Array): AccessTable {
  const id = hexOf(leafHash(entry));
  const read = readEntry(entry);
  if (read === undefined) return { position, id, ...NOTHING };
  if (read.kind === "question") return { position, id, ...questionOf(read.asked) };
  if (read.kind === "filing") return { position, id, ...filingOf(read.filing) };
  if (read.kind === "call") return { position, id, ...callOf(read.call) };
  return { position, id, ...recordOf(read.signed) };
}

function filingOf(filing: RefusedFiling): Said {
  const { department, officer, noun, case: id, command, code, ledger } = filing;
  const { height, time } = ledger;
  return {
    ...NOTHING,
    kind: "filing",
    consumer: department,
    officer,
    filing: [`${noun}.${command}`, ...(id === null ? [] : [id])].join(" "),
    result: "refused",
    reason: code,
    ...(time === undefined ? {} : hourAt(time)),
    height,
  };
}

/** What names it, and what was said of it, stand where a record has its request's nonce and its opening. */
function callOf({ facts, details, checked, reason }: PlatformCall): Said {
  const { provider, consumer, dataset, way, road, result, rows, time, platform, call } = facts;
  const { fields = [], purpose = "", scenario = "", officer = "", operator = "" } = details;
  return {
    ...NOTHING,
    ...{ kind: "call", opening: factsDigest(facts), provider, consumer, officer, operator, dataset },
    ...{ release: checked.release ?? "", grant_case: checked.grant ?? "", fields: fields.join(",") },
    ...{ purpose, scenario, way, road, result, reason: reason ?? "", row_count: rows },
    ...hourAt(time),
    ...{ height: checked.height, nonce: callKey(facts), filing: `${platform} ${call}` },
  };
}

/** What a record's row says. */
export function recordOf({ record }: SignedRecord): Said {
  const { kind, request, checked, result, rows } = record;
  return {
    kind,
    opening: openingOf(record) ?? "",
    provider: request.provider,
    consumer: request.consumer,
    officer: request.officer,
    machine: request.machine ? 1 : 0,
    operator: request.operator ?? "",
    dataset: request.dataset,
    release: request.release,
    grant_case: request.grant,
    grant_act: checked.act,
    fields: request.fields.join(","),
    purpose: request.purpose,
    scenario: request.scenario,
    way: request.way,
    road: request.road,
    result,
    reason: reasonOf(record) ?? "",
    row_count: rows,
    empty: foundNothing(record) ? 1 : 0,
    ...hourAt(checked.time),
    height: checked.height,
    nonce: request.nonce,
    filing: "",
  };
}

function questionOf({ question }: AuditEntry): Said {
  const { node, department, officer, filter, ledger, nonce, mandate } = question;
  return {
    ...NOTHING,
    kind: "audit",
    provider: node,
    consumer: department,
    officer,
    dataset: filter.dataset ?? "",
    grant_case: mandate,
    ...hourAt(ledger.time),
    height: ledger.height,
    nonce,
  };
}
