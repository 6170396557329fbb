import type { OfficersExchange } from "../api/index.js";
import { Auditor, audit } from "../audit/index.js";
import { SqlLedgerHistory } from "../read/index.js";
import type { DepartmentExchange } from "./department-exchange.js";

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
