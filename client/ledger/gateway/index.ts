/** The connector over the peer's Gateway service (Fabric 2.4 and later). Loaded only where it is configured. */

export { GatewayConnector } from "./gateway-connector.js";
