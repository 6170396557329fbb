import { readFile } from "node:fs/promises";
import { RELEASED } from "@wanlian/model/models.js";
import { messageOf } from "@wanlian/protocol/errors.js";
import { pino } from "pino";
import { dismissedBy, OfficerStanding } from "../access/index.js";
import { NodeError } from "../core/index.js";
import type { LedgerConnector, LedgerLocation } from "../ledger/index.js";
import { DepartmentNode } from "../node/index.js";
import { openDatabase, Projection } from "../projection/index.js";
import { ChannelConfiguration, FollowedCase } from "../read/index.js";
import { keepClearing } from "../texts/index.js";
import { ExchangePart } from "./exchange-part.js";
import { expectFree } from "./machine/address.js";
import type { NodeConfig } from "./machine/config.js";
import { claimDataDirectory } from "./machine/data-directory.js";
import { expectPair, readIdentity } from "./machine/identity.js";
import { LogOutput } from "./machine/log-output.js";

export const logOutput = new LogOutput();
export const log = pino({ name: "node" }, logOutput);

export interface RunningNode {
  readonly node: DepartmentNode;
  /** Whether the channel takes an officer's certificate. */
  readonly standing: OfficerStanding;
  /** Undefined where the configuration has none. */
  readonly exchange: ExchangePart | undefined;
  /** Ends everything that was started, in turn. */
  stop(): Promise<void>;
}

/** Where the configuration says that the ledger is. @throws NodeError with one plain sentence */
export async function locationOf(config: NodeConfig): Promise<LedgerLocation> {
  return {
    channel: config.channel,
    chaincode: config.chaincode,
    address: config.gateway.address,
    tlsRootCertificates: await readRoots(config.gateway.tlsRootCerts),
    serverName: config.gateway.serverName,
    signer: await readIdentity(config.department, config.identity),
  };
}

/** The way to the ledger that the configuration names; the other's libraries are not loaded. @throws NodeError with one plain sentence */
export async function connectorOf(config: NodeConfig): Promise<LedgerConnector> {
  const location = await locationOf(config);
  if (config.connector === "fabric-network") {
    const { FabricNetworkConnector } = await import("../ledger/fabric-network/index.js");
    return FabricNetworkConnector.open(location, (complaint) => log.warn({ complaint }, "fabric-network complains"));
  }
  const { GatewayConnector } = await import("../ledger/gateway/index.js");
  return new GatewayConnector(location);
}

/** Starts the ledger side of a department's node. @throws NodeError with one plain sentence */
export async function startNode(config: NodeConfig, failed: (error: unknown) => void): Promise<RunningNode> {
  const nodeSigner = await readIdentity(config.department, config.identity);
  // The exchange begins later than the rest; what would keep it from beginning is known now.
  if (config.exchange !== undefined) {
    await expectPair(config.exchange.tls);
    await expectFree(config.exchange.listen);
  }
  const connector = await connectorOf(config);
  const directory = claimDataDirectory(config.dataDir);
  try {
    const db = await openDatabase({
      directory: config.dataDir,
      url: config.databaseUrl,
      onDamage: (damage) => log.error({ damage }, "what is derived from the ledger was damaged"),
    });
    const projection = await Projection.open(db, config.channel, config.chaincode, RELEASED);
    const node = new DepartmentNode({ ...config, connector, nodeSigner, db, projection, models: RELEASED, log });
    await node.start(failed);
    const stopping = new AbortController();
    const clearing = keepClearing(db, log, stopping.signal);
    clearing.catch(failed);
    const configuration = new ChannelConfiguration(config.channel, db);
    const following = configuration.follow(
      node,
      (error) => log.error({ err: error }, "the channel's configuration is not taken up; the former stays"),
      stopping.signal,
    );
    following.catch(failed);
    const membership = new FollowedCase(node, { noun: "member", case: config.department });
    const watching = membership.follow(stopping.signal);
    watching.catch(failed);
    const { exchange } = config;
    const part =
      exchange === undefined
        ? undefined
        : new ExchangePart({ ...config, exchange }, { node, configuration, connector, log });
    return {
      node,
      standing: new OfficerStanding(config.department, () => configuration.known, dismissedBy(node, membership)),
      exchange: part,
      async stop() {
        stopping.abort();
        await node.stop();
        await part?.stop();
        await clearing;
        await following;
        await watching;
        await db.destroy();
        directory.release();
      },
    };
  } catch (error) {
    connector.close();
    directory.release();
    throw error;
  }
}

async function readRoots(files: readonly string[]): Promise<Buffer> {
  try {
    return Buffer.concat(await Promise.all(files.map((file) => readFile(file))));
  } catch (cause) {
    throw new NodeError("CONFIGURATION", `the TLS roots cannot be read: ${messageOf(cause)}.`, { cause });
  }
}
