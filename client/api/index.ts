/** The API: operations, problems, sessions. Brings Express along, so it is loaded when everything below it stands. */

export { describeWhole } from "./describe.js";
export type { OfficersCalls } from "./officers-calls.js";
export type { OfficersExchange } from "./officers-exchange.js";
export { callOperations } from "./operations/access/calls.js";
export { evidenceOperations } from "./operations/access/evidence.js";
export type { EvidenceDesk } from "./operations/access/evidence-desk.js";
export { exchangeOperations } from "./operations/access/exchange.js";
export { createApi } from "./server/server.js";
