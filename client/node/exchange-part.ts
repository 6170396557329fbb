import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Accounting } from "../exchange/accounting.js";
import { messageOf, type NodeConfig } from "./config.js";
import type { DepartmentNode } from "./department-node.js";

/**
 * The exchange with its log and witness, beside the ledger side. It needs the channel, which may not be there yet when
 * the node starts; so it begins by itself, and a node whose exchange cannot begin says why and gives no data.
 */
export class ExchangePart {
  readonly #beginning: Promise<Accounting | undefined>;

  /** Begins as soon as the node has taken in the channel's first block. */
  constructor(
    config: NodeConfig & { readonly exchange: NonNullable<NodeConfig["exchange"]> },
    node: DepartmentNode,
    log: Logger,
  ) {
    this.#beginning = begin(config, node, log).catch((error: unknown) => {
      node.report("EXCHANGE_FAILED", `no data is given: ${messageOf(error)}`);
      log.error({ err: error }, "the exchange did not begin");
      return undefined;
    });
  }

  async stop(): Promise<void> {
    const accounting = await this.#beginning;
    await accounting?.stop();
  }
}

async function begin(
  { exchange, dataDir }: NodeConfig & { readonly exchange: NonNullable<NodeConfig["exchange"]> },
  node: DepartmentNode,
  logger: Logger,
): Promise<Accounting | undefined> {
  await node.folded(0n);
  if (node.isStopping) return undefined;
  const { startAccounting } = await import("../exchange/accounting.js");
  const [cert, key] = await Promise.all([readFile(exchange.tls.cert, "utf8"), readFile(exchange.tls.key, "utf8")]);
  const { listen, addresses } = exchange;
  return startAccounting({
    services: node,
    dir: join(dataDir, "exchange"),
    listen,
    tls: { cert, key },
    addresses,
    logger,
  });
}
