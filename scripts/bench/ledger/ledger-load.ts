import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Signer } from "@wanlian/client/core/services.js";
import { GatewayConnector } from "@wanlian/client/ledger/gateway/gateway-connector.js";
import { readIdentity } from "@wanlian/client/running/machine/identity.js";
import { NODE_CLIENT } from "@wanlian/network/certificates/make.js";
import type { Department, Topology } from "@wanlian/network/topology/topology.js";
import { TxValidationCode } from "@wanlian/protocol/messages/transaction.js";
import { organisationFolder } from "../../host/certificates.js";
import type { Pilot } from "../../host/pilot.js";

/** How long a client waits for a transaction's fate: what takes longer counts as failed. */
const FATE_MS = 60_000;
/** A value of an ordinary act's size. */
const VALUE = "x".repeat(500);

/** Clients of all departments in turn, each at its own peer, with the trivial contract. */
export class LedgerLoad {
  private constructor(private readonly clients: readonly { connector: GatewayConnector; signer: Signer }[]) {}

  static async at(pilot: Pilot, topology: Topology): Promise<LedgerLoad> {
    return new LedgerLoad(await Promise.all(topology.departments.map((one) => clientOf(pilot, topology, one))));
  }

  /** Has a transaction endorsed, ordered and committed. @throws Error if it is not valid */
  async submit(worker: number): Promise<void> {
    const { connector, signer } = this.#client(worker);
    const transaction = await connector.endorse(signer, "put", [randomUUID(), VALUE]);
    await connector.submit(transaction);
    const fate = await connector.commitStatus(transaction.transactionId, FATE_MS);
    if (fate?.code !== TxValidationCode.VALID) throw new Error(`a transaction came to ${fate?.code ?? "nothing"}`);
  }

  /** Asks one peer for a key. */
  async evaluate(worker: number): Promise<void> {
    const { connector, signer } = this.#client(worker);
    await connector.evaluate(signer, "get", ["key"]);
  }

  close(): void {
    for (const { connector } of this.clients) connector.close();
  }

  #client(worker: number) {
    const client = this.clients[worker % this.clients.length];
    if (client === undefined) throw new RangeError("a load needs departments");
    return client;
  }
}

async function clientOf(pilot: Pilot, topology: Topology, { mspId, peers: [peer] }: Department) {
  const organisation = organisationFolder(pilot.data, mspId);
  const msp = join(organisation, "clients", NODE_CLIENT, "msp");
  const files = { cert: join(msp, "signcerts", "cert.pem"), key: join(msp, "keystore", "priv_sk") };
  const signer = await readIdentity(mspId, files);
  const connector = new GatewayConnector({
    channel: topology.channel,
    chaincode: topology.contracts.name,
    address: peer.address,
    tlsRootCertificates: await readFile(join(organisation, "msp", "tlscacerts", "tlsca-0.pem")),
    serverName: undefined,
    signer,
  });
  return { connector, signer };
}
