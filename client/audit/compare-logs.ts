import { equalHashes } from "@wanlian/model/merkle.js";
import { BROKEN_OFF_REASONS } from "../access/access-record.js";
import type { LogView, ViewedRecord } from "../read/log-view.js";
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
  return record.kind === "closing" && BROKEN_OFF_REASONS.includes(record.reason ?? "");
}

function missingAtProvider({ id, signed }: ViewedRecord): Finding {
  const { provider, consumer } = signed.record.request;
  const message = {
    zh: `${consumer} 持有 ${provider} 的节点签名的记录，而 ${provider} 的日志中没有。`,
    en: `${consumer} has a record that the node of ${provider} signed and that ${provider}'s log lacks.`,
  };
  return { kind: "RECORD_DROPPED", department: provider, message, record: id };
}

/** With its countersignature at hand, the consumer once had the record; without, it may never have taken it. */
function missingAtConsumer({ id, position, signed, receipt }: ViewedRecord): Finding {
  const { provider, consumer } = signed.record.request;
  return receipt === undefined
    ? {
        kind: "NOT_COUNTERSIGNED",
        department: consumer,
        message: {
          zh: `${provider} 有一条记录，${consumer} 既没有回签，其日志中也没有。`,
          en: `${provider} has a record that ${consumer} neither countersigned nor has in its log.`,
        },
        record: id,
        position,
      }
    : {
        kind: "RECORD_DROPPED",
        department: consumer,
        message: {
          zh: `${consumer} 回签了一条其日志中没有的记录。`,
          en: `${consumer} countersigned a record that its log lacks.`,
        },
        record: id,
        position,
      };
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
  const where =
    other === undefined
      ? { zh: `大小为 ${first.checkpoint.size} 时`, en: `at size ${first.checkpoint.size}` }
      : { zh: `第 ${other.position} 条`, en: `at entry ${other.position}` };
  const message = {
    zh: `${department} 出示了两份不同的日志（${where.zh}不同）；两份都有签名。`,
    en: `${department} showed two different logs, ${where.en}; both are signed.`,
  };
  return [{ kind: "TWO_LOGS", department, message }];
}
