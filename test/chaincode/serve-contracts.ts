import type { EndorserOptions } from "@wanlian/chaincode/endorser.js";

/** @returns what ends it; the shim has no way of its own to end what it listens with */
export async function serveContracts(address: string, options: EndorserOptions): Promise<() => void> {
  // The framework tells on standard output what it does, unless it is told not to before it is loaded.
  process.env.CORE_CHAINCODE_LOGGING_LEVEL ??= "CRITICAL";
  const { Endorser } = await import("@wanlian/chaincode/endorser.js");
  const { startService } = await import("@wanlian/chaincode/service.js");
  const server = await startService({ chaincodeId: "wanlian:1", address, endorser: new Endorser(options) });
  const listening: unknown = Reflect.get(server, "_server");
  if (typeof listening !== "object" || listening === null || !("forceShutdown" in listening))
    throw new Error("the shim keeps its server elsewhere");
  const { forceShutdown } = listening;
  if (typeof forceShutdown !== "function") throw new Error("the shim's server cannot be shut down");
  return () => void forceShutdown.call(listening);
}
