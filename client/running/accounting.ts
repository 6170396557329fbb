import { mkdir } from "node:fs/promises";
import type { Instant, MspId } from "@wanlian/model/identifiers.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { Reading } from "@wanlian/model/reading.js";
import type { Logger } from "pino";
import type { LogError, NodeServices, UseWarning } from "../core/index.js";
import type { ChangedSource } from "../exchange/index.js";
import { Anchoring, LedgerTree, LedgerWitness, OwedReceipts, SEEN_PATH } from "../ledger-tree/index.js";
import type { StandingAlarms } from "../node/index.js";
import { type ChannelConfiguration, type Db, type LedgerReader, logOnLedger, NodeLedger } from "../read/index.js";
import { DepartmentConnections, DepartmentTls, sendJson, type TlsMaterial } from "../transport/index.js";
import { DepartmentExchange } from "./department-exchange.js";
import { auditRoutes } from "./desks/audit-desk.js";
import { CallsPart, callRoutes, type PlatformSettings } from "./desks/calls-part.js";
import { reportRoutes } from "./desks/report-desk.js";
import { textRoutes } from "./desks/text-desk.js";
import { ExchangeAddresses } from "./exchange-addresses.js";
import { keepWatching, ownWord, watchLogs } from "./logs/watching.js";
import { firstLogName, logSignerIn, makeLogSigner } from "./machine/log-identity.js";
import { expectAllAnchored, expectAllShown, type OwnLog } from "./restored-log.js";

export interface AccountingOptions {
  readonly services: NodeServices;
  readonly db: Db;
  /** The channel's, which whoever hands it over keeps following. */
  readonly configuration: ChannelConfiguration;
  /** Name of the contracts on the channel. */
  readonly chaincode: string;
  /** Bytes of a block (proto common.Block), as the own peer delivers it. */
  readonly fetchBlock: (number: number) => Promise<Uint8Array>;
  /** Folder for log, keys, certificates and the list of sources. */
  readonly dir: string;
  /** `host:port` of the gateway for other departments' nodes. */
  readonly listen: string;
  readonly tls: TlsMaterial;
  /** `host:port` of the other departments' gateways, where they do not say it on the ledger. */
  readonly addresses: Readonly<Record<string, string>>;
  /** As the exchange has it. */
  readonly onChangedSources?: (changed: readonly ChangedSource[]) => void;
  /** As the anchoring has it. */
  readonly onFailingAnchors?: (reason: string | undefined) => void;
  /** As the anchoring has it; what was begun has to be stopped. */
  readonly onBehind?: (behind: LogError) => void;
  readonly logger: Logger;
  /** Where it is known what other departments did or left undone. */
  readonly standing: StandingAlarms;
  /** Told of unusual use. */
  readonly onWarning?: (warning: UseWarning) => void;
  /** The exchange platform whose calls are taken, where there is one. */
  readonly platform: PlatformSettings | undefined;
}

/** A node's exchange, log and witness, as they run beside its ledger side. */
export interface Accounting {
  readonly options: AccountingOptions;
  readonly configuration: ChannelConfiguration;
  readonly exchange: DepartmentExchange;
  /** Calls over other roads. */
  readonly calls: CallsPart;
  readonly ledger: LedgerReader;
  readonly anchoring: Anchoring;
  readonly tree: LedgerTree;
  readonly witness: LedgerWitness;
  stop(): Promise<void>;
}

/**
 * Starts what gives data, gets data and accounts for both. Needs the channel's configuration, so block 0 at least.
 * @throws NodeError with one plain sentence, NOT_READY where it may be tried again; LogError LOG_DAMAGED, LOG_BEHIND
 */
export async function startAccounting(options: AccountingOptions): Promise<Accounting> {
  const { services, db, configuration, dir, listen, tls, addresses, logger, standing } = options;
  const department = services.department as MspId;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await configuration.refresh();
  const first = firstLogName(services.channel, department);
  const logSigner = (await logSignerIn(dir, first)) ?? (await makeLogSigner(dir, first, first));
  const log = { dir, key: logSigner.key };
  await expectAllAnchored({ ...log, onLedger: await logOnLedger(db, department, services.models) });
  const known = new ExchangeAddresses(services, db, addresses);
  await known.refresh();
  await askWhetherBehind(department, log, { configuration, tls, addresses: known.all });
  const connections = {
    get: (...asked: Parameters<DepartmentConnections["get"]>) => exchange.connections.get(...asked),
  };
  const receipts = new OwedReceipts();
  const missing = (before: Instant) => exchange.awaited.missing(before);
  const logWitness = await watchLogs({ ...options, connections }, receipts);
  const ledger = new NodeLedger(services, db);
  const exchange = await DepartmentExchange.start({
    ...{ department, channel: services.channel, nodeSigner: services.nodeSigner, logSigner, dir, tls, listen, logger },
    db,
    ...(options.onChangedSources === undefined ? {} : { onChangedSources: options.onChangedSources }),
    ...(options.onWarning === undefined ? {} : { onWarning: options.onWarning }),
    ledger,
    bundle: () => configuration.bundle,
    addresses: known.all,
    routes: (made) => [
      ...callRoutes(() => calls),
      ...auditRoutes(made),
      ...textRoutes(db, department),
      ...reportRoutes(db, department, services),
      [
        `GET /log/v1/${SEEN_PATH}`,
        async ({ response }) =>
          sendJson(response, 200, { ...logWitness.seen, awaited: ownWord({ services, missing }) }),
      ],
    ],
  });
  const calls = new CallsPart({ exchange, db, ledger, platform: options.platform, logger });
  const tree = new LedgerTree(db);
  const witness = new LedgerWitness(services, tree, ({ block: _, ...difference }) => {
    logger.error({ difference }, "another department's ledger is not this one");
    standing.raise({ kind: "LEDGER_SPLIT", since: new Date().toISOString(), ...difference });
  });
  // Departments come and go, certificates are revoked.
  configuration.onChange(() => exchange.refresh());
  const { records } = exchange;
  const anchoring = new Anchoring({
    ...{ services, log: exchange.log, reader: () => records.reader(), signer: logSigner, tree, logger },
    others: () => anchoredSizes(db, department, services.model().reading),
    ...(options.onFailingAnchors === undefined ? {} : { onFailing: options.onFailingAnchors }),
    ...(options.onBehind === undefined ? {} : { onBehind: options.onBehind }),
  });
  const stopping = new AbortController();
  const { signal } = stopping;
  const tasks = [
    known.keepFresh(signal),
    anchoring.run(signal),
    witness.run(signal),
    calls.run(signal),
    keepWatching(logWitness, receipts, { ...options, missing }, signal),
  ];
  for (const task of tasks) task.catch((error: unknown) => logger.error({ err: error }, "accounting stopped"));
  return {
    ...{ options, configuration, exchange, calls, ledger, anchoring, tree, witness },
    async stop() {
      stopping.abort();
      await Promise.allSettled(tasks);
      await exchange.close();
    },
  };
}

/** Over connections of its own: the exchange has none before its log may go on. */
async function askWhetherBehind(
  department: MspId,
  log: Omit<OwnLog, "onLedger">,
  {
    configuration,
    tls,
    addresses,
  }: Pick<AccountingOptions, "configuration" | "tls"> & { readonly addresses: ReadonlyMap<string, string> },
): Promise<void> {
  const known = new DepartmentTls(() => configuration.bundle);
  const connections = new DepartmentConnections(known, tls, addresses);
  try {
    await expectAllShown(department, log, connections);
  } finally {
    connections.close();
  }
}

/** How many records each other department has anchored. */
async function anchoredSizes(db: Db, own: MspId, reading: Reading): Promise<ReadonlyMap<string, number>> {
  const query = db
    .selectFrom("cases")
    .select(["case_id", "state"])
    .where("noun", "=", "log")
    .where("case_id", "!=", own);
  const rows = await query.execute();
  return new Map(rows.map(({ case_id, state }) => [case_id, reading.log(JSON.parse(state) as CaseState).size]));
}
