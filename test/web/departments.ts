import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApi, exchangeOperations } from "@wanlian/client/api";
import { OfficerStore } from "@wanlian/client/keys/officers/index.js";
import { DepartmentNode } from "@wanlian/client/node/department-node.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import { Projection } from "@wanlian/client/projection/projection.js";
import { ChannelConfiguration, NodeLedger } from "@wanlian/client/read";
import { DepartmentExchange } from "@wanlian/client/running/department-exchange.js";
import { askDepartments } from "@wanlian/client/running/desks/ask-departments.js";
import { auditRoutes } from "@wanlian/client/running/desks/audit-desk.js";
import { officersExchange } from "@wanlian/client/running/desks/officers-exchange.js";
import { textRoutes } from "@wanlian/client/running/desks/text-desk.js";
import type { MspId } from "@wanlian/model/identifiers.js";
import { RELEASED } from "@wanlian/model/models.js";
import { noteSigner } from "@wanlian/model/note.js";
import type { Role } from "@wanlian/model/roles.js";
import { pino } from "pino";
import { CHAINCODE, CHANNEL, TestLedger } from "../client/test-ledger.js";
import { BUILT_PAGE } from "./built-page.js";
import { SigningNetwork } from "./signing-world.js";

/** A department's node as it runs: ledger side, exchange over mutual TLS, API and page. */
export interface Department {
  readonly origin: string;
  readonly node: DepartmentNode;
  readonly exchange: DepartmentExchange;
  readonly officers: OfficerStore;
}

/** Three departments on one ledger in this process, each with a node of its own. */
export interface Consortium {
  readonly folder: string;
  readonly network: SigningNetwork;
  readonly ledger: TestLedger;
  readonly bureau: Department;
  readonly provider: Department;
  readonly consumer: Department;
  /** As a department's administrator certifies what an officer's browser asks for, and takes the certificate in. */
  certify(at: Department, officer: string, roles: readonly Role[], request: string): Promise<string>;
  stop(): Promise<void>;
}

const LAW = { id: "law", title: "共享办法", article: "第六条" };
const DEADLINES = [
  "applicationReply",
  "objectionVerification",
  "objectionCorrection",
  "objectionConfirmation",
  "disputeSettlement",
].map((kind) => ({ kind, workingDays: 5, article: "第六条" }));
const OPENING = { legalBases: [LAW], deadlines: DEADLINES, purposes: ["verification", "lookup"] };

const log = pino({ level: process.env.WANLIAN_TEST_LOG ?? "silent" });

export async function consortium(): Promise<Consortium> {
  const folder = await mkdtemp(join(tmpdir(), "wanlian-departments-"));
  const ledger = await TestLedger.opened(OPENING);
  const network = new SigningNetwork(ledger);
  const addresses = new Map<string, string>();
  const ends: (() => Promise<void>)[] = [];
  const started = async (mspId: string) => {
    const { department, end } = await start({ mspId, folder, ledger, network, addresses });
    ends.push(end);
    return department;
  };
  return {
    ...{ folder, network, ledger },
    bureau: await started("BureauMSP"),
    provider: await started("CivilMSP"),
    consumer: await started("PoliceMSP"),
    certify: async ({ node, officers }, officer, roles, request) => {
      const certificate = await ledger.certify(node.department, officer, roles, request);
      await officers.enrolBrowserKey(certificate);
      return certificate;
    },
    async stop() {
      await Promise.all(ends.map((end) => end()));
      await ledger.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Parts {
  readonly mspId: string;
  readonly folder: string;
  readonly ledger: TestLedger;
  readonly network: SigningNetwork;
  /** Where each department's gateway is, as all nodes know by and by. */
  readonly addresses: Map<string, string>;
}

async function start({ mspId, folder, ledger, network, addresses }: Parts) {
  const directory = join(folder, mspId);
  await mkdir(directory);
  const db = await openDatabase({ directory, url: undefined });
  const { nodeSigner, tls } = await ledger.node(mspId);
  const node = new DepartmentNode({
    ...{ department: mspId, channel: CHANNEL, chaincode: CHAINCODE, models: RELEASED },
    ...{ connector: network, nodeSigner, db, log },
    projection: await Projection.open(db, CHANNEL, CHAINCODE, RELEASED),
    voidFile: join(directory, "void.jsonl"),
  });
  await node.start((error) => {
    throw error;
  });
  await node.folded(BigInt(ledger.blocks.length) - 1n);
  const configuration = new ChannelConfiguration(CHANNEL, db);
  await configuration.refresh();
  const { privateKey } = generateKeyPairSync("ed25519");
  const reader = new NodeLedger(node, db);
  const exchange = await DepartmentExchange.start({
    ...{ department: mspId as MspId, channel: CHANNEL, nodeSigner, ledger: reader, db, tls, addresses, logger: log },
    logSigner: noteSigner(`${CHANNEL}/log/${mspId}`, privateKey),
    bundle: () => configuration.bundle,
    dir: join(directory, "exchange"),
    listen: "127.0.0.1:0",
    routes: (made) => [...auditRoutes(made), ...textRoutes(db, mspId as MspId)],
  });
  addresses.set(mspId, exchange.address);
  const officers = new OfficerStore(join(directory, "officers"));
  const server = createServer(
    createApi({
      ...{ services: node, db, officers, log, page: BUILT_PAGE },
      operations: exchangeOperations(() => officersExchange(exchange, reader)),
      askForText: askDepartments(exchange.connections),
    }),
  );
  const department: Department = { origin: await listening(server), node, exchange, officers };
  const end = async () => {
    server.closeAllConnections();
    server.close();
    await exchange.close();
    await node.stop();
    await db.destroy();
  };
  return { department, end };
}

async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
