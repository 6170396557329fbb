import { join } from "node:path";
import type { Instant, MspId } from "@wanlian/model/identifiers.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { LogRead, Reading } from "@wanlian/model/reading.js";
import { addSeconds } from "@wanlian/model/time/instant.js";
import type { Logger } from "pino";
import { type NodeServices, pause } from "../../core/index.js";
import {
  type AnchoredLog,
  type AwaitedBy,
  LogWitness,
  lateAnchors,
  type OwedReceipts,
  SEEN_PATH,
} from "../../ledger-tree/index.js";
import { mostBytesAt } from "../../log/index.js";
import type { StandingAlarms } from "../../node/index.js";
import type { Db } from "../../read/index.js";
import type { DepartmentConnections } from "../../transport/index.js";
import { headOf, signedLogs } from "./signed-logs.js";

export interface WatchingParts {
  readonly services: Pick<NodeServices, "department" | "now" | "model">;
  readonly db: Db;
  readonly dir: string;
  readonly connections: Pick<DepartmentConnections, "get">;
  readonly standing: StandingAlarms;
  readonly logger: Logger;
  /** What consumers owe this node, from before an instant. */
  readonly missing: (before: Instant) => readonly AwaitedBy[];
}

interface Own {
  readonly services: Pick<NodeServices, "department" | "now">;
}

/** A countersignature comes within seconds; one that is missing after so long, by the ledger's time, is told. */
export const RECEIPT_LATE_SECONDS = 600;
/** How often the others are asked what they show of their logs. */
const LOOK_EVERY_MS = 60_000;
/** What another node has seen: a checkpoint of each department. */
const MAX_SEEN_BYTES = 1024 * 1024;

/** Watches the departments' logs; what it finds stands as an alarm of this node. */
export function watchLogs(
  { services, db, dir, connections, standing, logger }: Omit<WatchingParts, "missing">,
  receipts: OwedReceipts,
): Promise<LogWitness> {
  return LogWitness.open({
    department: services.department as MspId,
    logs: () => anchoredLogs(db, services.model().reading),
    get: (department, path) =>
      connections.get(department, `/log/v1/${path}`, path === SEEN_PATH ? MAX_SEEN_BYTES : mostBytesAt(path)),
    file: join(dir, "seen-logs.json"),
    report: (difference) => {
      logger.error({ difference }, "a department shows two logs");
      standing.raise({ ...difference, since: new Date().toISOString() });
    },
    told: (provider, awaited) => receipts.told(provider, awaited),
  });
}

/** Asks the others again and again, and looks whether their anchors are in time, until the signal aborts. */
export async function keepWatching(
  witness: LogWitness,
  receipts: OwedReceipts,
  parts: Omit<WatchingParts, "connections" | "dir">,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await tellLateAnchors(parts);
    await witness.look();
    tellMissingReceipts(receipts, parts);
    await pause(LOOK_EVERY_MS, signal);
  }
}

/** By the ledger alone: what is in time again stands no longer. */
export async function tellLateAnchors({
  services,
  db,
  standing,
}: Pick<WatchingParts, "services" | "db" | "standing">): Promise<void> {
  const now = services.now();
  if (now === undefined) return;
  const members = await db
    .selectFrom("cases as m")
    .leftJoin("cases as l", (join) => join.onRef("l.case_id", "=", "m.case_id").on("l.noun", "=", "log"))
    .where("m.noun", "=", "member")
    .where("m.status", "=", "active")
    .select(["m.case_id as department", "m.opened_time as since", "l.state as log"])
    .execute();
  const { reading } = services.model();
  const late = lateAnchors(
    members.map(({ department, since, log }) => ({ department, since, anchored: logOf(log, reading)?.anchored })),
    now,
  );
  for (const { kind, department } of standing.list()) {
    const stands = late.some((alarm) => alarm.kind === kind && alarm.department === department);
    if ((kind === "ANCHOR_LATE" || kind === "NOT_ANCHORED") && !stands) standing.clear({ kind, department });
  }
  for (const alarm of late) standing.raise(alarm);
}

/** What consumers owe this node from before what is in time. */
export function ownWord({ services, missing }: Pick<WatchingParts, "missing"> & Own): readonly AwaitedBy[] {
  const now = services.now();
  return now === undefined ? [] : missing(addSeconds(now as Instant, -RECEIPT_LATE_SECONDS));
}

/** By this node's word and the others'; what was countersigned since stands no longer. */
export function tellMissingReceipts(
  receipts: OwedReceipts,
  { services, standing, missing }: Pick<WatchingParts, "standing" | "missing"> & Own,
): void {
  receipts.told(services.department as MspId, ownWord({ services, missing }));
  const owed = receipts.alarms(new Date().toISOString());
  for (const { kind, department } of standing.list()) {
    const stands = owed.some((alarm) => alarm.department === department);
    if (kind === "RECEIPTS_MISSING" && !stands) standing.clear({ kind, department });
  }
  for (const alarm of owed) standing.raise(alarm);
}

async function anchoredLogs(db: Db, reading: Reading): Promise<AnchoredLog[]> {
  const rows = await db.selectFrom("cases").select(["case_id", "state"]).where("noun", "=", "log").execute();
  return await Promise.all(
    rows.map(async ({ case_id: department, state }) => {
      const current = reading.log(JSON.parse(state) as CaseState);
      const [last, ...former] = (await signedLogs(db, department, reading)).reverse();
      const keys = [...new Set([current.key, ...(last?.keys ?? [])])];
      return { department: department as MspId, keys, head: headOf(current), former };
    }),
  );
}

function logOf(state: string | null, reading: Reading): LogRead | undefined {
  return state === null ? undefined : reading.log(JSON.parse(state) as CaseState);
}
