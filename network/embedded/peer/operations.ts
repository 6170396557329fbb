import { createServer } from "node:http";
import { listen, withPort } from "../listening.js";

/** The health check, where there is one. */
export interface Health {
  readonly address: string | undefined;
  readonly close: () => Promise<void>;
}

/** Serves `/healthz` as Fabric's operations service does; nothing without an address. */
export async function serveHealth(address: string | undefined): Promise<Health> {
  if (address === undefined) return { address, close: async () => undefined };
  const server = createServer((request, response) => {
    const found = request.url === "/healthz";
    response.writeHead(found ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(found ? { status: "OK", time: new Date().toISOString() } : { Error: "not found" }));
  });
  const port = await listen(server, address);
  return {
    address: withPort(address, port),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
