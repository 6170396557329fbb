import { randomBytes } from "node:crypto";
import { LedgerError } from "@wanlian/model/errors.js";
import type { MspId } from "@wanlian/model/identifiers.js";
import type { Signatories } from "../access/index.js";
import type { Signer } from "../core/index.js";
import { type LedgerPast, type LedgerPresent, RememberedHistory } from "../read/index.js";
import { AuditFolder, type AuditQuestion, type AuditState, type LogProgress } from "./audit-folder.js";
import type { Auditor } from "./auditor.js";
import { LogComparison } from "./comparison/log-comparison.js";
import { furthestBehind } from "./comparison/reading-order.js";
import type { Finding } from "./finding.js";
import { type FindingCount, FindingLedger } from "./finding-ledger.js";
import { JudgedRecords } from "./judged-page.js";
import {
  type AuditedCall,
  type AuditedFiling,
  type AuditedRecord,
  blameForged,
  LogReading,
  type ReadingParts,
} from "./log-reading.js";
import { RecordJudge } from "./record-judge.js";
import { ShownCertificates } from "./shown-certificates.js";
import { OwedSignatures } from "./signatures/owed-signatures.js";
import { SignatureThreads } from "./signatures/signature-threads.js";

export interface AuditParts {
  readonly auditor: Auditor;
  readonly history: LedgerPast;
  /** By the channel's configuration as it was at a height of the ledger. */
  readonly signatoriesAt: (height: number) => Promise<Signatories>;
  readonly ledger: Pick<LedgerPresent, "head" | "reading">;
  /** Folder for what audits under way have. */
  readonly dir: string;
}

/** What an audit says as it goes on. */
export type AuditEvent =
  /** By this name it can be resumed. */
  | { readonly kind: "begun"; readonly audit: string }
  | { readonly kind: "progress"; readonly logs: readonly LogProgress[] }
  | { readonly kind: "record"; readonly department: MspId; readonly record: AuditedRecord }
  | { readonly kind: "call"; readonly department: MspId; readonly call: AuditedCall }
  | { readonly kind: "filing"; readonly department: MspId; readonly filing: AuditedFiling }
  | { readonly kind: "finding"; readonly finding: Finding }
  | { readonly kind: "end"; readonly logs: readonly LogProgress[]; readonly found: readonly FindingCount[] };

/** Logs gone through at a time: bounds the pages in memory. */
const LOGS_AT_ONCE = 8;
/** How often it is written down how far the audit is. */
const SAVE_EVERY_MS = 20_000;
const TELL_EVERY_MS = 1000;

/**
 * Goes through the departments' logs, all entries of each, and compares them with each other, with the anchors and with
 * the ledger. Departments that are party to what is found are asked too. Memory does not grow with the logs; what the
 * audit has is kept in its folder until its end, so that it can be resumed.
 * @param resumed name of an audit of the same officer that broke off; its own question is gone on with
 * @throws LedgerError NOT_FOUND; whatever is the auditor's own node's fault
 */
export async function* audit(
  parts: AuditParts,
  signer: Signer,
  asked: AuditQuestion,
  resumed?: string,
): AsyncGenerator<AuditEvent, void> {
  const { folder, state } = await openFolder(parts.dir, asked, resumed);
  const run = await AuditRun.open(parts, signer, folder, state);
  try {
    yield* run.events();
    await folder.remove();
  } finally {
    await run.close();
  }
}

async function openFolder(dir: string, question: AuditQuestion, resumed: string | undefined) {
  if (resumed !== undefined) return await AuditFolder.resume(dir, resumed, question.officer);
  const folder = await AuditFolder.begin(dir);
  const salt = (randomBytes(4).readUInt32BE() | 1) >>> 0;
  const state: AuditState = { question, salt, parties: [], logs: [], marks: undefined, findings: 0, counted: {} };
  await folder.save(state);
  return { folder, state };
}

class AuditRun {
  readonly #folder: AuditFolder;
  readonly #state: AuditState;
  readonly #reading: ReadingParts;
  readonly #signatures: SignatureThreads;
  readonly #findings: FindingLedger;
  readonly #logs: Map<MspId, LogReading>;
  #told = 0;
  #saved = performance.now();

  private constructor(folder: AuditFolder, state: AuditState, reading: ReadingParts, signatures: SignatureThreads) {
    this.#signatures = signatures;
    this.#folder = folder;
    this.#state = state;
    this.#reading = reading;
    this.#findings = new FindingLedger(folder, state.counted);
    this.#logs = new Map(state.logs.map((log) => [log.department, new LogReading(reading, log.department, log)]));
  }

  static async open(parts: AuditParts, signer: Signer, folder: AuditFolder, state: AuditState): Promise<AuditRun> {
    const { mandate, filter, show } = state.question;
    const held = await parts.ledger.head("mandate", mandate);
    if (held === undefined) throw new LedgerError("NOT_FOUND", `there is no mandate ${mandate}`);
    const { auditor, signatoriesAt } = parts;
    const history = new RememberedHistory(parts.history);
    const certificates = new ShownCertificates();
    const before = state.marks && { names: state.parties, marks: state.marks };
    const signatures = new SignatureThreads();
    const reading: ReadingParts = {
      ...{ auditor, history, certificates, show },
      mandate: parts.ledger.reading().mandate(held.state),
      mandated: { signer, mandate, filter },
      judge: new RecordJudge({ history, signatoriesAt, certificates, signatures }),
      judged: new JudgedRecords(),
      owed: new OwedSignatures(signatures),
      comparison: new LogComparison(folder.marks, state.salt, before),
    };
    return new AuditRun(folder, state, reading, signatures);
  }

  async close(): Promise<void> {
    this.#reading.comparison.close();
    await this.#signatures.close();
  }

  async *events(): AsyncGenerator<AuditEvent, void> {
    yield { kind: "begun", audit: this.#folder.id };
    for (const finding of await this.#folder.kept()) yield { kind: "finding", finding };
    for (let waiting = this.#waiting(); waiting.length > 0; waiting = this.#waiting()) {
      yield* this.#readAll(waiting.slice(0, LOGS_AT_ONCE));
      yield* this.#save();
    }
    yield { kind: "progress", logs: this.#progress() };
    for await (const gap of this.#reading.comparison.findings(this.#logs)) yield* this.#tell([gap]);
    yield { kind: "end", logs: this.#progress(), found: this.#findings.totals() };
  }

  async *#readAll(departments: readonly MspId[]): AsyncGenerator<AuditEvent, void> {
    const open = departments.map((department) => {
      const log = this.#logs.get(department) ?? new LogReading(this.#reading, department);
      this.#logs.set(department, log);
      return log;
    });
    for (const found of await Promise.all(open.map((log) => log.begin()))) yield* this.#tell(found);
    const unread = () => open.filter(({ progress }) => progress.state === "open");
    for (let log = furthestBehind(unread()); log !== undefined; log = furthestBehind(unread())) {
      const { records, calls, filings, found } = await log.take();
      for (const record of records) yield { kind: "record", department: log.department, record };
      for (const call of calls) yield { kind: "call", department: log.department, call };
      for (const filing of filings) yield { kind: "filing", department: log.department, filing };
      yield* this.#tell(found);
      const now = performance.now();
      if (now - this.#told > TELL_EVERY_MS) {
        this.#told = now;
        yield { kind: "progress", logs: this.#progress() };
      }
      if (now - this.#saved > SAVE_EVERY_MS) yield* this.#save();
    }
  }

  async *#tell(found: readonly Finding[]): AsyncGenerator<AuditEvent, void> {
    for (const finding of await this.#findings.keep(found)) yield { kind: "finding", finding };
  }

  /** Those asked for and those involved, as far as they were not gone through. */
  #waiting(): MspId[] {
    const wanted = new Set([...this.#state.question.departments, ...this.#reading.comparison.involved]);
    return [...wanted].filter((department) => (this.#logs.get(department)?.progress.state ?? "open") === "open");
  }

  #progress(): LogProgress[] {
    return [...this.#logs.values()].map(({ progress }) => progress);
  }

  /** What is owed is in memory alone: it is settled before it is written down how far the audit is. */
  async *#save(): AsyncGenerator<AuditEvent, void> {
    const { comparison, owed } = this.#reading;
    yield* this.#tell(blameForged(await owed.all(), comparison));
    this.#saved = performance.now();
    const { question, salt } = this.#state;
    const { counted } = this.#findings;
    const marks = comparison.flush();
    await this.#folder.save({ question, salt, marks, counted, parties: comparison.involved, logs: this.#progress() });
  }
}
