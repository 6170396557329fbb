import { createPrivateKey } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client, credentials } from "@grpc/grpc-js";
import { type Contract, connect, type Gateway, hash, signers } from "@hyperledger/fabric-gateway";
import { apply } from "@wanlian/network/administration/apply.js";
import { contractPackage } from "@wanlian/network/administration/contracts/package.js";
import { Network } from "@wanlian/network/administration/network.js";
import type { PeerSettings } from "@wanlian/network/embedded/peer/settings.js";
import { findBinaries } from "@wanlian/network/fabric/binaries.js";
import { nativePeer } from "@wanlian/network/fabric/native.js";
import { Processes } from "@wanlian/network/processes/process.js";
import type { Department } from "@wanlian/network/topology/topology.js";
import { ordererSettings } from "../ordering.js";
import { makeWorld, type World } from "../world.js";
import { freeFirstPort } from "./ports.js";

const PEER = fileURLToPath(import.meta.resolve("@wanlian/network/embedded/peer/main.js"));
const ORDERER = fileURLToPath(import.meta.resolve("@wanlian/network/embedded/orderer/main.js"));
const PROBE = fileURLToPath(new URL("./chaincode.js", import.meta.url));

/** Package labels are those of the topology's contracts. */
export const CHAINCODE = "wanlian";
export const CHANNEL = "pilot";

/** A client of one department, by the real client library. */
export interface DepartmentClient {
  readonly gateway: Gateway;
  readonly contract: Contract;
  close(): void;
}

/** An orderer, a peer a department and the probe chaincode beside each, as processes, with a channel and the chaincode in force. */
export class PeerNetwork {
  readonly processes: Processes;
  readonly #clients: DepartmentClient[] = [];

  private constructor(
    readonly world: World,
    readonly administration: Network,
  ) {
    this.processes = new Processes(world.directory);
  }

  /** @param real departments whose peers are Fabric's own; FABRIC_BIN says where these are. */
  static async start({ departments, real = [] }: { departments: number; real?: string[] }): Promise<PeerNetwork> {
    const firstPort = await freeFirstPort(departments);
    const world = await makeWorld({ departments, firstPort, consensus: "embedded" });
    for (const [mspId, organisation] of world.organisations) {
      if (!world.topology.departments.some((one) => one.mspId === mspId)) continue;
      await organisation.addPeer("peer0", ["localhost", "127.0.0.1"]);
      await organisation.addClient("node", ["node"], ["127.0.0.1"]);
    }
    const network = new PeerNetwork(world, await Network.open(world.topology, world.directory));
    try {
      const peers = network.departments.map(({ mspId }) =>
        real.includes(mspId) ? network.startRealPeer(mspId) : network.startPeer(mspId),
      );
      await Promise.all([network.startOrderer(), ...peers]);
      await Promise.all(network.departments.map((one) => network.startChaincode(one.mspId)));
      await apply(network.administration, { begins: nothing, done: nothing, waits: nothing });
    } catch (error) {
      await network.stop();
      throw error;
    }
    return network;
  }

  get departments(): readonly Department[] {
    return this.world.topology.departments;
  }

  async startOrderer(): Promise<void> {
    const [place] = this.world.topology.orderers.nodes;
    if (place === undefined) throw new Error("the world has no orderer");
    const settings = { ...ordererSettings(this.world), listen: place.address, adminListen: place.administration };
    const file = join(this.world.directory, "orderer.json");
    await writeFile(file, JSON.stringify(settings));
    await this.#start("orderer", ORDERER, [file], [place.address, place.administration]);
  }

  async startPeer(mspId: string, changes: Partial<PeerSettings> = {}): Promise<void> {
    const settings = { ...this.settings(mspId, "peer0"), listen: this.#place(mspId).address, ...changes };
    await this.launchPeer(`peer-${mspId}`, settings);
  }

  async startRealPeer(mspId: string): Promise<void> {
    const binaries = await findBinaries(process.env.FABRIC_BIN, "embedded");
    const certificates = join(this.world.directory, "organizations", mspId, "peers", "peer0");
    const folder = join(this.world.directory, "real", mspId);
    const spec = await nativePeer(binaries, mspId, this.#place(mspId), certificates, folder);
    await this.processes.start(spec);
  }

  /** Starts a peer process; rejects with its last words if it does not come up. */
  async launchPeer(name: string, settings: PeerSettings): Promise<void> {
    const file = join(this.world.directory, `${name}.json`);
    await writeFile(file, JSON.stringify(settings));
    await this.#start(name, PEER, [file], [settings.listen]);
  }

  /** The settings of a department's peer. */
  settings(mspId: string, name: string): PeerSettings {
    const folder = join(this.world.directory, "organizations", mspId, "peers", name);
    return {
      mspId,
      mspDir: join(folder, "msp"),
      tls: { cert: join(folder, "tls", "cert.pem"), key: join(folder, "tls", "key.pem") },
      listen: "127.0.0.1:0",
      dataDir: join(this.world.directory, "peers", `${name}.${mspId}`),
      executeTimeoutMs: 3_000,
    };
  }

  async startChaincode(mspId: string): Promise<void> {
    const { contracts } = this.#place(mspId);
    const { name } = this.world.topology.contracts;
    const { id } = await contractPackage(name, contracts);
    await this.startProbe(`chaincode-${mspId}`, id, contracts);
  }

  /** The probe chaincode under any package id, anywhere. */
  async startProbe(name: string, packageId: string, address: string): Promise<void> {
    const environment = { CHAINCODE_ID: packageId, CHAINCODE_SERVER_ADDRESS: address };
    await this.#start(name, PROBE, [], [address], environment);
  }

  /** A client with a key of the department, its node's unless said otherwise, at the department's own peer. */
  async client(mspId: string, name = "node"): Promise<DepartmentClient> {
    const organisation = join(this.world.directory, "organizations", mspId);
    const msp = join(organisation, "clients", name, "msp");
    const roots = await readFile(join(organisation, "tlsca", "cert.pem"));
    const key = createPrivateKey(await readFile(join(msp, "keystore", "priv_sk")));
    const connection = new Client(this.#place(mspId).address, credentials.createSsl(roots));
    const gateway = connect({
      client: connection,
      identity: { mspId, credentials: await readFile(join(msp, "signcerts", "cert.pem")) },
      signer: signers.newPrivateKeySigner(key),
      hash: hash.sha256,
    });
    const client = {
      gateway,
      contract: gateway.getNetwork(CHANNEL).getContract(CHAINCODE),
      close() {
        gateway.close();
        connection.close();
      },
    };
    this.#clients.push(client);
    return client;
  }

  /** Ends everything and takes the folder away. */
  async stop(): Promise<void> {
    for (const client of this.#clients) client.close();
    this.administration.close();
    for (const name of await this.processes.names()) await this.processes.stop(name);
    await this.world.remove();
  }

  #place(mspId: string) {
    const department = this.departments.find((one) => one.mspId === mspId);
    if (department === undefined) throw new Error(`the world has no department ${mspId}`);
    return department.peers[0];
  }

  async #start(
    name: string,
    main: string,
    args: readonly string[],
    listens: readonly string[],
    environment: Record<string, string> = {},
  ): Promise<void> {
    await this.processes.start({
      name,
      title: { zh: name, en: name },
      command: process.execPath,
      args: [main, ...args],
      environment,
      listens,
      ready: "line",
    });
  }
}

function nothing(): void {
  // These tests look at the network itself, not at how it was set up.
}
