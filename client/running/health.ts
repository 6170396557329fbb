import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TreeHead } from "@wanlian/model/checkpoint.js";
import { messageOf } from "@wanlian/protocol/errors.js";
import {
  Figures,
  OperationsServer,
  type WatchedCertificate,
  watchCertificates,
  watchDisk,
  watchLog,
} from "../health/index.js";
import { OfficerStore } from "../keys/officers/index.js";
import { sweepLog } from "../log/index.js";
import { exchangeFolder } from "./backup/node-files.js";
import type { NodeConfig } from "./machine/config.js";
import { log, type RunningNode } from "./start.js";

export interface Health {
  readonly figures: Figures;
  stop(): Promise<void>;
}

/**
 * Watches over what the node itself needs, and tells those who run the machine where the configuration says so.
 * @throws NodeError CONFIGURATION where the address cannot be used
 */
export async function watchHealth(
  config: NodeConfig,
  { node, exchange, stop: end }: RunningNode,
  failed: (error: unknown) => void,
): Promise<Health> {
  const status = () => node.status();
  const accesses = async () => (await exchange?.accesses()) ?? [];
  const figures = new Figures({ status, log: async () => exchange?.logSizes(), accesses });
  const stopping = new AbortController();
  const disk = {
    folder: config.dataDir,
    report: node.report.bind(node),
    settle: node.settle.bind(node),
  };
  const watching = watchDisk(disk, stopping.signal).catch(failed);
  const certificates = {
    certificates: () => certificatesOf(config),
    report: node.report.bind(node),
    settle: node.settle.bind(node),
    seen: (ends: ReadonlyMap<string, Date>) => figures.certificatesEnd(ends),
  };
  const watchingCertificates = watchCertificates(certificates, stopping.signal).catch(failed);
  const ownLog = {
    published: () => exchange?.published(),
    sweep: (head: TreeHead, signal: AbortSignal) => sweepLog(join(exchangeFolder(config), "log"), head, signal),
    report: node.report.bind(node),
    settle: node.settle.bind(node),
  };
  const watchingLog = watchLog(ownLog, stopping.signal).catch(failed);
  const { operations: listen } = config;
  const isStopping = () => node.isStopping;
  try {
    const server =
      listen === undefined
        ? undefined
        : await OperationsServer.start({ listen, status, isStopping, figures, logger: log });
    return {
      figures,
      async stop() {
        stopping.abort();
        await watching;
        await watchingCertificates;
        await watchingLog;
        await server?.stop();
      },
    };
  } catch (error) {
    stopping.abort();
    await end();
    throw error;
  }
}

/** The node's own and its officers', as they lie there now. One that cannot be read hides no other. */
export async function certificatesOf({
  identity,
  tls,
  exchange,
  officers,
}: Pick<NodeConfig, "identity" | "tls" | "exchange" | "officers">): Promise<WatchedCertificate[]> {
  const files = [
    ["node", identity.cert],
    ...(tls === undefined ? [] : [["api", tls.cert]]),
    ...(exchange === undefined ? [] : [["exchange", exchange.tls.cert]]),
  ] as const;
  const own = files.map(([holder = "", file = ""]) =>
    endOf(holder, async () => new Date(new X509Certificate(await readFile(file)).validTo)),
  );
  const store = new OfficerStore(officers);
  const enrolled = (await store.list()).map((officer) =>
    endOf(officer, async () => (await store.certificate(officer)).notAfter),
  );
  return await Promise.all([...own, ...enrolled]);
}

async function endOf(holder: string, read: () => Promise<Date>): Promise<WatchedCertificate> {
  try {
    return { holder, notAfter: await read() };
  } catch (error) {
    return { holder, unreadable: messageOf(error) };
  }
}
