import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TreeHead } from "@wanlian/model/checkpoint.js";
import type { MspId } from "@wanlian/model/identifiers.js";
import { messageOf } from "@wanlian/protocol/errors.js";
import type { Logger } from "pino";
import { NodeError, pause } from "../core/index.js";
import type { ChangedSource } from "../exchange/index.js";
import type { AccessFigure, LogSizes } from "../health/index.js";
import type { LedgerConnector } from "../ledger/index.js";
import type { DepartmentNode } from "../node/index.js";
import type { ChannelConfiguration } from "../read/index.js";
import type { Accounting, AccountingOptions } from "./accounting.js";
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
  readonly #node: DepartmentNode;
  #begun: Accounting | undefined;
  #failure: unknown;

  /** Begins as soon as the node has taken in the channel's first block. */
  constructor(config: NodeConfig & { readonly exchange: NonNullable<NodeConfig["exchange"]> }, parts: LedgerSide) {
    const { node, log } = parts;
    this.#node = node;
    const beginning = begin(config, parts, (behind) => this.#giveUp(behind)).then((accounting) => {
      this.#begun = accounting;
      return accounting;
    });
    this.#beginning = beginning.catch((error: unknown) => {
      this.#fail(error);
      log.error({ err: error }, "the exchange did not begin");
      return undefined;
    });
  }

  #fail(error: unknown): void {
    this.#failure = error;
    this.#node.report("EXCHANGE_FAILED", whyNot(error));
  }

  /** A log that turns out to be older than the ledger says is not signed any more. */
  #giveUp(behind: unknown): void {
    const begun = this.#begun;
    this.#begun = undefined;
    this.#fail(behind);
    void begun?.stop();
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

  /** The tree that the log's last checkpoint names; undefined while there is no log. */
  published(): TreeHead | undefined {
    return this.#begun?.exchange.log.published;
  }

  /** What the log comes to; empty while there is none. */
  async accesses(): Promise<readonly AccessFigure[]> {
    const { exchange, options } = this.#begun ?? {};
    if (exchange === undefined || options === undefined) return [];
    return await exchange.index.totals(options.services.department as MspId);
  }

  async stop(): Promise<void> {
    const accounting = await this.#beginning;
    await accounting?.stop();
  }
}

const whyNot = (error: unknown): string => `no data is given: ${messageOf(error)}`;

/** How often it is tried again where others have to answer first, and looked whether the node has caught up. */
const RETRY_MS = 2_000;
const LOOK_MS = 100;

/** What the ledger has of the own log is known when the node has caught up, and not before. */
async function caughtUp(node: DepartmentNode): Promise<void> {
  await node.folded(0n);
  while (!node.isStopping && node.status().catchUp !== undefined) await pause(LOOK_MS, new AbortController().signal);
}

/** Tries again while it is not ready. @throws what else keeps it from beginning */
async function onceReady<T>(node: DepartmentNode, start: () => Promise<T>): Promise<T | undefined> {
  while (!node.isStopping) {
    try {
      const started = await start();
      node.settle("EXCHANGE_FAILED");
      return started;
    } catch (error) {
      if (!(error instanceof NodeError) || error.code !== "NOT_READY") throw error;
      node.report("EXCHANGE_FAILED", whyNot(error));
      await pause(RETRY_MS, new AbortController().signal);
    }
  }
  return undefined;
}

async function begin(
  { exchange, chaincode, dataDir, platform }: NodeConfig & { readonly exchange: NonNullable<NodeConfig["exchange"]> },
  { node, configuration, connector, log: logger }: LedgerSide,
  onBehind: (behind: unknown) => void,
): Promise<Accounting | undefined> {
  await caughtUp(node);
  if (node.isStopping) return undefined;
  const { startAccounting } = await import("./accounting.js");
  const [cert, key] = await Promise.all([readFile(exchange.tls.cert, "utf8"), readFile(exchange.tls.key, "utf8")]);
  const { listen, addresses } = exchange;
  const options: AccountingOptions = {
    services: node,
    db: node.db,
    configuration,
    chaincode,
    fetchBlock: (number) => fetchBlock(connector, number),
    dir: join(dataDir, "exchange"),
    listen,
    tls: { cert, key },
    addresses,
    platform,
    onChangedSources: (changed) => reportChanged(node, changed),
    onFailingAnchors: (reason) => reportAnchors(node, reason),
    logger,
    standing: node.standing,
    onWarning: (warning) => node.warnings.tell(warning),
    onBehind,
  };
  const accounting = await onceReady(node, () => startAccounting(options));
  if (accounting !== undefined) node.onRefused((refusal) => recordRefused(accounting.exchange, refusal));
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
