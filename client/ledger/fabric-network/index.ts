/** The connector over the package fabric-network, for older networks. Loaded only where it is configured. */

export { FabricNetworkConnector } from "./fabric-network-connector.js";
