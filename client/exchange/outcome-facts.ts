import { type AccessRecord, reasonOf } from "../access/index.js";
import type { Facts } from "../traces/index.js";

/** What a trace says of how an access ended: nothing that its record does not say in code words and figures. */
export function outcomeFacts(record: AccessRecord): Facts {
  const { result, rows } = record;
  const reason = reasonOf(record);
  return { result, rows, ...(reason === undefined ? {} : { reason }) };
}
