import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "@wanlian/protocol/errors.js";
import type { Logger } from "pino";
import { NodeError } from "../core/index.js";
import type { ChangedSource } from "../exchange/index.js";
import type { LogSizes } from "../health/index.js";
import type { LedgerConnector } from "../ledger/index.js";
import type { DepartmentNode } from "../node/index.js";
import type { ChannelConfiguration } from "../read/index.js";
import type { Accounting } from "./accounting.js";
import type { NodeConfig } from "./machine/config.js";
import { recordRefused } from "./refused-filings.js";

/** What the exchange needs of the node's ledger side. */
export interface LedgerSide {
  readonly node: DepartmentNode;
  readonly configuration: ChannelConfiguration;
  readonly connector: LedgerConnector;
  readonly log: Logger;
}

/**
 * The exchange with its log and witness, beside the ledger side. It needs the channel, which may not be there yet when
 * the node starts; so it begins by itself, and a node whose exchange cannot begin says why and gives no data.
 */
export class ExchangePart {
  readonly #beginning: Promise<Accounting | undefined>;
  #begun: Accounting | undefined;
  #failure: unknown;

  /** Begins as soon as the node has taken in the channel's first block. */
  constructor(config: NodeConfig & { readonly exchange: NonNullable<NodeConfig["exchange"]> }, parts: LedgerSide) {
    const { node, log } = parts;
    const beginning = begin(config, parts).then((accounting) => {
      this.#begun = accounting;
      return accounting;
    });
    this.#beginning = beginning.catch((error: unknown) => {
      this.#failure = error;
      node.report("EXCHANGE_FAILED", `no data is given: ${messageOf(error)}`);
      log.error({ err: error }, "the exchange did not begin");
      return undefined;
    });
  }

  /** @throws NodeError NOT_READY while the channel is not there yet; else what kept it from beginning */
  get(): Accounting {
    if (this.#begun !== undefined) return this.#begun;
    if (this.#failure !== undefined) throw this.#failure;
    throw new NodeError("NOT_READY", "the channel's first block is not here yet: no exchange of data before it");
  }

  /** What the log has and what of it is anchored; undefined while there is none. */
  async logSizes(): Promise<LogSizes | undefined> {
    if (this.#begun === undefined) return undefined;
    const { exchange, ledger, options } = this.#begun;
    const anchored = await ledger.head("log", options.services.department);
    return {
      entries: exchange.log.size,
      anchored: anchored === undefined ? 0 : ledger.reading().log(anchored.state).size,
    };
  }

  async stop(): Promise<void> {
    const accounting = await this.#beginning;
    await accounting?.stop();
  }
}

async function begin(
  { exchange, chaincode, dataDir }: NodeConfig & { readonly exchange: NonNullable<NodeConfig["exchange"]> },
  { node, configuration, connector, log: logger }: LedgerSide,
): Promise<Accounting | undefined> {
  await node.folded(0n);
  if (node.isStopping) return undefined;
  const { startAccounting } = await import("./accounting.js");
  const [cert, key] = await Promise.all([readFile(exchange.tls.cert, "utf8"), readFile(exchange.tls.key, "utf8")]);
  const { listen, addresses } = exchange;
  const accounting = await startAccounting({
    services: node,
    db: node.db,
    configuration,
    chaincode,
    fetchBlock: (number) => fetchBlock(connector, number),
    dir: join(dataDir, "exchange"),
    listen,
    tls: { cert, key },
    addresses,
    onChangedSources: (changed) => reportChanged(node, changed),
    onFailingAnchors: (reason) => reportAnchors(node, reason),
    logger,
    standing: node.standing,
  });
  node.onRefused((refusal) => recordRefused(accounting.exchange, refusal));
  return accounting;
}

function reportChanged(node: DepartmentNode, changed: readonly ChangedSource[]): void {
  if (changed.length === 0) {
    node.settle("SOURCE_DIFFERS");
    return;
  }
  const which = changed.map(({ dataset, release }) => `${dataset}, release ${release}`).join("; ");
  const cure = "it is not served until it is put back; otherwise register a new release";
  node.report("SOURCE_DIFFERS", `the data is not what was registered: ${which}; ${cure}`);
}

function reportAnchors(node: DepartmentNode, reason: string | undefined): void {
  if (reason === undefined) node.settle("LOG_NOT_ANCHORED");
  else node.report("LOG_NOT_ANCHORED", `the log's anchor does not come to the ledger: ${reason}`);
}

/** One block from the own peer: for evidence, which holds whole blocks. */
async function fetchBlock(connector: LedgerConnector, number: number): Promise<Uint8Array> {
  const enough = new AbortController();
  try {
    for await (const block of connector.blocks(BigInt(number), enough.signal)) return block;
  } finally {
    enough.abort();
  }
  throw new NodeError("LEDGER_UNAVAILABLE", `the peer does not deliver block ${number}`);
}
