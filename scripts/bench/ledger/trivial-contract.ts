/**
 * What the ledger's benchmark runs in the contracts' place: it writes a key, or reads one. Environment as for the real
 * contracts: CHAINCODE_ID, CHAINCODE_SERVER_ADDRESS.
 */
import shim, { type ChaincodeServerOpts, type ChaincodeStub } from "fabric-shim";

const { Shim } = shim;

const trivial = {
  Init: async () => Shim.success(),
  Invoke: async (stub: ChaincodeStub) => {
    const { fcn, params } = stub.getFunctionAndParameters();
    const [key = "", value = ""] = params;
    if (fcn === "get") return Shim.success(await stub.getState(key));
    if (fcn !== "put") return Shim.error(`the benchmark's contract knows no "${fcn}"`);
    await stub.putState(key, Buffer.from(value));
    return Shim.success();
  },
};

const { CHAINCODE_ID: ccid, CHAINCODE_SERVER_ADDRESS: address } = process.env;
process.env.CORE_CHAINCODE_LOGGING_LEVEL ??= "CRITICAL";
process.once("SIGTERM", () => process.exit(0));
await Shim.server(trivial, { ccid, address } as ChaincodeServerOpts).start();
process.stdout.write(`${JSON.stringify({ ready: true, address })}\n`);
