import type { AccessIndex } from "../access/index.js";
import type { AuditEvent, AuditQuestion } from "../audit/index.js";
import type { Signer } from "../core/index.js";
import type { CellShown, ConsumerDesk, KeptAnswer, OwnCells } from "../exchange/index.js";

/** What of the exchange officers reach through the API. */
export interface OfficersExchange {
  readonly consumer: ConsumerDesk;
  readonly index: Pick<AccessIndex, "find" | "count" | "counts" | "positions" | "positionOf">;
  /** Brings the index up to everything that is in the log by now. */
  catchUp(): Promise<void>;
  /** Cells of the department's own releases, found by their digests. */
  readonly cells: Pick<OwnCells, "find">;
  /** @throws as `shownCells` */
  shownCells(officer: Signer, kept: KeptAnswer): Promise<CellShown[]>;
  /** Goes through the departments' logs under a mandate, and compares them. @param resumed an audit that broke off */
  audit(officer: Signer, question: Omit<AuditQuestion, "officer">, resumed?: string): AsyncGenerator<AuditEvent, void>;
}
