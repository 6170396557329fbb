import { equalHashes } from "@wanlian/model/merkle.js";
import { BROKEN_OFF_REASONS, type LogView, reasonOf, type ViewedRecord } from "../access/index.js";
import type { Finding } from "./finding.js";

/** Every record has to be in both parties' logs. What only one has, the other has to answer for. Pure. */
export function compareLogs(views: readonly LogView[]): Finding[] {
  const byDepartment = new Map(views.map((view) => [view.department as string, view]));
  const ids = new Map(
    views.map(({ department, records }) => [department as string, new Set(records.map(({ id }) => id))]),
  );
  return views.flatMap(({ department, records }) =>
    records.flatMap((record) => {
      const { provider, consumer } = record.signed.record.request;
      const other = department === provider ? consumer : provider;
      const view = byDepartment.get(other);
      // What the other side has not shown says nothing of what it has.
      if (view === undefined || ids.get(other)?.has(record.id)) return [];
      if (department === provider && brokeOff(record)) return [];
      return [department === provider ? missingAtConsumer(record) : missingAtProvider(record)];
    }),
  );
}

/** How a stream ended that broke off: it comes only if asked for. For the access, the consumer answers with its opening. */
function brokeOff({ signed: { record } }: ViewedRecord): boolean {
  return record.kind === "closing" && BROKEN_OFF_REASONS.includes(reasonOf(record) ?? "");
}

function missingAtProvider({ id, signed }: ViewedRecord): Finding {
  const { provider, consumer } = signed.record.request;
  return { kind: "RECORD_DROPPED", side: "provider", department: provider, holder: consumer, record: id };
}

/** With its countersignature at hand, the consumer once had the record; without, it may never have taken it. */
function missingAtConsumer({ id, position, signed, receipt }: ViewedRecord): Finding {
  const { provider, consumer } = signed.record.request;
  const about = { department: consumer, record: id, position };
  return receipt === undefined
    ? { kind: "NOT_COUNTERSIGNED", provider, ...about }
    : { kind: "RECORD_DROPPED", side: "consumer", holder: provider, ...about };
}

/**
 * What two auditors were shown of one department's log: of two trees one must extend the other, and at the same size
 * they must be the same. (Different sizes are for the log's own consistency proofs.)
 */
export function compareViews(first: LogView, second: LogView): Finding[] {
  const same = first.checkpoint.size === second.checkpoint.size;
  const shared = new Map(first.records.map(({ position, id }) => [position, id]));
  const other = second.records.find(({ position, id }) => shared.has(position) && shared.get(position) !== id);
  const differs = (same && !equalHashes(first.checkpoint.root, second.checkpoint.root)) || other !== undefined;
  if (!differs) return [];
  const { department } = first;
  return [{ kind: "TWO_LOGS", department, size: first.checkpoint.size, entry: other?.position }];
}
