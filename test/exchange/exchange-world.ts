import { generateKeyPairSync } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "@wanlian/client/core/services.js";
import type { Ask } from "@wanlian/client/exchange/consumer/consumer-desk.js";
import type { ChangedSource } from "@wanlian/client/exchange/provider/proven-sources.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import { DepartmentExchange, type ExchangeOptions } from "@wanlian/client/running/department-exchange.js";
import { auditRoutes } from "@wanlian/client/running/desks/audit-desk.js";
import { makeCsvRelease } from "@wanlian/client/tables/rows/csv-release.js";
import type { DatasetId, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import type { Act } from "@wanlian/model/kernel/act.js";
import { noteSigner } from "@wanlian/model/note.js";
import { bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { pino } from "pino";
import { CHANNEL, TestLedger, type TestOfficer, tick } from "../client/test-ledger.js";
import { BentLedger } from "./bent-ledger.js";

/** Two departments that exchange data over real TLS, on a ledger made by hand. */
export const PROVIDER = "CivilMSP" as MspId;
export const CONSUMER = "PoliceMSP" as MspId;
export const BUREAU = "BureauMSP" as MspId;
export const DATASET = `${PROVIDER}/divisions` as DatasetId;
export const CHANNEL_NAME = CHANNEL;
export const SCENARIO = "household registration";

export const CSV = [
  "code,name,id,note",
  "0371,宛城区,411302199001011234,",
  "000,卧龙区,000000000000000001,old",
  '411303,"邓州, 市",411303199512310012,"a ""quoted"" note"',
  "",
].join("\n");

export interface Side {
  readonly exchange: DepartmentExchange;
  /** As its node has it. */
  readonly view: BentLedger;
  /** Each time that the steward was told: releases whose source is another. */
  readonly changedSources: (readonly ChangedSource[])[];
  /** Takes in what is new on the ledger, unless it is closed. */
  catchUp(): Promise<void>;
  /** Closes it and opens it again on the same data. */
  restart(): Promise<void>;
  /** Opens it again after it was closed. */
  reopen(): Promise<void>;
  /** Closes it with its database, if it is open, so that a process of its own can take over. */
  close(): Promise<void>;
  /** With what such a process takes over. */
  readonly handover: Handover;
}

/** What a process needs to run a side; plain JSON. */
export interface Handover {
  readonly department: MspId;
  readonly directory: string;
  /** PEM. */
  readonly logKey: string;
  readonly node: { readonly certificate: string; readonly privateKey: string };
  readonly tls: { readonly cert: string; readonly key: string };
  /** Genesis block, base64. */
  readonly genesis: string;
}

export interface ExchangeWorld {
  readonly ledger: TestLedger;
  readonly dir: string;
  readonly file: string;
  /** Folder of the tree over the file's rows. */
  readonly tree: string;
  /** Where each department's gateway is, as all nodes believe. */
  readonly addresses: Map<string, string>;
  readonly provider: Side;
  readonly consumer: Side;
  /** Of the consumer, role `user`. */
  readonly officer: TestOfficer;
  /** Of the provider, role `steward`. */
  readonly steward: TestOfficer;
  readonly release: TransactionId;
  /** A third department's, for its auditors. */
  readonly bureau: Side;
  /** What was put on the ledger through `act`. */
  readonly acts: readonly Act[];
  /** Puts one valid act on the ledger. @returns the case's id */
  act(officer: TestOfficer, command: Command): Promise<TransactionId>;
  /** A grant of the given fields, unconditional, claimed by the consumer. */
  grant(fields: readonly string[], options?: GrantOptions): Promise<TransactionId>;
  /** What the officer asks for, in every respect within the grant. */
  ask(grant: TransactionId, more?: Partial<Ask>): Ask;
  /** From here on the dataset is shared on conditions: nobody takes a grant, who wants one applies. */
  conditional(): Promise<void>;
  remove(): Promise<void>;
}

interface GrantOptions {
  /** For nothing else; version 2 of the rules knows of it. */
  readonly only?: "comparison";
  readonly calls?: number;
  readonly from?: string;
  readonly to?: string;
}

export interface WorldOptions {
  readonly csv?: string;
  readonly stallMs?: number;
  readonly recheckMs?: number;
  /** Beside the auditors'. */
  readonly routes?: ExchangeOptions["routes"];
  /** Version of the rules. Default 1. */
  readonly model?: 1 | 2;
  /** Instead of an honest one. */
  readonly ledger?: (honest: TestLedger) => Promise<TestLedger>;
}

/** By version of the rules; made once: keys and certificates take longest. */
const bases = new Map<number, Promise<TestLedger>>();

const LAW = { id: "law", title: "test law", article: "article 1" };
const DEADLINES = ["demandReply", "applicationReply", "derivedAuthorization"].map((kind) => ({
  kind,
  workingDays: 5,
  article: "test article",
}));

/** What the policy of this world says beside the usual. */
export const OPENING = { legalBases: [LAW], deadlines: DEADLINES };

function baseOf(model: 1 | 2): Promise<TestLedger> {
  const made = bases.get(model) ?? openLedger(model);
  bases.set(model, made);
  return made;
}

async function openLedger(model: 1 | 2): Promise<TestLedger> {
  const ledger = await TestLedger.opened({ ...OPENING, model });
  // Everything needed from its folder is in memory by now.
  await ledger.remove();
  return ledger;
}

export async function makeExchangeWorld(options: WorldOptions = {}): Promise<ExchangeWorld> {
  const dir = await mkdtemp(join(tmpdir(), "wanlian-exchange-"));
  const file = join(dir, "divisions.csv");
  await writeFile(file, options.csv ?? CSV);
  const base = await baseOf(options.model ?? 1);
  const ledger = (await options.ledger?.(base)) ?? base.fork();
  const acts: Act[] = [];
  const sides = new Map<MspId, Side>();
  const act = async (by: TestOfficer, command: Command) => {
    const made = await ledger.make(by, command);
    ledger.appendValid(made);
    acts.push(made.act);
    for (const side of sides.values()) await side.catchUp();
    return made.act.case as TransactionId;
  };
  const steward = await ledger.officer(PROVIDER, "2001", "steward");
  const officer = await ledger.officer(CONSUMER, "3001", "user");
  const { release: digest, folder: tree } = await makeCsvRelease(file);
  const names = digest.fields.map(({ name }) => name);
  await act(steward, registerDataset(names));
  const fields = [...digest.fields];
  const body = {
    dataset: DATASET,
    root: digest.root,
    fields,
    rows: digest.rows,
    rowRoot: digest.rowRoot,
    period: PERIOD,
    derivedFrom: [],
    selfCheck: [],
  };
  const release = await act(steward, { noun: "release", case: null, type: "register", body });

  const addresses = new Map<string, string>();
  for (const department of [PROVIDER, CONSUMER, BUREAU]) {
    sides.set(department, await makeSide({ ledger, department, dir, addresses, options }));
  }
  const provider = sides.get(PROVIDER) as Side;
  const consumer = sides.get(CONSUMER) as Side;
  const bureau = sides.get(BUREAU) as Side;
  const { rowRoot } = digest;
  await provider.exchange.sources.add({ dataset: DATASET, rowRoot, rows: tree, place: { kind: "csv", path: file } });

  return {
    ...{ ledger, dir, file, tree, addresses, acts, bureau, provider, consumer, officer, steward, release, act },
    grant: (granted, { calls = 1000, from = "2026-03-02", to = "2026-03-31", ...only } = {}) => {
      const frequency = { calls, per: "day" };
      const wish = { dataset: DATASET, fields: granted, purpose: "verification", scenario: SCENARIO, duty: "duty" };
      return act(officer, {
        noun: "application",
        case: null,
        type: "claim",
        body: { ...wish, from, to, frequency, ...only },
      });
    },
    ask: (grant, more = {}) => ({
      dataset: DATASET,
      release,
      grant,
      fields: ["code", "name"],
      purpose: "verification",
      scenario: SCENARIO,
      way: "lookup",
      road: "gateway",
      ...more,
    }),
    conditional: async () => {
      const { code: _code, ...body } = entryOf(names);
      const share = { class: "conditional", basis: LAW.id, mode: "interface" };
      await act(steward, {
        noun: "dataset",
        case: DATASET,
        type: "revise",
        body: { ...body, share, changes: "on conditions" },
      });
    },
    remove: async () => {
      for (const side of sides.values()) await side.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Moves the ledger's time. */
export async function passTime(world: ExchangeWorld, time: string): Promise<void> {
  await world.act(await world.ledger.officer("BureauMSP", "9000", "node"), tick(time));
}

const PERIOD = { from: "2025-01-01", to: "2025-12-31" };

async function makeSide(parts: {
  ledger: TestLedger;
  department: MspId;
  dir: string;
  addresses: Map<string, string>;
  options: WorldOptions;
}): Promise<Side> {
  const { ledger, department, dir, addresses, options } = parts;
  const directory = join(dir, department);
  const { nodeSigner, tls } = await ledger.node(department);
  const bundle = bundleFromBlock(Block.decode(ledger.blocks[0] as Uint8Array).data?.data ?? []);
  const { privateKey } = generateKeyPairSync("ed25519");
  const open = async () => openDatabase({ directory: await folder(directory), url: undefined });
  const changedSources: (readonly ChangedSource[])[] = [];
  let db: ExchangeOptions["db"] | undefined = await open();
  const view = await BentLedger.open(db);
  await view.catchUp(ledger.blocks);
  const exchangeOptions: Omit<ExchangeOptions, "db"> = {
    ...{ department, channel: CHANNEL, nodeSigner, ledger: view, tls, addresses },
    logSigner: noteSigner(`${CHANNEL}/log/${department}`, privateKey),
    bundle: () => bundle,
    dir: join(directory, "exchange"),
    listen: "127.0.0.1:0",
    logger: pino({ level: process.env.WANLIAN_TEST_LOG ?? "silent" }),
    ...(options.stallMs === undefined ? {} : { stallMs: options.stallMs }),
    ...(options.recheckMs === undefined ? {} : { recheckMs: options.recheckMs }),
    routes: (made) => [...auditRoutes(made), ...(options.routes?.(made) ?? [])],
    onChangedSources: (changed) => changedSources.push(changed),
  };
  const side = {
    changedSources,
    exchange: await DepartmentExchange.start({ ...exchangeOptions, db }),
    view,
    catchUp: async () => {
      if (db !== undefined) await view.catchUp(ledger.blocks);
    },
    restart: async () => {
      await side.exchange.close();
      await side.reopen();
    },
    reopen: async () => {
      if (db === undefined) {
        db = await open();
        await view.reopen(db);
        await view.catchUp(ledger.blocks);
      }
      side.exchange = await DepartmentExchange.start({ ...exchangeOptions, db });
      addresses.set(department, side.exchange.address);
    },
    close: async () => {
      if (db === undefined) return;
      await side.exchange.close();
      await db.destroy();
      db = undefined;
    },
    handover: {
      ...{ department, directory, tls },
      logKey: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
      node: {
        certificate: Buffer.from(nodeSigner.certificate).toString("utf8"),
        privateKey: ledger.officerOf(nodeSigner).privateKey,
      },
      genesis: Buffer.from(ledger.blocks[0] as Uint8Array).toString("base64"),
    },
  };
  addresses.set(department, side.exchange.address);
  return side;
}

async function folder(path: string): Promise<string> {
  await mkdir(path, { recursive: true });
  return path;
}

function registerDataset(names: readonly string[]): Command {
  return { noun: "dataset", case: null, type: "register", body: entryOf(names) };
}

function entryOf(names: readonly string[]) {
  const field = (name: string) => ({ name, type: "C", meaning: name, sensitivity: 1 });
  return {
    code: "divisions",
    name: "administrative divisions",
    abstract: "codes and names",
    category: ["base"],
    sourceSystem: "register",
    format: "CSV",
    fields: names.map(field),
    share: { class: "unconditional", mode: "interface" },
    open: { class: "closed" },
    grade: 1,
    updateCycle: "yearly",
    quality: [],
    published: "2026-01-01",
  };
}
