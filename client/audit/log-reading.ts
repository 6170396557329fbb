import { LedgerError } from "@wanlian/model/errors.js";
import type { Digest, MspId } from "@wanlian/model/identifiers.js";
import { equalHashes } from "@wanlian/model/merkle.js";
import type { MandateState } from "@wanlian/model/model-1/mandate/mandate.js";
import { BROKEN_OFF_REASONS, filterTakes, hexOf, readEntry, type SignedRecord } from "../access/index.js";
import { NodeError } from "../core/index.js";
import type { LedgerPast } from "../read/index.js";
import type { AskedLog } from "./asked-log.js";
import type { AuditQuestion, LogProgress } from "./audit-folder.js";
import type { Auditor, Mandated } from "./auditor.js";
import { coversAccess } from "./coverage.js";
import type { Finding, FindingFacts } from "./finding.js";
import { type Anchored, blocksKnownAt, judgeAnchors } from "./judge-anchors.js";
import type { GoneThrough, LogComparison } from "./log-comparison.js";
import type { ShownEntry } from "./page.js";
import type { JudgedRecord, RecordJudge } from "./record-judge.js";
import type { ShownCertificates } from "./shown-certificates.js";

export interface ReadingParts {
  readonly auditor: Auditor;
  readonly mandated: Mandated;
  readonly mandate: MandateState;
  readonly show: AuditQuestion["show"];
  readonly history: LedgerPast;
  readonly certificates: ShownCertificates;
  readonly judge: RecordJudge;
  readonly judged: JudgedRecords;
  readonly comparison: LogComparison;
}

/** A record as an audit tells of it, once, whichever log it was first seen in. */
export interface AuditedRecord {
  readonly id: Digest;
  readonly position: number;
  readonly signed: SignedRecord;
}

export interface Taken {
  readonly records: readonly AuditedRecord[];
  readonly found: readonly Finding[];
}

/** Records remembered: both logs are gone through side by side, so the second copy comes soon after the first. */
const MAX_JUDGED = 50_000;

/** Records that were judged lately, by leaf hash: the same bytes need no second look. */
export class JudgedRecords {
  readonly #records = new Map<string, Judged>();

  find(key: string): Judged | undefined {
    return this.#records.get(key);
  }

  keep(key: string, judged: Judged): void {
    if (!judged.settled) return;
    const [oldest] = this.#records.size >= MAX_JUDGED ? this.#records.keys() : [];
    if (oldest !== undefined) this.#records.delete(oldest);
    this.#records.set(key, judged);
  }
}

const NOTHING_YET = { note: undefined, size: 0, position: 0, state: "open", answers: false } as const;
const NONE_YET = { records: 0, questions: 0, leftOut: 0, unreadable: 0 };

/** One department's log, gone through from its beginning to its end. */
export class LogReading implements GoneThrough {
  readonly department: MspId;
  readonly #parts: ReadingParts;
  readonly #wholly: boolean;
  #log: AskedLog | undefined;
  #anchored: Anchored = { anchors: [] };
  #progress: LogProgress;
  /** Of the ledger, of the last record that was taken. */
  #time = "";

  constructor(parts: ReadingParts, department: MspId, progress?: LogProgress) {
    this.department = department;
    this.#parts = parts;
    this.#wholly = parts.mandate.departments.includes(department);
    this.#progress = progress ?? { department, ...NOTHING_YET, ...NONE_YET };
  }

  get progress(): LogProgress {
    return this.#progress;
  }

  get time(): string {
    return this.#time;
  }

  /** Asks the node. A node that does not answer is a finding. */
  async begin(): Promise<readonly Finding[]> {
    const { auditor, history } = this.#parts;
    const known = this.#progress.note;
    try {
      // Before the node is asked: what it anchors meanwhile may be more than what it shows.
      this.#anchored = { anchors: await history.anchors(this.department) };
      const log = await this.#ask();
      this.#step({ note: log.note, size: log.head.size });
      if (known !== undefined) return [];
      const extendsAnchor = (anchor: Parameters<Auditor["extends"]>[1]) => auditor.extends(log, anchor);
      return this.#blame(await judgeAnchors(this.#anchored, log.head.size, history, extendsAnchor));
    } catch (error) {
      return this.#fail(error);
    }
  }

  /** Takes the next page. */
  async take(): Promise<Taken> {
    try {
      const log = await this.#ask();
      const start = log.position;
      const page = await log.next();
      if (page === undefined) return { records: [], found: this.#end() };
      const taken = await this.#judge(log, page.entries, start);
      this.#step({ position: log.position });
      return taken;
    } catch (error) {
      return { records: [], found: this.#fail(error) };
    }
  }

  /** Whether the consumer's node did sign the receipt that is shown with a record. */
  async countersigned(position: number): Promise<boolean> {
    const { judge, certificates } = this.#parts;
    try {
      const log = await this.#ask();
      const { entry, receipt, leaf } = await log.entryAt(position);
      const read = entry && readEntry(entry);
      if (receipt === undefined || read === undefined || read.kind === "question") return false;
      await certificates.fetch(log, [receipt.certificate]);
      return await judge.countersigned(read.signed.record, hexOf(leaf), receipt);
    } catch (error) {
      if (isOthers(error)) return false;
      throw error;
    }
  }

  async #ask(): Promise<AskedLog> {
    const { note, position } = this.#progress;
    const { auditor, mandated } = this.#parts;
    this.#log ??= await auditor.ask(mandated, this.department, note === undefined ? undefined : { note, position });
    return this.#log;
  }

  async #judge(log: AskedLog, entries: readonly ShownEntry[], start: number): Promise<Taken> {
    const { certificates } = this.#parts;
    const read = entries.map((shown) => this.#read(shown));
    await certificates.fetch(
      log,
      read.flatMap((one) => (one.$case === "new" ? certificatesOf(one.signed) : [])),
    );
    const judged = await Promise.all(read.map((one) => this.#judgeOne(one)));
    const records: AuditedRecord[] = [];
    const found: Finding[] = [];
    for (const [at, shown] of entries.entries()) {
      const one = read[at] as ReadOne;
      const record = judged[at];
      const position = start + at;
      if (equalHashes(shown.leaf, log.question)) this.#step({ answers: true });
      if (one.$case === "leftOut" || (record !== undefined && !record.covered)) this.#leaveOut(shown, position);
      else if (one.$case === "question") this.#step({ questions: this.#progress.questions + 1 });
      else if (record === undefined) found.push(...this.#unreadable(shown, position));
      else {
        found.push(...(await this.#account(shown, record, position)));
        if (one.$case === "new" && record.wanted && this.#parts.show === "records") {
          records.push({ id: hexOf(shown.leaf), position, signed: one.signed });
        }
      }
    }
    return { records, found };
  }

  #read({ leaf, entry }: ShownEntry): ReadOne {
    if (entry === undefined) return { $case: "leftOut" };
    const key = Buffer.from(leaf).toString("latin1");
    const known = this.#parts.judged.find(key);
    if (known !== undefined) return { $case: "known", judged: known };
    const read = readEntry(entry);
    if (read === undefined) return { $case: "unreadable" };
    return read.kind === "question" ? { $case: "question" } : { $case: "new", key, entry, signed: read.signed };
  }

  async #judgeOne(one: ReadOne): Promise<Judged | undefined> {
    if (one.$case === "known") return one.judged;
    if (one.$case !== "new") return undefined;
    const { judge, judged, mandate, mandated } = this.#parts;
    const { request, checked } = one.signed.record;
    const found = await judge.judge(one.entry, one.signed);
    const made = {
      ...found,
      covered: coversAccess(mandate, request),
      wanted: filterTakes(mandated.filter, request, checked.time),
    };
    judged.keep(one.key, made);
    return made;
  }

  /** A record that stands in this log: what is wrong with it here, and its mark for the comparison with the other's. */
  async #account(shown: ShownEntry, judged: Judged, position: number): Promise<readonly Finding[]> {
    this.#time = judged.time;
    this.#step({ records: this.#progress.records + 1 });
    const about = { record: hexOf(shown.leaf), position };
    const own = judged.provider === this.department;
    if (judged.forged.length === 0) this.#mark(shown, judged, position);
    const unfounded = own ? [...judged.unfounded, ...(await this.#pleadsOldState(shown, judged, position))] : [];
    return this.#blame([...judged.forged, ...unfounded], about);
  }

  /** A provider that had anchored more of the ledger than it says it knew, and whether that would have granted it. */
  async #pleadsOldState({ entry }: ShownEntry, judged: Judged, position: number): Promise<readonly FindingFacts[]> {
    const known = blocksKnownAt(this.#anchored, position);
    if (judged.height >= known || entry === undefined) return [];
    const old: FindingFacts = { kind: "OLD_HEIGHT", height: judged.height, known };
    const read = readEntry(entry);
    if (read === undefined || read.kind === "question") return [old];
    if (judged.unfounded.some(({ kind }) => kind === "NOT_GRANTED")) return [old];
    return [old, ...(await this.#parts.judge.notGranted(read.signed.record, known))];
  }

  #mark({ leaf, receipt }: ShownEntry, judged: Judged, position: number): void {
    const { comparison } = this.#parts;
    const { department } = this;
    const { provider, consumer, kind, opening, reason } = judged;
    const side = provider === department ? "provider" : consumer === department ? "consumer" : "neither";
    const other = side === "provider" ? consumer : provider;
    const brokeOff = kind === "closing" && BROKEN_OFF_REASONS.includes(reason ?? "");
    const what = kind === "opening" ? "opening" : brokeOff ? "brokenOff" : "shown";
    const mark = { department, other, side, position, countersigned: receipt !== undefined } as const;
    comparison.add({ ...mark, id: leaf, what });
    if (opening !== undefined) comparison.add({ ...mark, id: Buffer.from(opening, "hex"), what: "closes" });
  }

  #leaveOut({ leaf }: ShownEntry, position: number): void {
    this.#step({ leftOut: this.#progress.leftOut + 1 });
    const mark = { other: this.department, side: "neither", countersigned: false } as const;
    this.#parts.comparison.add({ department: this.department, id: leaf, what: "leftOut", position, ...mark });
  }

  #unreadable({ leaf }: ShownEntry, position: number): readonly Finding[] {
    this.#step({ unreadable: this.#progress.unreadable + 1 });
    return this.#blame([{ kind: "UNREADABLE" }], { record: hexOf(leaf), position });
  }

  #end(): readonly Finding[] {
    this.#step({ state: "read" });
    const { leftOut, answers, size } = this.#progress;
    const old: FindingFacts[] = answers ? [] : [{ kind: "OLD_LOG", size }];
    const withheld: FindingFacts[] = this.#wholly && leftOut > 0 ? [{ kind: "WITHHELD", entries: leftOut }] : [];
    return this.#blame([...old, ...withheld]);
  }

  #fail(error: unknown): readonly Finding[] {
    if (!isOthers(error)) throw error;
    const { position, note, size } = this.#progress;
    this.#step({ state: "failed" });
    return this.#blame([failureOf(error, position, note === undefined ? undefined : size)]);
  }

  #blame(facts: readonly FindingFacts[], about: Pick<Finding, "record" | "position"> = {}): readonly Finding[] {
    return facts.map((fact) => ({ ...fact, department: this.department, ...about }));
  }

  #step(change: Partial<LogProgress>): void {
    this.#progress = { ...this.#progress, ...change };
  }
}

type Judged = JudgedRecord & { readonly covered: boolean; readonly wanted: boolean };

type ReadOne =
  | { readonly $case: "leftOut" | "unreadable" | "question" }
  | { readonly $case: "known"; readonly judged: Judged }
  | { readonly $case: "new"; readonly key: string; readonly entry: Uint8Array; readonly signed: SignedRecord };

function certificatesOf({ record }: SignedRecord): Digest[] {
  return [record.certificate, record.request.certificate];
}

/** What the asked node, its log or the way to it is to blame for; anything else is this node's own fault. */
function isOthers(error: unknown): error is NodeError | LedgerError {
  return error instanceof NodeError || error instanceof LedgerError;
}

function failureOf(error: NodeError | LedgerError, shown: number, size: number | undefined): FindingFacts {
  const { code, message: said } = error;
  const because = { code, said };
  const twoLogs = error instanceof NodeError ? error.details.twoLogs : undefined;
  if (typeof twoLogs === "number") return { kind: "TWO_LOGS", size: twoLogs };
  if (code === "NOT_FOUND" && size === undefined) return { kind: "NOT_ANCHORED", entries: 0 };
  if (code === "LOG_DAMAGED" || code === "BAD_SIGNATURE") return { kind: "LOG_DAMAGED", because };
  return { kind: "NOT_SHOWN", because, shown, size };
}
