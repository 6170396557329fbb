import { readFileSync } from "node:fs";
import { Endorser } from "./endorser.js";

/**
 * The chaincode process beside a department's peer. Environment: CHAINCODE_ID, CHAINCODE_SERVER_ADDRESS (host:port),
 * WANLIAN_GENESIS_POLICY (file), WANLIAN_VOID_FILE (file). Prints one line of JSON when it serves.
 */
const { CHAINCODE_ID: chaincodeId, CHAINCODE_SERVER_ADDRESS: address, WANLIAN_GENESIS_POLICY: policy } = process.env;
if (!chaincodeId || !address) {
  process.stderr.write("CHAINCODE_ID (the package id) and CHAINCODE_SERVER_ADDRESS (host:port) have to be set\n");
  process.exit(2);
}

// fabric-shim logs to stdout, every refusal as an error; stdout is for the ready line, refusals go to the caller.
process.env.CORE_CHAINCODE_LOGGING_LEVEL ??= "CRITICAL";
const { startService } = await import("./service.js");

process.once("SIGTERM", () => process.exit(0)); // every call is a question to the peer: nothing is left half done
try {
  // It is read when policy 1 is filed; that it is not there is for whoever starts the process to know.
  if (policy) JSON.parse(readFileSync(policy, "utf8"));
  await startService({ chaincodeId, address, endorser: Endorser.fromEnvironment() });
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`the contracts cannot start at ${address} with policy ${policy || "none"}: ${reason}\n`, () =>
    process.exit(1),
  );
  // What the shim began would keep the process alive for ever.
  await new Promise(() => undefined);
}
process.stdout.write(`${JSON.stringify({ ready: true, address })}\n`);
