import { createPrivateKey } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { certificateOf, randomDigest, type SignedRecord, signStatement } from "@wanlian/client/access";
import type { Signer } from "@wanlian/client/core";
import { openDatabase } from "@wanlian/client/projection";
import { DepartmentExchange } from "@wanlian/client/running/department-exchange.js";
import { auditRoutes } from "@wanlian/client/running/desks/audit-desk.js";
import { log as logger } from "@wanlian/client/running/start.js";
import type { DatasetId, Digest, MspId } from "@wanlian/model/identifiers.js";
import { formatVerifierKey, noteSigner } from "@wanlian/model/note.js";
import type { Credential } from "@wanlian/network/certificates/authority.js";
import { bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { signerOf } from "../exchange/exchange-side.js";
import { percentile } from "../table.js";
import { BLOCK, CHANNEL, grantOf, RELEASE, StillLedger, TIME } from "./still-ledger.js";

/** Two departments whose nodes are asked, in one process: `audit-nodes.js PLAN.json`. Fills both logs first. */
export interface NodesPlan {
  readonly dir: string;
  /** Genesis block, base64. */
  readonly genesis: string;
  readonly records: number;
  readonly datasets: number;
  readonly auditor: string;
  readonly officer: Credential;
  /** Provider, then consumer. */
  readonly sides: readonly {
    readonly department: string;
    readonly node: Credential;
    readonly tls: Credential;
    readonly logKey: string;
  }[];
}

/** What they tell the auditor's process once they serve. */
export interface NodesReady {
  readonly addresses: Readonly<Record<string, string>>;
  readonly keys: Readonly<Record<string, string>>;
  /** Records a second, signed and appended to both logs. */
  readonly filled: number;
  /** Records by which the slower index was behind its log, halfway and with the last one: constant, if it keeps pace. */
  readonly behind: { readonly halfway: number; readonly atEnd: number };
  /** Milliseconds, of a page of a dataset's accesses. */
  readonly pageP50: number;
  readonly pageP99: number;
}

const IN_FLIGHT = 512;
const PAGES = 500;
const PAGE_ROWS = 50;

const plan = JSON.parse(await readFile(process.argv[2] ?? "", "utf8")) as NodesPlan;
const bundle = bundleFromBlock(Block.decode(Buffer.from(plan.genesis, "base64")).data?.data ?? []);
const sides = await Promise.all(
  plan.sides.map(async ({ department, node, tls, logKey }) => {
    const dir = join(plan.dir, department);
    await mkdir(dir, { recursive: true });
    const logSigner = noteSigner(`${CHANNEL}/log/${department}`, createPrivateKey(logKey));
    return await DepartmentExchange.start({
      department: department as MspId,
      channel: CHANNEL,
      nodeSigner: signerOf(department, node),
      logSigner,
      ledger: new StillLedger(
        plan.auditor,
        plan.sides.map((side) => side.department),
      ),
      bundle: () => bundle,
      db: await openDatabase({ directory: dir, url: undefined }),
      dir: join(dir, "exchange"),
      tls: { cert: tls.certificate, key: tls.privateKey },
      listen: "127.0.0.1:0",
      addresses: new Map(),
      logger: logger.child({ department }, { level: "warn" }),
      routes: auditRoutes,
    });
  }),
);
const [provider, consumer] = sides as [DepartmentExchange, DepartmentExchange];
const officer = signerOf(consumer.options.department, plan.officer);
for (const side of sides) {
  for (const signer of [officer, provider.options.nodeSigner]) await side.certificates.keep(certificateOf(signer));
}

const began = performance.now();
let given = 0;
let halfway: Promise<number> | undefined;
await Promise.all(
  Array.from({ length: IN_FLIGHT }, async () => {
    while (given < plan.records) {
      if (given === Math.floor(plan.records / 2)) halfway = indexesBehind();
      const signed = await makeRecord(given++);
      await Promise.all(sides.map((side) => side.records.append(signed)));
    }
  }),
);
const filled = plan.records / ((performance.now() - began) / 1000);
const behind = { halfway: (await halfway) ?? 0, atEnd: await indexesBehind() };
await Promise.all(sides.map((side) => side.log.publish()));
await Promise.all(sides.map((side) => side.index.catchUp()));
const pages: number[] = [];
for (let at = 0; at < PAGES; at += 1) {
  const dataset = `${provider.options.department}/d${at % plan.datasets}` as DatasetId;
  const before = Math.ceil(Math.random() * plan.records);
  const asked = performance.now();
  await provider.index.find({ dataset }, { before, limit: PAGE_ROWS });
  pages.push(performance.now() - asked);
}
const ready: NodesReady = {
  addresses: Object.fromEntries(sides.map(({ options, address }) => [options.department, address])),
  keys: Object.fromEntries(sides.map(({ options }) => [options.department, formatVerifierKey(options.logSigner.key)])),
  ...{ filled, behind, pageP50: percentile(pages, 0.5), pageP99: percentile(pages, 0.99) },
};
process.stdout.write(`${JSON.stringify(ready)}\n`);
process.once("SIGTERM", () => {
  Promise.all(sides.map((side) => side.close())).then(
    () => process.exit(0),
    () => process.exit(1),
  );
});

async function indexesBehind(): Promise<number> {
  const behind = sides.map(async ({ log, options: { db } }) => {
    const size = log.size;
    const { last } = await db
      .selectFrom("local.accesses")
      .select(({ fn }) => fn.max("position").as("last"))
      .executeTakeFirstOrThrow();
    return size - (last === null ? 0 : Number(last) + 1);
  });
  return Math.max(...(await Promise.all(behind)));
}

async function makeRecord(at: number): Promise<SignedRecord> {
  const dataset = `${provider.options.department}/d${at % plan.datasets}` as DatasetId;
  const request = {
    schema: 1 as const,
    ...{ channel: CHANNEL, provider: provider.options.department, consumer: consumer.options.department },
    officer: "0302" as never,
    certificate: fingerprint(officer),
    dataset,
    ...{ release: RELEASE, grant: grantOf(dataset), fields: ["code", "name"] as never },
    ...{ purpose: "lookup" as const, scenario: "bench", way: "lookup" as const, road: "gateway" as const },
    ledger: { height: 1, block: BLOCK, time: TIME },
    nonce: randomDigest(),
  };
  const record = {
    ...{ schema: 1 as const, kind: "access" as const, request, result: "served" as const, rows: 1, bytes: 64 },
    requestSignature: await signStatement("access-request", request, officer),
    checked: { act: 1, height: 1, block: BLOCK, time: TIME, policy: 1 },
    ...{
      response: randomDigest(),
      objections: [],
      certificate: fingerprint(provider.options.nodeSigner),
      nonce: randomDigest(),
    },
  };
  return { record, signature: await signStatement("access-record", record, provider.options.nodeSigner) };
}

function fingerprint(signer: Signer): Digest {
  return certificateOf(signer).fingerprint as Digest;
}
