import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { MspId } from "@wanlian/model/identifiers.js";
import { RELEASED } from "@wanlian/model/models.js";
import { messageOf } from "@wanlian/protocol/errors.js";
import { languageOf, type Words } from "@wanlian/protocol/language.js";
import { NodeError } from "../core/index.js";
import { rebuildDigest } from "../node/index.js";
import { digestProjection, openDatabase, resetDerived } from "../projection/index.js";
import { ChannelConfiguration, type Db } from "../read/index.js";
import { DepartmentConnections, DepartmentTls } from "../transport/index.js";
import { type CheckedNode, checkNode } from "./fsck/check-node.js";
import { describeFault, type Fault } from "./fsck/fault.js";
import { otherSides } from "./fsck/other-sides.js";
import { type NodeConfig, readConfig } from "./machine/config.js";
import { claimDataDirectory } from "./machine/data-directory.js";
import { toldOf } from "./rebuild-progress.js";
import { connectorOf } from "./start.js";

const USAGE: Words = {
  zh: `用法：wanlian fsck <节点配置.json> [--repair] [--json] [--lang zh|en]

节点停止时，核对其调用日志、密钥与回签、证书、索引和派生数据，并与账本对照。
--repair 修复可以重新生成的部分：日志的摘要分块、索引、派生数据，以及多出的部分；
缺失的记录、密钥和证书，向调用的另一方部门取回。
结束代码：0 无误（或已全部修复），1 有问题，2 未能核对。
`,
  en: `usage: wanlian fsck NODE-CONFIG.json [--repair] [--json] [--lang zh|en]

Checks a stopped node's log, keys and receipts, certificates, index and projection against each other and the ledger.
--repair mends what can be made again: the log's hash tiles, the index, the projection, and what is kept in excess;
records, keys and certificates that are lost come from the other party of each access.
Ends with 0 where all is well (or mended), 1 where something is wrong, 2 where it could not be checked.
`,
};

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      repair: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      lang: { type: "string" },
    },
  });
  const language = languageOf(values.lang === undefined ? [] : ["--lang", values.lang], process.env);
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) {
    process.stderr.write(USAGE[language]);
    return 2;
  }
  const faults = await check(await readConfig(file, process.env), values.repair ? "mend" : "look");
  if (values.json) process.stdout.write(`${JSON.stringify(faults)}\n`);
  for (const fault of values.json ? [] : faults) process.stdout.write(`${describeFault(fault)[language]}\n`);
  if (faults.length === 0 && !values.json) {
    process.stdout.write(`${{ zh: "没有发现问题", en: "nothing is wrong" }[language]}\n`);
  }
  const left = faults.filter(({ repaired }) => !repaired);
  if (left.some(({ code }) => code !== "NOT_COMPARED")) return 1;
  return left.length > 0 ? 2 : 0;
}

/** Only with the node stopped: its folder is claimed meanwhile. */
async function check(config: NodeConfig, mend: "look" | "mend"): Promise<Fault[]> {
  const directory = claimDataDirectory(config.dataDir);
  try {
    const thrownAway = config.databaseUrl === undefined ? await damagedProjection(config.dataDir) : [];
    const db = await openDatabase({ directory: config.dataDir, url: config.databaseUrl });
    const { department, channel, dataDir } = config;
    const parts = { department: department as MspId, channel, dir: join(dataDir, "exchange"), db };
    const faults = await checkAll(config, parts, mend).finally(() => db.destroy());
    if (mend === "mend" && faults.some(({ part, code }) => part === "projection" && code === "OUT_OF_STEP")) {
      await resetDerived({ directory: dataDir, url: config.databaseUrl });
    }
    return [...thrownAway, ...faults];
  } finally {
    directory.release();
  }
}

const SQLITE_MARK = "SQLite format 3\0";

/** To open a projection that is no database is to throw it away; the node makes it again. */
async function damagedProjection(dataDir: string): Promise<Fault[]> {
  const file = await open(join(dataDir, "projection.db"), "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (file === undefined) return [];
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SQLITE_MARK.length), 0, SQLITE_MARK.length, 0);
    if (bytesRead === 0 || buffer.toString("latin1") === SQLITE_MARK) return [];
  } finally {
    await file.close();
  }
  return [{ part: "projection", code: "CHANGED", where: "projection.db", what: "no database", repaired: true }];
}

async function checkAll(config: NodeConfig, parts: CheckedNode, mend: "look" | "mend"): Promise<Fault[]> {
  const node = config.exchange === undefined ? [] : await checkExchange(config.exchange, parts, mend);
  return [...node, ...(await checkProjection(config, parts.db, mend))];
}

async function checkExchange(
  { tls, addresses }: NonNullable<NodeConfig["exchange"]>,
  parts: CheckedNode,
  mend: "look" | "mend",
): Promise<Fault[]> {
  const configuration = new ChannelConfiguration(parts.channel, parts.db);
  await configuration.refresh();
  const { known } = configuration;
  if (mend === "look" || known === undefined) return await checkNode(parts, mend);
  const [cert, key] = await Promise.all([readFile(tls.cert, "utf8"), readFile(tls.key, "utf8")]);
  const connections = new DepartmentConnections(
    new DepartmentTls(() => known),
    { cert, key },
    new Map(Object.entries(addresses)),
  );
  const failed = (department: string, error: NodeError) => {
    process.stderr.write(`${department}: ${error.message}\n`);
  };
  try {
    return await checkNode(parts, mend, otherSides(connections, failed));
  } finally {
    connections.close();
  }
}

/** The projection against one made anew from the peer's blocks; a wrong one is thrown away, and the node makes it again. */
async function checkProjection(config: NodeConfig, db: Db, mend: "look" | "mend"): Promise<Fault[]> {
  const kept = await digestProjection(db);
  try {
    const connector = await connectorOf(config);
    try {
      const made = await rebuildDigest(
        connector,
        config.channel,
        config.chaincode,
        BigInt(kept.height),
        RELEASED,
        toldOf(kept.height),
      );
      const tables = Object.keys(made.tables).filter((name) => made.tables[name]?.digest !== kept.tables[name]?.digest);
      const what = `not as made from the first ${kept.height} blocks`;
      return tables.map((where) => ({
        part: "projection",
        code: "OUT_OF_STEP",
        where,
        what,
        repaired: mend === "mend",
      }));
    } finally {
      connector.close();
    }
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    return [
      { part: "projection", code: "NOT_COMPARED", where: config.gateway.address, what: error.message, repaired: false },
    ];
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 2;
}
