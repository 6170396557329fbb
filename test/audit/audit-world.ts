import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type AuditEvent, type AuditParts, audit } from "@wanlian/client/audit/audit.js";
import type { AuditQuestion, LogProgress } from "@wanlian/client/audit/audit-folder.js";
import { Auditor, type AuditorParts } from "@wanlian/client/audit/auditor.js";
import type { Finding } from "@wanlian/client/audit/finding.js";
import type { AuditedCall, AuditedFiling, AuditedRecord } from "@wanlian/client/audit/log-reading.js";
import { AccessLog } from "@wanlian/client/log/log.js";
import { EMPTY_TREE, signCheckpoint } from "@wanlian/model/checkpoint.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import { formatVerifierKey } from "@wanlian/model/note.js";
import { Signatories } from "@wanlian/verify/records/signatories.js";
import type { TestOfficer } from "../client/test-ledger.js";
import { BUREAU, CHANNEL_NAME, CONSUMER, type ExchangeWorld, PROVIDER, type Side } from "../exchange/exchange-world.js";

/** Anchors what the side's log has, as its node would. */
export async function anchor(
  world: ExchangeWorld,
  side: Side,
  ledger = { blocks: world.ledger.blocks.length, root: "00".repeat(32) },
): Promise<void> {
  const { department, logSigner } = side.exchange.options;
  const node = await world.ledger.officer(department, "node", "node");
  const ref = { noun: "log", case: department } as const;
  const file = (type: string, body: Record<string, unknown>) => world.act(node, { ...ref, type, body });
  if (world.ledger.head(ref).state === undefined) {
    const checkpoint = signCheckpoint(EMPTY_TREE, logSigner);
    await file("open", { key: formatVerifierKey(logSigner.key), checkpoint });
  }
  const size = world.ledger.state("log", department)?.size ?? 0;
  const head = await side.exchange.log.publish();
  const proof = size === 0 ? [] : await side.exchange.records.reader().consistency(size);
  await file("anchor", {
    checkpoint: signCheckpoint(head, logSigner),
    consistency: proof.map((hash) => Buffer.from(hash).toString("hex")),
    ledger,
  });
}

/** A log with other entries, signed with the same key: what only the node's own operator can make. */
export async function rewriteLog(side: Side, change: (entries: Uint8Array[]) => Uint8Array[]): Promise<void> {
  const { exchange } = side;
  const { size } = await exchange.log.publish();
  const entries: Uint8Array[] = [];
  for await (const entry of exchange.records.reader().records(0, size)) entries.push(Uint8Array.from(entry));
  await exchange.close();
  const { db, dir, logSigner } = exchange.options;
  await rm(join(dir, "log"), { recursive: true });
  await db.deleteFrom("local.accesses").execute();
  const log = await AccessLog.open(join(dir, "log"), logSigner);
  for (const entry of change(entries)) await log.append(entry);
  await log.close();
  await side.reopen();
}

/** What an audit came to. */
export interface Audited {
  readonly id: string;
  readonly findings: readonly Finding[];
  readonly records: readonly AuditedRecord[];
  readonly filings: readonly AuditedFiling[];
  readonly calls: readonly AuditedCall[];
  readonly logs: readonly LogProgress[];
}

/** An auditor of the bureau's with a mandate over both departments. */
export interface TestAuditor {
  readonly officer: TestOfficer;
  readonly mandate: TransactionId;
  readonly auditor: Auditor;
  readonly parts: AuditParts;
  events(more?: Partial<AuditQuestion>, resumed?: string): AsyncGenerator<AuditEvent, void>;
  run(more?: Partial<AuditQuestion>): Promise<Audited>;
  /** Kinds found, and against whom, sorted: `KIND department`. */
  findings(more?: Partial<AuditQuestion>): Promise<string[]>;
}

export const kindsOf = ({ findings }: Pick<Audited, "findings">): string[] =>
  findings.map(({ kind, department }) => `${kind} ${department}`).sort();

export async function gather(events: AsyncIterable<AuditEvent>): Promise<Audited> {
  const findings: Finding[] = [];
  const records: AuditedRecord[] = [];
  const filings: AuditedFiling[] = [];
  const calls: AuditedCall[] = [];
  let id = "";
  let logs: readonly LogProgress[] | undefined;
  for await (const event of events) {
    if (event.kind === "begun") id = event.audit;
    if (event.kind === "finding") findings.push(event.finding);
    if (event.kind === "record") records.push(event.record);
    if (event.kind === "call") calls.push(event.call);
    if (event.kind === "filing") filings.push(event.filing);
    if (event.kind === "end") logs = event.logs;
  }
  if (logs === undefined) throw new Error("the audit has no end");
  return { id, findings, records, filings, calls, logs };
}

export async function makeAuditor(
  world: ExchangeWorld,
  number: string,
  scope = [PROVIDER, CONSUMER],
  liars?: (honest: AuditorParts["connections"]) => AuditorParts["connections"],
): Promise<TestAuditor> {
  const officer = await world.ledger.officer(BUREAU, number, "auditor");
  const administrator = await world.ledger.officer(BUREAU, "9001", "administrator");
  const mandate = await world.act(administrator, {
    noun: "mandate",
    case: null,
    type: "appoint",
    body: {
      department: BUREAU,
      officer: number,
      scope: { datasets: [], departments: scope },
      from: "2026-03-02T00:00:00Z",
      to: "2026-12-31T00:00:00Z",
      reason: "yearly audit",
    },
  });
  const { view, exchange } = world.bureau;
  const connections = liars?.(exchange.connections) ?? exchange.connections;
  // A node that is silent is played by none: what waits here is a busy machine.
  const patience = { pageMs: 20_000, attempts: 2, pauseMs: 5 };
  const auditor = new Auditor({ channel: CHANNEL_NAME, department: BUREAU, ledger: view, connections, patience });
  const parts: AuditParts = {
    ...{ auditor, ledger: view, history: view.honest },
    signatoriesAt: async () => new Signatories(exchange.options.bundle),
    dir: join(world.dir, "audits"),
  };
  const events = (more: Partial<AuditQuestion> = {}, resumed?: string) => {
    const question = { officer: number, mandate, departments: scope, filter: {}, show: "records", ...more } as const;
    return audit(parts, officer.signer, question, resumed);
  };
  const run = (more: Partial<AuditQuestion> = {}) => gather(events(more));
  return { officer, mandate, auditor, parts, events, run, findings: async (more) => kindsOf(await run(more)) };
}
