import shim from "fabric-shim";

/**
 * A chaincode that does one thing a function, on an unmodified shim, so that tests can see how the peer answers.
 * Run as a process: CHAINCODE_ID and CHAINCODE_SERVER_ADDRESS in the environment.
 */
type Stub = shim.ChaincodeStub;
type Act = (stub: Stub, ...args: string[]) => Promise<string>;

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");
const EMPTY = new Uint8Array(0);

const acts: Record<string, Act> = {
  put: async (stub, key = "", value = "") => {
    await stub.putState(key, Buffer.from(value));
    return value;
  },
  get: async (stub, key = "") => text(await stub.getState(key)),
  delete: async (stub, key = "") => {
    await stub.deleteState(key);
    return "";
  },
  /** Reads its own write: what it sees is what was there before. */
  putThenGet: async (stub, key = "", value = "") => {
    await stub.putState(key, Buffer.from(value));
    return text(await stub.getState(key));
  },
  add: async (stub, key = "") => {
    const next = String(Number(text(await stub.getState(key)) || "0") + 1);
    await stub.putState(key, Buffer.from(next));
    return next;
  },
  create: async (stub, key = "", policy = "") => {
    if ((await stub.getState(key)).length > 0) throw new Error(`${key} exists`);
    await stub.putState(key, Buffer.from("created"));
    await stub.setStateValidationParameter(key, Buffer.from(policy, "hex"));
    return "created";
  },
  setPolicy: async (stub, key = "", policy = "") => {
    await stub.setStateValidationParameter(key, Buffer.from(policy, "hex"));
    return "";
  },
  policy: async (stub, key = "") => Buffer.from((await stub.getStateValidationParameter(key)) ?? []).toString("hex"),
  fill: async (stub, prefix = "", count = "0") => {
    for (let index = 0; index < Number(count); index++) {
      await stub.putState(`${prefix}${String(index).padStart(5, "0")}`, Buffer.from(String(index)));
    }
    return count;
  },
  /** Counts a range and writes the count, so that a phantom matters. */
  count: async (stub, start = "", end = "", into = "") => {
    const keys = await keysIn(await stub.getStateByRange(start, end));
    if (into !== "") await stub.putState(into, Buffer.from(String(keys.length)));
    return String(keys.length);
  },
  page: async (stub, start = "", end = "", size = "0", bookmark = "") => {
    const { iterator, metadata } = await stub.getStateByRangeWithPagination(start, end, Number(size), bookmark);
    return JSON.stringify({ keys: await keysIn(iterator), next: metadata.bookmark });
  },
  composite: async (stub, noun = "", one = "", two = "") => {
    const key = stub.createCompositeKey(noun, [one, two]);
    await stub.putState(key, Buffer.from(two));
    return String((await keysIn(await stub.getStateByPartialCompositeKey(noun, [one]))).length);
  },
  history: async (stub, key = "") => {
    const values: string[] = [];
    const iterator = await stub.getHistoryForKey(key);
    for (let next = await iterator.next(); !next.done; next = await iterator.next())
      values.push(text(next.value.value));
    await iterator.close();
    return JSON.stringify(values);
  },
  hide: async (stub, collection = "", key = "", value = "") => {
    await stub.putPrivateData(collection, key, stub.getTransient().get("value") ?? Buffer.from(value));
    return "hidden";
  },
  reveal: async (stub, collection = "", key = "") => text(await stub.getPrivateData(collection, key)),
  hash: async (stub, collection = "", key = "") =>
    Buffer.from(await stub.getPrivateDataHash(collection, key)).toString("hex"),
  event: async (stub, name = "", payload = "") => {
    await stub.putState(name, Buffer.from(payload));
    stub.setEvent(name, Buffer.from(payload));
    return payload;
  },
  call: async (stub, chaincode = "", ...args) => {
    const answer = await stub.invokeChaincode(chaincode, args, "");
    if (answer.status >= 400) throw new Error(answer.message);
    return text(answer.payload ?? EMPTY);
  },
  creator: async (stub) => stub.getCreator().mspid,
  fail: async (_stub, reason = "") => {
    throw new Error(reason);
  },
  sleep: async (_stub, milliseconds = "0") => {
    await new Promise((resolve) => setTimeout(resolve, Number(milliseconds)));
    return "slept";
  },
  /** Dies in the middle of the transaction. */
  die: async () => process.exit(1),
  /** Answers differently at each endorser. */
  disagree: async (stub) => {
    await stub.putState("disagreement", Buffer.from(String(process.pid)));
    return String(process.pid);
  },
};

async function keysIn(iterator: shim.Iterators.StateQueryIterator): Promise<string[]> {
  const keys: string[] = [];
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) keys.push(next.value.key);
  await iterator.close();
  return keys;
}

class Probe implements shim.ChaincodeInterface {
  async Init(): Promise<shim.ChaincodeResponse> {
    return shim.success(Buffer.from("ready"));
  }

  async Invoke(stub: Stub): Promise<shim.ChaincodeResponse> {
    const { fcn, params } = stub.getFunctionAndParameters();
    const act = acts[fcn];
    if (act === undefined) return shim.error(Buffer.from(`no function ${fcn}`).toString());
    try {
      return shim.success(Buffer.from(await act(stub, ...params)));
    } catch (error) {
      return shim.error(error instanceof Error ? error.message : String(error));
    }
  }
}

const { CHAINCODE_ID: ccid = "", CHAINCODE_SERVER_ADDRESS: address = "" } = process.env;
const server = shim.Shim.server(new Probe(), { ccid, address } as shim.ChaincodeServerOpts);
await server.start();
process.stdout.write(`${JSON.stringify({ ready: true, address })}\n`);
process.once("SIGTERM", () => process.exit(0));
