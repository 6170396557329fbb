import { LedgerError } from "@wanlian/model/errors.js";
import type { MspId, TransactionId } from "@wanlian/model/identifiers.js";
import type { AuditFilter, Identities, LogView } from "../access/index.js";
import { NodeError, type Signer } from "../core/index.js";
import type { LedgerHistory } from "../read/index.js";
import type { Auditor } from "./auditor.js";
import { compareLogs } from "./compare-logs.js";
import type { Finding } from "./finding.js";
import { judgeLog } from "./judge-log.js";

export interface AuditReport {
  readonly views: readonly LogView[];
  /** Empty: nothing that an audit can find. What two parties hide together is not among it. */
  readonly findings: readonly Finding[];
}

/** Asks the departments for their logs and compares them with each other, with the anchors and with the ledger. */
export async function audit(
  parts: { readonly auditor: Auditor; readonly history: LedgerHistory; readonly identities: Identities },
  signer: Signer,
  mandate: TransactionId,
  departments: readonly MspId[],
  filter: AuditFilter = {},
): Promise<AuditReport> {
  const { auditor, history, identities } = parts;
  const views: LogView[] = [];
  const findings: Finding[] = [];
  for (const department of departments) {
    try {
      const view = await auditor.view(signer, department, mandate, filter);
      views.push(view);
      findings.push(...(await judgeLog(view, history, identities, (anchor) => auditor.extends(view, anchor))));
    } catch (error) {
      findings.push(findingOf(department, error));
    }
  }
  // What nobody signed is nobody's record: the other side owes no copy of it.
  const forged = new Set(findings.flatMap(({ kind, record }) => (kind.endsWith("_FORGED") ? [record] : [])));
  const genuine = views.map((view) => ({ ...view, records: view.records.filter(({ id }) => !forged.has(id)) }));
  return { views, findings: [...findings, ...compareLogs(genuine)] };
}

/** @throws whatever is the auditor's own fault */
function findingOf(department: MspId, error: unknown): Finding {
  if (!(error instanceof NodeError) && !(error instanceof LedgerError)) throw error;
  const { code, message: said } = error;
  if (code === "NOT_FOUND") return { kind: "NOT_ANCHORED", department, entries: 0 };
  const isDamaged = code === "LOG_DAMAGED" || code === "BAD_SIGNATURE";
  return { kind: isDamaged ? "LOG_DAMAGED" : "NOT_SHOWN", department, because: { code, said } };
}
