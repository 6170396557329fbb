/**
 * The altered contract of the story: it writes whatever it is told, for whoever asks. A dishonest operator runs it in the
 * place of the real one, at the same address and under the same package id; neither peer nor client can tell.
 * Environment as for the real one: CHAINCODE_ID, CHAINCODE_SERVER_ADDRESS.
 */
import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { Act } from "@wanlian/model/kernel/act.js";
import { encodeActKey } from "@wanlian/model/kernel/key.js";
import { SEAL } from "@wanlian/model/kernel/seal.js";
import shim, { type ChaincodeServerOpts, type ChaincodeStub } from "fabric-shim";

const { Shim } = shim;

const functions: Readonly<Record<string, (stub: ChaincodeStub, argument: string) => Promise<void>>> = {
  /** Writes an act just as a contract would: under its key, with the seal. */
  record: async (stub, value) => {
    const key = encodeActKey(JSON.parse(value) as Act, stub.getTxID() as TransactionId);
    await stub.putState(key, Buffer.from(value));
    await stub.setStateValidationParameter(key, SEAL);
  },
  delete: (stub, key) => stub.deleteState(key),
};

const altered = {
  Init: async () => Shim.success(),
  Invoke: async (stub: ChaincodeStub) => {
    const { fcn, params } = stub.getFunctionAndParameters();
    const [argument = ""] = params;
    const chosen = functions[fcn];
    if (chosen === undefined) return Shim.error(`the altered contract knows no "${fcn}"`);
    await chosen(stub, argument);
    return Shim.success();
  },
};

const { CHAINCODE_ID: ccid, CHAINCODE_SERVER_ADDRESS: address } = process.env;
process.env.CORE_CHAINCODE_LOGGING_LEVEL ??= "CRITICAL";
process.once("SIGTERM", () => process.exit(0));
await Shim.server(altered, { ccid, address } as ChaincodeServerOpts).start();
process.stdout.write(`${JSON.stringify({ ready: true, address })}\n`);
