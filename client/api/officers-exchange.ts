import type { MspId, TransactionId } from "@wanlian/model/identifiers.js";
import type { AccessIndex, AuditFilter } from "../access/index.js";
import type { AuditReport } from "../audit/index.js";
import type { Signer } from "../core/index.js";
import type { ConsumerDesk } from "../exchange/index.js";

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
