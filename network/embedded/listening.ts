import type { AddressInfo, Server } from "node:net";
import { portInUse } from "../grpc/server.js";

/** Listens on `host:port` (port 0: any free one) and resolves to the port. Throws NetworkError PORT_IN_USE. */
export function listen(server: Server, address: string): Promise<number> {
  const [, host, port] = /^(.*):(\d+)$/.exec(address) ?? [];
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "EADDRINUSE" ? portInUse(address, error) : error);
    });
    server.listen(Number(port), host, () => resolve((server.address() as AddressInfo).port));
  });
}

/** The address with the port that was really got. */
export function withPort(address: string, port: number): string {
  return address.replace(/:\d+$/, `:${port}`);
}
