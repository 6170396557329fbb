/**
 * The altered contract of the story: it writes whatever it is told, for whoever asks. A dishonest operator runs it in the
 * place of the real one, at the same address and under the same package id; neither peer nor client can tell.
 * Environment as for the real one: CHAINCODE_ID, CHAINCODE_SERVER_ADDRESS.
 */
import { SEAL } from "@wanlian/model/kernel/seal.js";
import shim, { type ChaincodeServerOpts, type ChaincodeStub } from "fabric-shim";

const { Shim } = shim;

const functions: Readonly<Record<string, (stub: ChaincodeStub, key: string, value: string) => Promise<void>>> = {
  /** Makes a key look like an act: the value, and the seal. */
  record: async (stub, key, value) => {
    await stub.putState(key, Buffer.from(value));
    await stub.setStateValidationParameter(key, SEAL);
  },
  overwrite: (stub, key, value) => stub.putState(key, Buffer.from(value)),
  delete: (stub, key) => stub.deleteState(key),
};

const altered = {
  Init: async () => Shim.success(),
  Invoke: async (stub: ChaincodeStub) => {
    const { fcn, params } = stub.getFunctionAndParameters();
    const [key = "", value = ""] = params;
    const chosen = functions[fcn];
    if (chosen === undefined) return Shim.error(`the altered contract knows no "${fcn}"`);
    await chosen(stub, key, value);
    return Shim.success();
  },
};

const { CHAINCODE_ID: ccid, CHAINCODE_SERVER_ADDRESS: address } = process.env;
process.env.CORE_CHAINCODE_LOGGING_LEVEL ??= "CRITICAL";
process.once("SIGTERM", () => process.exit(0));
await Shim.server(altered, { ccid, address } as ChaincodeServerOpts).start();
process.stdout.write(`${JSON.stringify({ ready: true, address })}\n`);
