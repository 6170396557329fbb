import { type ChildProcess, fork } from "node:child_process";
import { generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type AccessRequest, Signatories } from "@wanlian/client/access";
import { Auditor, audit } from "@wanlian/client/audit";
import type { LedgerPast } from "@wanlian/client/read";
import { DepartmentConnections, DepartmentTls } from "@wanlian/client/transport";
import type { MspId } from "@wanlian/model/identifiers.js";
import type { Organisation } from "@wanlian/network/certificates/organisation.js";
import { bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { signerOf } from "../exchange/exchange-side.js";
import { makeConsortium } from "../ledger/consortium.js";
import { describeMachine, type Machine, thisMachine } from "../machine.js";
import { cpuOf } from "../process-figures.js";
import { megabytes, table } from "../table.js";
import type { NodesPlan, NodesReady } from "./audit-nodes.js";
import { AUDITOR, BLOCK, CHANNEL, grantedTo, MANDATE, StillLedger, TIME } from "./still-ledger.js";

export interface AuditReport {
  readonly machine: Machine;
  readonly records: number;
  readonly nodes: Omit<NodesReady, "addresses" | "keys">;
  /** Entries of both logs a second, all checked, and the most memory of the auditor's process meanwhile. */
  readonly perSecond: number;
  readonly memory: number;
  readonly pauses: number;
  /** Signatures a second that this machine verifies with nothing beside, and the share of them that the audit does. */
  readonly verified: number;
  readonly share: number;
  /** Processor time an entry, all threads, µs: the auditor's process, the nodes' process, a bare signature. */
  readonly cpu: { readonly auditor: number; readonly nodes: number; readonly signature: number };
}

const PROVIDER = "CivilMSP";
const CONSUMER = "PoliceMSP";
const DATASETS = 50;
const BARE_SIGNATURES = 20_000;

/** An audit of two departments' logs, each with so many records: every entry proven, judged and compared. */
export async function benchAudit(records: number): Promise<AuditReport> {
  const machine = thisMachine();
  const folder = await mkdtemp(join(tmpdir(), "wanlian-bench-audit-"));
  try {
    const { organisations, genesis } = await makeConsortium(folder);
    const bureau = [...organisations.keys()].find((mspId) => mspId !== PROVIDER && mspId !== CONSUMER) as string;
    const { child, ready } = await startNodes(folder, organisations, { genesis, records, auditor: bureau });
    try {
      const bare = await bareSignatures();
      const served = await cpuOf(child.pid as number);
      const { auditor, ...figures } = await runAudit(folder, organisations, genesis, bureau as MspId, ready, records);
      const nodesCpu = ((await cpuOf(child.pid as number)) - served) * 1e6;
      const { addresses: _, keys: __, ...nodes } = ready;
      const share = figures.perSecond / bare.perSecond;
      const cpu = { auditor, nodes: nodesCpu / (2 * records), signature: bare.cpu };
      return { machine, records, nodes, ...figures, verified: bare.perSecond, share, cpu };
    } finally {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runAudit(
  folder: string,
  organisations: ReadonlyMap<string, Organisation>,
  genesis: string,
  bureau: MspId,
  { addresses, keys }: NodesReady,
  records: number,
): Promise<Pick<AuditReport, "perSecond" | "memory" | "pauses"> & { readonly auditor: number }> {
  const own = organisations.get(bureau) as Organisation;
  const bundle = bundleFromBlock(Block.decode(Buffer.from(genesis, "base64")).data?.data ?? []);
  const tls = await own.tls.issue({ kind: "tls", name: "node", hosts: ["127.0.0.1"] });
  const material = { cert: tls.certificate, key: tls.privateKey };
  const connections = new DepartmentConnections(
    new DepartmentTls(() => bundle),
    material,
    new Map(Object.entries(addresses)),
  );
  const ledger = new StillLedger(bureau, Object.keys(keys), keys);
  const signatories = new Signatories(() => bundle);
  const anchor = { size: 0, root: "", blocks: 0, block: 0, time: TIME, transactionId: "" };
  const history: LedgerPast = {
    position: () => ledger.position(),
    blockHash: async () => BLOCK,
    rulesAt: async () => undefined,
    ruleAt: async (use) => {
      // The audit asks by a record's whole request.
      const { provider, consumer, dataset } = use as AccessRequest;
      return { reading: ledger.reading(), cases: grantedTo(provider, consumer, dataset), time: TIME } as never;
    },
    anchors: async (department) => [{ department, ...anchor }],
  };
  const parts = {
    ...{ auditor: new Auditor({ channel: CHANNEL, department: bureau, ledger, connections }), ledger },
    dir: join(folder, "audits"),
    signatoriesAt: async () => signatories,
    history,
  };
  const credential = await own.identities.issue({
    kind: "identity",
    unit: "client",
    name: AUDITOR,
    roles: ["auditor"],
  });
  const question = {
    ...{ officer: AUDITOR, mandate: MANDATE, filter: {}, show: "findings" as const },
    departments: Object.keys(addresses) as MspId[],
  };
  let memory = 0;
  let pauses = 0;
  let read = 0;
  const began = performance.now();
  const before = process.cpuUsage();
  const watch = setInterval(() => {
    memory = Math.max(memory, process.memoryUsage.rss());
  }, 200);
  for await (const event of audit(parts, signerOf(bureau, credential), question)) {
    if (event.kind === "finding") throw new Error(`found ${event.finding.kind} of ${event.finding.department}`);
    if (event.kind === "progress") pauses += 1;
    if (event.kind === "end") read = event.logs.reduce((sum, log) => sum + log.records, 0);
  }
  clearInterval(watch);
  connections.close();
  if (read !== 2 * records) throw new Error(`${read} records were read instead of ${2 * records}`);
  const auditor = microseconds(before) / read;
  return { perSecond: read / ((performance.now() - began) / 1000), memory, pauses, auditor };
}

async function startNodes(
  folder: string,
  organisations: ReadonlyMap<string, Organisation>,
  given: Pick<NodesPlan, "genesis" | "records" | "auditor">,
): Promise<{ child: ChildProcess; ready: NodesReady }> {
  const sides: NodesPlan["sides"] = await Promise.all(
    [PROVIDER, CONSUMER].map(async (department) => {
      const { identities, tls } = organisations.get(department) as Organisation;
      const logKey = generateKeyPairSync("ed25519").privateKey;
      return {
        department,
        node: await identities.issue({ kind: "identity", unit: "client", name: "node", roles: ["node"] }),
        tls: await tls.issue({ kind: "tls", name: "node", hosts: ["127.0.0.1"] }),
        logKey: logKey.export({ format: "pem", type: "pkcs8" }).toString(),
      };
    }),
  );
  const consumer = organisations.get(CONSUMER) as Organisation;
  const officer = await consumer.identities.issue({ kind: "identity", unit: "client", name: "0302", roles: ["user"] });
  const plan: NodesPlan = { dir: folder, datasets: DATASETS, officer, sides, ...given };
  const file = join(folder, "nodes.json");
  await writeFile(file, JSON.stringify(plan), { mode: 0o600 });
  const child = fork(new URL("audit-nodes.js", import.meta.url).pathname, [file], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    return { child, ready: JSON.parse(line) as NodesReady };
  }
  throw new Error("the nodes' process ended before they served");
}

/** What the machine itself does: an audit verifies two signatures a record, each once for both logs, so one an entry. */
async function bareSignatures(): Promise<{ readonly perSecond: number; readonly cpu: number }> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const statement = Buffer.alloc(1000, 1);
  const signature = sign("sha256", statement, privateKey);
  const began = performance.now();
  const before = process.cpuUsage();
  const once = (key: KeyObject) =>
    new Promise<void>((resolve, reject) => {
      verify("sha256", statement, key, signature, (error, holds) => (holds ? resolve() : reject(error)));
    });
  for (let done = 0; done < BARE_SIGNATURES; done += 1000) {
    await Promise.all(Array.from({ length: 1000 }, () => once(publicKey)));
  }
  const perSecond = BARE_SIGNATURES / ((performance.now() - began) / 1000);
  return { perSecond, cpu: microseconds(before) / BARE_SIGNATURES };
}

function microseconds(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

export function printAudit({ machine, records, nodes, perSecond, memory, verified, share, cpu }: AuditReport): string {
  const whole = (value: number) => Math.round(value).toLocaleString("en");
  return [
    describeMachine(machine),
    "",
    table(
      [`two logs of ${whole(records)} records`, "measured", "goal", "beside"],
      [
        [
          "entries audited a second: proven, judged, compared",
          whole(perSecond),
          "≥ 20,000",
          `signatures alone: ${whole(verified)} a second, so ${share.toFixed(2)} of them`,
        ],
        [
          "processor time an entry: the auditor's, the nodes'",
          `${cpu.auditor.toFixed(0)}, ${cpu.nodes.toFixed(0)} µs`,
          "",
          `one signature: ${cpu.signature.toFixed(0)} µs`,
        ],
        ["memory of the auditor's process, at most", megabytes(memory), "≤ 400 MB", ""],
        [
          "records by which an index is behind its log: halfway, with the last",
          `${whole(nodes.behind.halfway)}, ${whole(nodes.behind.atEnd)}`,
          "no more with the last",
          `signed and appended on both: ${whole(nodes.filled)} a second`,
        ],
        [
          "who accessed a dataset, any page, p99",
          `${nodes.pageP99.toFixed(2)} ms`,
          "≤ 20 ms",
          `p50 ${nodes.pageP50.toFixed(2)} ms`,
        ],
      ],
    ),
  ].join("\n");
}
