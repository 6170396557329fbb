import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { portInUse } from "../../grpc/server.js";

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
    address: address.replace(/:\d+$/, `:${port}`),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, address: string): Promise<number> {
  const [, host, port] = /^(.*):(\d+)$/.exec(address) ?? [];
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "EADDRINUSE" ? portInUse(address, error) : error);
    });
    server.listen(Number(port), host, () => resolve((server.address() as AddressInfo).port));
  });
}
