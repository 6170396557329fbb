import { Figures, OperationsServer, watchDisk } from "../health/index.js";
import type { NodeConfig } from "./config.js";
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
  const figures = new Figures({ status, log: async () => exchange?.logSizes() });
  const stopping = new AbortController();
  const disk = {
    folder: config.dataDir,
    report: node.report.bind(node),
    settle: node.settle.bind(node),
  };
  const watching = watchDisk(disk, stopping.signal).catch(failed);
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
        await server?.stop();
      },
    };
  } catch (error) {
    stopping.abort();
    await end();
    throw error;
  }
}
