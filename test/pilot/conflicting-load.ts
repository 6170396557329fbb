import { type EndorsedTransaction, LedgerAccessError } from "@wanlian/client/ledger/connector.js";
import { GatewayConnector } from "@wanlian/client/ledger/gateway/gateway-connector.js";
import { readConfig } from "@wanlian/client/running/machine/config.js";
import { locationOf } from "@wanlian/client/running/start.js";
import { SEAL } from "@wanlian/model/kernel/seal.js";
import { toHex } from "@wanlian/protocol/bytes.js";
import type { RunningPilot } from "./shared-pilot.js";

const SEALED = toHex(SEAL);
const IN_FLIGHT = 32;
const FATE_MS = 10_000;
const HOT_KEYS = 5;
const RANGES = 10;

/**
 * Has so many transactions ordered, by clients of all departments at once: counters that all raise, ranges that grow while they
 * are counted, sealed keys that two make. Gives how many came to each validation code, and the last block.
 */
export async function submitConflicting(pilot: RunningPilot, transactions: number) {
  const clients = await Promise.all(pilot.mspIds.map((mspId) => clientOf(pilot, mspId)));
  const codes = new Map<number, number>();
  let lastBlock = 0n;
  let begun = 0;
  let ordered = 0;
  const work = async (worker: number) => {
    const client = clients[worker % clients.length];
    if (client === undefined) throw new RangeError("a load needs departments");
    while (ordered < transactions) {
      const [name, ...args] = callOf(begun++);
      const transaction = await client.connector.endorse(client.signer, name, args).catch(movedBefore);
      if (transaction === undefined) continue;
      ordered += 1;
      const fate = await fateOf(client.connector, transaction);
      codes.set(fate.code, (codes.get(fate.code) ?? 0) + 1);
      if (fate.block > lastBlock) lastBlock = fate.block;
    }
  };
  try {
    await Promise.all(Array.from({ length: IN_FLIGHT }, (_, worker) => work(worker)));
  } finally {
    for (const { connector } of clients) connector.close();
  }
  return { codes, lastBlock };
}

function callOf(number: number): [string, ...string[]] {
  const group = Math.floor(number / 8);
  const range = `range ${group % RANGES} `;
  switch (number % 8) {
    case 0:
    case 1:
      return ["create", `sealed ${group}`, SEALED];
    case 2:
    case 3:
    case 4:
      return ["add", `counter ${number % HOT_KEYS}`];
    case 5:
      return ["count", range, `${range}~`, `counted ${group}`];
    default:
      return ["put", `${range}${number}`, String(number)];
  }
}

/** Hands an envelope over until it has a fate: orderers under load may not say whether they took it. */
async function fateOf(connector: GatewayConnector, transaction: EndorsedTransaction) {
  for (;;) {
    await connector.submit(transaction).catch((error: unknown) => {
      if (!(error instanceof LedgerAccessError) || error.code !== "UNAVAILABLE") throw error;
    });
    const fate = await connector.commitStatus(transaction.transactionId, FATE_MS);
    if (fate !== undefined) return fate;
  }
}

/** The ledger may move on between two peers' simulations, or before the second who makes a key: nothing is ordered then. */
function movedBefore(error: unknown): undefined {
  if (error instanceof Error && /exists|do not match/.test(error.message)) return undefined;
  throw error;
}

async function clientOf({ pilot }: RunningPilot, mspId: string) {
  const location = await locationOf(await readConfig(pilot.data.file("nodes", mspId, "node.json"), {}));
  return { connector: new GatewayConnector(location), signer: location.signer };
}
