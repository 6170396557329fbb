import { once } from "node:events";
import { createServer } from "node:net";
import { messageOf } from "@wanlian/protocol/errors.js";
import { NodeError } from "../../core/index.js";

/** Host and port of `host:port`. */
export function splitAddress(address: string): [string, number] {
  const at = address.lastIndexOf(":");
  return [address.slice(0, at), Number(address.slice(at + 1))];
}

/**
 * That nobody listens there, for what is opened only once the channel is here: whoever starts a node is told at once.
 * @throws NodeError CONFIGURATION
 */
export async function expectFree(address: string): Promise<void> {
  const server = createServer();
  const [host, port] = splitAddress(address);
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (cause) {
    throw cannotUse(address, cause);
  }
  server.close();
  await once(server, "close");
}

export function cannotUse(address: string, cause: unknown): NodeError {
  return new NodeError("CONFIGURATION", `${address} cannot be used: ${messageOf(cause)}.`, { cause });
}
