import type { MspId, TransactionId } from "@wanlian/model/identifiers.js";
import type { AccessIndex } from "../access/access-index.js";
import type { AuditFilter } from "../access/audit-request.js";
import { type AuditReport, audit } from "../audit/audit.js";
import { Auditor } from "../audit/auditor.js";
import type { Signer } from "../core/services.js";
import type { ConsumerDesk } from "../exchange/consumer/consumer-desk.js";
import { SqlLedgerHistory } from "../read/ledger-history.js";
import type { DepartmentExchange } from "./department-exchange.js";

/** What of the exchange officers reach through the API. */
export interface OfficersExchange {
  readonly consumer: ConsumerDesk;
  readonly index: Pick<AccessIndex, "find" | "count">;
  /** Brings the index up to everything that is in the log by now. */
  catchUp(): Promise<void>;
  /** Asks the departments' nodes under a mandate, and compares. */
  audit(
    officer: Signer,
    mandate: TransactionId,
    departments: readonly MspId[],
    filter: AuditFilter,
  ): Promise<AuditReport>;
}

/** The officers' side of a node's exchange. */
export function officersExchange(exchange: DepartmentExchange): OfficersExchange {
  const { consumer, index, identities, connections } = exchange;
  const { department, channel, book, db } = exchange.options;
  const auditor = new Auditor({ channel, department, book, connections });
  const parts = { auditor, history: new SqlLedgerHistory(db), identities };
  return {
    consumer,
    index,
    catchUp: async () => {
      // The index reads what was published; a record that somebody has just made would be missing for a second.
      await exchange.log.publish();
      await index.catchUp();
    },
    audit: (...question) => audit(parts, ...question),
  };
}
