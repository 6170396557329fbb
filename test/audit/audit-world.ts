import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type AuditEvent, type AuditParts, audit } from "@wanlian/client/audit/audit.js";
import type { AuditQuestion, LogProgress } from "@wanlian/client/audit/audit-folder.js";
import { Auditor, type AuditorParts } from "@wanlian/client/audit/auditor.js";
import type { Finding } from "@wanlian/client/audit/finding.js";
import type { AuditedRecord } from "@wanlian/client/audit/log-reading.js";
import { AccessLog } from "@wanlian/client/log/log.js";
import type { Anchor, LedgerPast, LedgerPosition, RuleAt, RulesAt } from "@wanlian/client/read/ledger-reader.js";
import { EMPTY_TREE, signCheckpoint } from "@wanlian/model/checkpoint.js";
import type { Instant, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { AnchorLog, LogState } from "@wanlian/model/model-1/log/log.js";
import type { NounName, StateOf } from "@wanlian/model/model-1/states.js";
import { RELEASED } from "@wanlian/model/models.js";
import { formatVerifierKey } from "@wanlian/model/note.js";
import type { AccessRequest } from "@wanlian/verify/records/access-request.js";
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
  let id = "";
  let logs: readonly LogProgress[] | undefined;
  for await (const event of events) {
    if (event.kind === "begun") id = event.audit;
    if (event.kind === "finding") findings.push(event.finding);
    if (event.kind === "record") records.push(event.record);
    if (event.kind === "end") logs = event.logs;
  }
  if (logs === undefined) throw new Error("the audit has no end");
  return { id, findings, records, logs };
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
  const { book, exchange } = world.bureau;
  const connections = liars?.(exchange.connections) ?? exchange.connections;
  const patience = { pageMs: 500, attempts: 2, pauseMs: 5 };
  const auditor = new Auditor({ channel: CHANNEL_NAME, department: BUREAU, ledger: book, connections, patience });
  const parts: AuditParts = {
    ...{ auditor, ledger: book, history: new TestHistory(world) },
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

export class TestHistory implements LedgerPast {
  readonly #world: ExchangeWorld;

  constructor(world: ExchangeWorld) {
    this.#world = world;
  }

  blockHash(number: number): Promise<string | undefined> {
    return this.#world.bureau.book.blockHash(number);
  }

  async rulesAt(_height: number): Promise<RulesAt | undefined> {
    const { reading } = RELEASED.latest;
    const { time } = this.position();
    return { reading, time, policy: reading.policy(this.#world.ledger.state("policy", "policy") as CaseState, time) };
  }

  async ruleAt(request: AccessRequest, height: number): Promise<RuleAt | undefined> {
    const before = this.#world.acts.filter(({ block }) => block < height);
    const time = before.at(-1)?.time as Instant;
    const stateOf = <N extends NounName>(noun: N, id: string | undefined) =>
      before.findLast(({ act }) => act.noun === noun && act.case === id)?.act.state as StateOf<N> | undefined;
    const cases = {
      application: stateOf("application", request.grant),
      release: stateOf("release", request.release),
      member: this.#world.ledger.state("member", request.consumer),
      mandate: stateOf("mandate", request.mandate),
    };
    const { reading } = RELEASED.latest;
    return { ...((await this.rulesAt(height)) as RulesAt), cases, time, reading };
  }

  async anchors(department: MspId): Promise<Anchor[]> {
    const own = this.#world.acts.filter(
      ({ act }) => act.noun === "log" && act.case === department && act.type === "anchor",
    );
    return own.map(({ act, block, time }) => {
      const { size, root } = act.state as LogState;
      return { department, size, root, blocks: (act.body as AnchorLog).ledger.blocks, block, time, transactionId: "" };
    });
  }

  position(): LedgerPosition {
    return this.#world.bureau.book.position();
  }
}
