import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type AuditReport, audit } from "@wanlian/client/audit/audit.js";
import { Auditor } from "@wanlian/client/audit/auditor.js";
import { AccessLog } from "@wanlian/client/log/log.js";
import type { Anchor, LedgerHistory, RuleAt } from "@wanlian/client/read/ledger-history.js";
import { EMPTY_TREE, signCheckpoint } from "@wanlian/model/checkpoint.js";
import type { Instant, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import type { AnchorLog } from "@wanlian/model/model-1/log/log.js";
import type { NounName, StateOf } from "@wanlian/model/model-1/states.js";
import { formatVerifierKey } from "@wanlian/model/note.js";
import { stateOf } from "@wanlian/verify/acts.js";
import type { AccessRequest } from "@wanlian/verify/records/access-request.js";
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

/** An auditor of the bureau's with a mandate over both departments. */
export interface TestAuditor {
  readonly officer: TestOfficer;
  readonly mandate: TransactionId;
  readonly auditor: Auditor;
  run(): Promise<AuditReport>;
  /** Kinds found, and against whom, sorted: `KIND department`. */
  findings(): Promise<string[]>;
}

export async function makeAuditor(
  world: ExchangeWorld,
  number: string,
  scope = [PROVIDER, CONSUMER],
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
  const parts = { channel: CHANNEL_NAME, department: BUREAU, book, connections: exchange.connections };
  const auditor = new Auditor(parts);
  const history = new TestHistory(world);
  const run = () => audit({ auditor, history, identities: exchange.identities }, officer.signer, mandate, scope);
  return {
    ...{ officer, mandate, auditor, run },
    findings: async () => (await run()).findings.map(({ kind, department }) => `${kind} ${department}`).sort(),
  };
}

class TestHistory implements LedgerHistory {
  readonly #world: ExchangeWorld;

  constructor(world: ExchangeWorld) {
    this.#world = world;
  }

  blockHash(number: number): Promise<string | undefined> {
    return this.#world.bureau.book.blockHash(number);
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
    return { cases, time };
  }

  async anchors(department: MspId): Promise<Anchor[]> {
    const own = this.#world.acts.filter(
      ({ act }) => act.noun === "log" && act.case === department && act.type === "anchor",
    );
    return own.map(({ act, block, time }) => {
      const { size, root } = stateOf(act, "log");
      return { department, size, root, blocks: (act.body as AnchorLog).ledger.blocks, block, time, transactionId: "" };
    });
  }

  async now(): Promise<Instant> {
    return this.#world.bureau.book.position().time;
  }
}
