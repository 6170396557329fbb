/** The API: operations, problems, sessions. Brings Express along, so it is loaded when everything below it stands. */

export { describeWhole } from "./describe.js";
export type { OfficersExchange } from "./officers-exchange.js";
export { type EvidenceDesk, evidenceOperations } from "./operations/evidence.js";
export { exchangeOperations } from "./operations/exchange.js";
export { createApi } from "./server.js";
