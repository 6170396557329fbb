import { createServer } from "node:net";

/** A port that nobody listened on a moment ago, with room for the ports that a topology counts up from it. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("the system gave no port");
  return Math.min(address.port, 65_000);
}
