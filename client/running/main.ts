import { existsSync } from "node:fs";
import type { Server } from "node:http";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { messageOf } from "@wanlian/protocol/errors.js";
import { languageOf } from "@wanlian/protocol/language.js";
import { NodeError } from "../core/index.js";
import type { Figures } from "../health/index.js";
import type { AskForReport, AskForText } from "../texts/index.js";
import type { Accounting } from "./accounting.js";
import { watchHealth } from "./health.js";
import { cannotUse, splitAddress } from "./machine/address.js";
import { type NodeConfig, readConfig } from "./machine/config.js";
import { serverFor } from "./machine/https.js";
import { OfficersDoor } from "./machine/officers-door.js";
import type { Traces } from "./machine/traces.js";
import { wantsTraces } from "./machine/wants-traces.js";
import { log, logOutput, type RunningNode, startNode } from "./start.js";

/** Files get 0600, folders 0700. */
const OWN_ALONE = 0o077;

/** How long open requests may take to end when the node is told to stop. */
const GRACE_MS = 5_000;

/** A department's node: `node client/dist/running/main.js CONFIG.json`. Prints one JSON line when it serves. */
async function main(file: string | undefined): Promise<void> {
  if (file === undefined) throw new NodeError("CONFIGURATION", "usage: main.js CONFIG.json");
  // Everything that a node writes is its own: log entries, keys, database, answers of audits.
  process.umask(OWN_ALONE);
  const config = await readConfig(file, process.env);
  log.level = config.log.level;
  if (config.log.file !== undefined) logOutput.toFile(config.log.file);
  log.info({ config: withoutSecrets(config) }, "starting");
  const traces = await tracesOf(config, process.env);
  const running = await startNode(config, giveUp);
  const health = await watchHealth(config, running, giveUp);
  const server = await serve(config, running, health.figures);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      log.info({ signal }, "stopping");
      stop(server, running)
        .then(() => health.stop())
        .then(() => traces?.stop())
        .then(() => log.info("stopped"), giveUp);
    });
  }
  process.stdout.write(
    `${JSON.stringify({ ready: true, address: `${config.tls === undefined ? "http" : "https"}://${config.listen}`, pid: process.pid })}\n`,
  );
}

/** Traces where a collector is named; otherwise nothing of them is loaded. */
async function tracesOf({ department }: NodeConfig, environment: NodeJS.ProcessEnv): Promise<Traces | undefined> {
  if (!wantsTraces(environment)) return undefined;
  const { startTraces } = await import("./machine/traces.js");
  return startTraces(environment, department, log);
}

/** As it is logged. */
function withoutSecrets({ databaseUrl, platform, ...config }: NodeConfig): unknown {
  const told = (secret: string | undefined) => (secret === undefined ? undefined : "set");
  return {
    ...config,
    databaseUrl: told(databaseUrl),
    ...(platform === undefined ? {} : { platform: { ...platform, secret: told(platform.secret) } }),
  };
}

/** The API is loaded when everything below it stands: a node that cannot start says so at once. */
async function serve(
  config: NodeConfig,
  { node, standing, exchange, stop: end }: RunningNode,
  figures: Figures,
): Promise<Server> {
  const { createApi } = await import("../api/index.js");
  const { OfficerStore } = await import("../keys/officers/index.js");
  const { exchangeOperations } = await import("../api/index.js");
  const { callOperations, evidenceOperations } = await import("../api/index.js");
  const { officersExchange } = await import("./desks/officers-exchange.js");
  const { officersEvidence } = await import("./desks/officers-evidence.js");
  const operationsOf = (accounting: () => Accounting) => {
    const officers = () => officersExchange(accounting().exchange, accounting().ledger);
    return [
      ...exchangeOperations(officers),
      ...callOperations(() => accounting().calls.ofOfficers),
      ...evidenceOperations(officersEvidence(accounting), officers),
    ];
  };
  const operations = exchange === undefined ? [] : operationsOf(() => exchange.get());
  const { askDepartments } = await import("./desks/ask-departments.js");
  const askForText: AskForText | undefined =
    exchange && ((...asked) => askDepartments(exchange.get().exchange.connections)(...asked));
  const { askForReports } = await import("./desks/report-desk.js");
  const askForReport: AskForReport | undefined =
    exchange && ((...asked) => askForReports(exchange.get().exchange.connections)(...asked));
  const officers = new OfficerStore(config.officers);
  const { hosts, trustedProxies } = config;
  const officersDoor = new OfficersDoor();
  const api = createApi({
    ...{ services: node, db: node.db, officers, log, operations, askForText, askForReport },
    page: pageFolder(),
    refusal: (certificate) => standing.refusal(certificate),
    door: {
      ...(hosts === undefined ? {} : { hosts }),
      ...(trustedProxies === undefined ? {} : { trustedProxies }),
      onKnown: (connection) => officersDoor.known(connection),
    },
    onAnswered: (answered) => figures.answered(answered),
  });
  const [host, port] = splitAddress(config.listen);
  const server = await serverFor(api, config.tls).catch(async (error: unknown) => {
    await end();
    throw error;
  });
  officersDoor.guard(server, api);
  return new Promise((resolve, reject) => {
    const refused = (cause: Error) => end().then(() => reject(cannotUse(config.listen, cause)), reject);
    server.once("error", refused).listen(port, host, () => resolve(server.off("error", refused)));
  });
}

/** Where the build has put the page; undefined where there is none, as in a node without one. */
function pageFolder(): string | undefined {
  const index = fileURLToPath(import.meta.resolve("@wanlian/web/page/index.html"));
  return existsSync(index) ? dirname(index) : undefined;
}

async function stop(server: Server, running: RunningNode): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
  await running.stop();
  await closed;
}

/** What should never happen: better to end, and be started again from what is on disk, than to go on half. */
function giveUp(error: unknown): void {
  logOutput.toStandardError();
  log.fatal({ err: error }, "the node cannot go on");
  process.exit(70); // EX_SOFTWARE
}

try {
  await main(process.argv[2]);
} catch (error) {
  const { failureText } = await import("../cli/index.js");
  const text = failureText(error) ?? {
    zh: `节点无法启动：${messageOf(error)}`,
    en: `the node cannot start: ${messageOf(error)}`,
  };
  // Whatever had begun must not keep a process alive that serves nothing.
  process.stderr.write(`${text[languageOf([], process.env)]}\n`, () => process.exit(1));
}
