/** Mutual TLS between departments' nodes: the gateway that serves, the connections that ask. */

export { HANDSHAKE_MS } from "./connection-limits.js";
export { brokenOff, DepartmentConnections } from "./connections.js";
export { DepartmentTls } from "./department-tls.js";
export { type Call, ExchangeGateway, type Handler, sendJson, type TlsMaterial } from "./gateway.js";
export { MAX_BODY_BYTES, readJson } from "./http-body.js";
export { UnknownConnections } from "./unknown-connections.js";
