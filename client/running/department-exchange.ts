import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { MspId } from "@wanlian/model/identifiers.js";
import type { NoteSigner } from "@wanlian/model/note.js";
import { addSeconds } from "@wanlian/model/time/instant.js";
import type { ChannelBundle } from "@wanlian/protocol/configuration/channel-bundle.js";
import type { Kysely } from "kysely";
import type { Logger } from "pino";
import {
  AccessIndex,
  CertificateStore,
  Identities,
  REQUEST_LIFE_SECONDS,
  RecordLog,
  ReplayGuard,
  Vault,
} from "../access/index.js";
import type { Signer, UseWarning } from "../core/index.js";
import {
  AwaitedReceipts,
  type ChangedSource,
  ConsumerDesk,
  Deliveries,
  exchangeRoutes,
  fetchLostReceipts,
  InterruptedStreams,
  KeyRuns,
  type LostParts,
  MissedRecords,
  OpenRequests,
  OwnCells,
  ProvenSources,
  ProviderDesk,
  Pseudonyms,
  Quotas,
  ReceiptDesk,
  ReceiptSender,
  ReceivedRecords,
  RecordFinder,
  RecordKeeper,
  ReleaseStream,
  Undelivered,
} from "../exchange/index.js";
import { SourceList } from "../exchange/sources/index.js";
import { AccessLog, localDisk } from "../log/index.js";
import type { NodeDatabase } from "../projection/index.js";
import type { LedgerPresent } from "../read/index.js";
import {
  DepartmentConnections,
  DepartmentTls,
  ExchangeGateway,
  type Handler,
  type TlsMaterial,
} from "../transport/index.js";
import { EarlyWarnings } from "../warnings/index.js";
import { logRoutes } from "./desks/log-routes.js";

export interface ExchangeOptions {
  readonly department: MspId;
  readonly channel: string;
  /** Of the node: signs records and receipts. */
  readonly nodeSigner: Signer;
  /** Signs the log's checkpoints. */
  readonly logSigner: NoteSigner;
  readonly ledger: LedgerPresent;
  /** The channel's configuration in force. */
  readonly bundle: () => ChannelBundle;
  readonly db: Kysely<NodeDatabase>;
  /** Folder for log, keys, certificates and the list of sources. */
  readonly dir: string;
  readonly tls: TlsMaterial;
  /** `host:port` of the gateway. */
  readonly listen: string;
  /** `host:port` of the other departments' gateways. */
  readonly addresses: ReadonlyMap<string, string>;
  readonly logger: Logger;
  /** Further routes, such as the auditors'. */
  readonly routes?: (exchange: DepartmentExchange) => [string, Handler][];
  /** Told of all releases whose data is not what was registered, whenever these are others. */
  readonly onChangedSources?: (changed: readonly ChangedSource[]) => void;
  /** How long a consumer may take nothing of a stream. */
  readonly stallMs?: number;
  /** How often the grant is asked for again while a stream runs. Default one second. */
  readonly recheckMs?: number;
  /** Told of each warning of unusual use, once. */
  readonly onWarning?: (warning: UseWarning) => void;
}

/** How often the index of accesses follows the log, and what is kept beside it is flushed. */
const FOLLOW_EVERY_MS = 1000;

/** Everything a node needs to give data, get data and account for both. */
export class DepartmentExchange {
  readonly options: ExchangeOptions;
  readonly log: AccessLog;
  readonly records: RecordLog;
  readonly index: AccessIndex;
  readonly vault: Vault;
  readonly certificates: CertificateStore;
  readonly sources: SourceList;
  readonly identities: Identities;
  readonly connections: DepartmentConnections;
  readonly consumer: ConsumerDesk;
  readonly receipts: ReceiptSender;
  readonly missed: MissedRecords;
  /** Cells of the department's own releases, found by their digests. */
  readonly cells: OwnCells;
  /** What consumers have still to countersign of what this node gave them. */
  readonly awaited = new AwaitedReceipts();
  readonly #lost: LostParts;
  /** Countersignatures that earlier runs lost, or never got, are asked for while the node runs. */
  #fetching: Promise<void> = Promise.resolve();
  readonly #deliveries: Deliveries;
  readonly #interrupted: InterruptedStreams;
  readonly #requests: OpenRequests;
  readonly #gateway: ExchangeGateway;
  readonly #proven: ProvenSources;
  readonly #warnings: EarlyWarnings;
  readonly #timer: NodeJS.Timeout;
  #address = "";

  private constructor(options: ExchangeOptions, parts: Stores, replay: ReplayGuard) {
    const { department, channel, nodeSigner, ledger, bundle, logger } = options;
    const { log, records, index, vault, certificates, sources, deliveries, requests, pseudonyms } = parts;
    this.options = options;
    this.log = log;
    this.records = records;
    this.index = index;
    this.vault = vault;
    this.certificates = certificates;
    this.sources = sources;
    this.identities = new Identities(bundle);
    const tls = new DepartmentTls(bundle);
    this.connections = new DepartmentConnections(tls, options.tls, options.addresses);
    const { identities, connections } = this;
    this.#deliveries = deliveries;
    // What the log has by now is an earlier run's.
    const inherited = log.size;
    this.receipts = new ReceiptSender({
      ...{ signer: nodeSigner, connections, certificates, vault, deliveries, logger },
      undelivered: new Undelivered({ department, log: records, index, deliveries }),
      inherited,
    });
    const shared = { department, channel, identities, ledger, certificates };
    this.#requests = requests;
    const received = new ReceivedRecords({
      ...shared,
      ...{ log: records, index, vault, requests, receipts: this.receipts },
    });
    this.missed = new MissedRecords({ requests, received, index, ledger, connections, logger });
    this.consumer = new ConsumerDesk({ ...shared, connections, requests, received, missed: this.missed });
    const { awaited } = this;
    const keeper = new RecordKeeper({ signer: nodeSigner, log: records, vault, certificates, awaited });
    this.#interrupted = new InterruptedStreams({ department, ledger, log: records, index, vault, keeper, inherited });
    const quotas = new Quotas((grant, from) => index.countServed(grant, from, department));
    this.#proven = new ProvenSources(sources, (changed) => {
      logger.error({ changed }, "sources that are not what their releases registered are not served");
      options.onChangedSources?.(changed);
    });
    this.cells = new OwnCells(this.#proven);
    const runs = new KeyRuns();
    const told = options.onWarning ?? (() => undefined);
    this.#warnings = new EarlyWarnings({ db: options.db, ledger, runs, told });
    const desk = new ProviderDesk({
      ...shared,
      keeper,
      quotas,
      replay,
      sources: this.#proven,
      awaited,
      runs,
      pseudonyms,
    });
    const stream = new ReleaseStream(desk, ledger, keeper, options.recheckMs);
    const receipts = new ReceiptDesk({ identities, certificates, vault, log: records, index, awaited });
    this.#lost = { connections, awaited, log: records, desk: receipts, logger };
    const finder = new RecordFinder({ department, log, records, index, certificates });
    const stall = options.stallMs === undefined ? {} : { stallMs: options.stallMs };
    const routes = new Map<string, Handler>([
      ...exchangeRoutes({
        ...{ desk, stream, keeper, receipts, finder, ...stall },
        own: { department, log: records, index, vault, certificates },
      }),
      ...logRoutes((path) => localDisk(join(options.dir, "log")).read(path)),
      ...(options.routes?.(this) ?? []),
    ]);
    this.#gateway = new ExchangeGateway(tls, options.tls, routes, logger);
    this.#timer = setInterval(() => {
      this.#follow().catch((error: unknown) =>
        logger.error({ err: error }, "the access log could not be followed; trying again"),
      );
    }, FOLLOW_EVERY_MS);
  }

  /**
   * Begins, or leaves nothing behind that runs or is held.
   * @throws LogError LOG_IN_USE, LOG_DAMAGED: then the node must not give data, since it could not account for it;
   * the system's where the gateway cannot listen
   */
  static async start(options: ExchangeOptions): Promise<DepartmentExchange> {
    const stores = await openStores(options);
    // Quotas and replays are counted from the index, so it has to be whole first.
    await stores.index.catchUp();
    const now = options.ledger.position().time;
    const recent = await stores.index.recentNonces(addSeconds(now, -REQUEST_LIFE_SECONDS));
    const exchange = new DepartmentExchange(options, stores, new ReplayGuard(recent));
    try {
      await exchange.awaited.takeUp(options.department, { ...stores, size: stores.log.size });
      await exchange.#interrupted.closeOnRecord();
      exchange.#address = await exchange.#gateway.listen(options.listen);
    } catch (error) {
      await exchange.close();
      throw error;
    }
    exchange.#fetching = fetchLostReceipts(exchange.#lost).catch((error: unknown) =>
      options.logger.error({ err: error }, "missing countersignatures could not be asked for"),
    );
    exchange.receipts.resume();
    exchange.missed.resume();
    return exchange;
  }

  /** Where the gateway listens. */
  get address(): string {
    return this.#address;
  }

  /** Resolves once those were asked that owe countersignatures to earlier runs of this node. */
  async fetched(): Promise<void> {
    await this.#fetching;
  }

  /** The channel's configuration changed. */
  refresh(): void {
    this.#gateway.refresh();
    this.connections.refresh();
  }

  async #follow(): Promise<void> {
    await this.vault.flush();
    await this.index.catchUp();
    await this.#interrupted.closeOnRecord();
    await this.#warnings.look();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    const ending = [this.receipts.close(), this.missed.close(), this.#fetching];
    this.connections.close();
    await Promise.all(ending);
    await this.#gateway.close();
    await this.log.close();
    await this.index.catchUp();
    await this.vault.close();
    await this.#deliveries.close();
    await this.#requests.close();
    this.#proven.close();
    await this.sources.close();
  }
}

interface Stores {
  readonly log: AccessLog;
  readonly records: RecordLog;
  readonly index: AccessIndex;
  readonly vault: Vault;
  readonly certificates: CertificateStore;
  readonly sources: SourceList;
  readonly deliveries: Deliveries;
  readonly requests: OpenRequests;
  readonly pseudonyms: Pseudonyms;
}

async function openStores({ dir, logSigner, db }: ExchangeOptions): Promise<Stores> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const log = await AccessLog.open(join(dir, "log"), logSigner);
  const disk = localDisk(join(dir, "log"));
  const records = new RecordLog(log, (path) => disk.read(path));
  return {
    log,
    records,
    index: new AccessIndex(db, records),
    vault: await Vault.open(join(dir, "keys"), log.size),
    certificates: await CertificateStore.open(join(dir, "certificates")),
    sources: await SourceList.open(join(dir, "sources.json")),
    deliveries: await Deliveries.open(join(dir, "deliveries")),
    requests: await OpenRequests.open(join(dir, "requests")),
    pseudonyms: await Pseudonyms.open(join(dir, "pseudonym-key")),
  };
}
