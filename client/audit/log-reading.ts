import { LedgerError } from "@wanlian/model/errors.js";
import type { Digest, MspId } from "@wanlian/model/identifiers.js";
import { equalHashes } from "@wanlian/model/merkle.js";
import {
  BROKEN_OFF_REASONS,
  factsDigest,
  filterTakesCall,
  filterTakesFiling,
  hexOf,
  type PlatformCall,
  type RefusedFiling,
  readRecord,
  type SignedRecord,
} from "../access/index.js";
import { NodeError } from "../core/index.js";
import type { LedgerPast } from "../read/index.js";
import type { ShownEntry } from "./answering/page.js";
import type { AskedLog } from "./asked-log.js";
import type { LogProgress } from "./audit-folder.js";
import type { Auditor } from "./auditor.js";
import type { GoneThrough, LogComparison } from "./comparison/log-comparison.js";
import type { Reached } from "./comparison/reading-order.js";
import { coversCall } from "./coverage.js";
import type { Because, Finding, FindingFacts } from "./finding.js";
import { type Anchored, blocksKnownAt, judgeAnchors } from "./judge-anchors.js";
import { judgeCall } from "./judge-calls.js";
import { type JudgedOne, type JudgedPage, type JudgingParts, keyOf, PageJudge } from "./judged-page.js";
import type { JudgedRecord } from "./record-judge.js";
import type { OwedSignatures, ShownIn } from "./signatures/owed-signatures.js";

export interface ReadingParts extends JudgingParts {
  readonly auditor: Auditor;
  readonly history: LedgerPast;
  readonly owed: OwedSignatures<ShownRecord>;
  readonly comparison: LogComparison;
}

/** A record as one log shows it, whose provider's signature is not verified. */
export interface ShownRecord extends ShownIn {
  readonly department: MspId;
  readonly provider: MspId;
  readonly consumer: MspId;
  readonly leaf: Uint8Array;
  /** Of a closing: its opening. */
  readonly opening: Digest | undefined;
  /** What is said if the signature does not hold. */
  readonly because: Because;
}

/** A record as an audit tells of it, once, whichever log it was first seen in. */
export interface AuditedRecord {
  readonly id: Digest;
  readonly position: number;
  readonly signed: SignedRecord;
}

/** A filing that was refused, as the department's own log tells of it. */
export interface AuditedFiling {
  readonly id: Digest;
  readonly position: number;
  readonly filing: RefusedFiling;
}

/** A call over another road, as the department's own log tells of it. */
export interface AuditedCall {
  readonly id: Digest;
  readonly position: number;
  readonly call: PlatformCall;
}

export interface Taken {
  readonly records: readonly AuditedRecord[];
  readonly calls: readonly AuditedCall[];
  readonly filings: readonly AuditedFiling[];
  readonly found: readonly Finding[];
}

const NOTHING_YET = { note: undefined, size: 0, position: 0, state: "open", answers: false } as const;
const NONE_TAKEN = { records: [], calls: [], filings: [] } as const;
const NONE_YET = { records: 0, questions: 0, filings: 0, calls: 0, leftOut: 0, unreadable: 0 };

/** One department's log, gone through from its beginning to its end. */
export class LogReading implements GoneThrough, Reached {
  readonly department: MspId;
  readonly #parts: ReadingParts;
  readonly #pages: PageJudge;
  readonly #wholly: boolean;
  #log: AskedLog | undefined;
  /** On its way and judged while the page before it is told. */
  #coming: Promise<JudgedPage | undefined> | undefined;
  #anchored: Anchored = { anchors: [] };
  readonly #progress: { -readonly [Member in keyof LogProgress]: LogProgress[Member] };
  #time = "";
  #sinceTime = 0;

  constructor(parts: ReadingParts, department: MspId, progress?: LogProgress) {
    this.department = department;
    this.#parts = parts;
    this.#pages = new PageJudge(parts);
    this.#wholly = parts.mandate.departments.includes(department);
    this.#progress = progress === undefined ? { department, ...NOTHING_YET, ...NONE_YET } : { ...progress };
  }

  get progress(): LogProgress {
    return { ...this.#progress };
  }

  get time(): string {
    return this.#time;
  }

  get sinceTime(): number {
    return this.#sinceTime;
  }

  /** Asks the node. A node that does not answer is a finding. */
  async begin(): Promise<readonly Finding[]> {
    const { auditor, history } = this.#parts;
    const known = this.#progress.note;
    try {
      // Before the node is asked: what it anchors meanwhile may be more than what it shows.
      const former = await auditor.formerLogs(this.department);
      this.#anchored = {
        anchors: await history.anchors(this.department),
        ...(former === undefined ? {} : { former }),
      };
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
      const page = await (this.#coming ?? this.#pages.next(log));
      if (page === undefined) return { ...NONE_TAKEN, found: this.#end() };
      this.#coming = this.#pages.next(log);
      // Its failure is met when it is its turn.
      this.#coming.catch(() => undefined);
      const before = this.#time;
      const taken = await this.#account(log, page);
      const forged = blameForged(await this.#parts.owed.overflow(), this.#parts.comparison);
      this.#sinceTime = page.entries.length + (this.#time === before ? this.#sinceTime : 0);
      this.#step({ position: page.start + page.entries.length });
      return forged.length === 0 ? taken : { ...taken, found: [...taken.found, ...forged] };
    } catch (error) {
      return { ...NONE_TAKEN, found: this.#fail(error) };
    }
  }

  /** Whether the consumer's node did sign the receipt that is shown with a record. */
  async countersigned(position: number): Promise<boolean> {
    const { judge, certificates } = this.#parts;
    try {
      const log = await this.#ask();
      const { entry, receipt, leaf } = await log.entryAt(position);
      const signed = entry && readRecord(entry);
      if (receipt === undefined || signed === undefined) return false;
      await certificates.fetch(log, [receipt.certificate]);
      return await judge.countersigned(signed.record, hexOf(leaf), receipt);
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

  #isTold(filing: RefusedFiling): boolean {
    const { show, mandated } = this.#parts;
    return show === "records" && filterTakesFiling(mandated.filter, filing);
  }

  #isCallTold(call: PlatformCall): boolean {
    const { show, mandated } = this.#parts;
    return show === "records" && filterTakesCall(mandated.filter, call);
  }

  async #account(log: AskedLog, { start, entries, judged }: JudgedPage): Promise<Taken> {
    const records: AuditedRecord[] = [];
    const calls: AuditedCall[] = [];
    const filings: AuditedFiling[] = [];
    const found: Finding[] = [];
    for (const [at, shown] of entries.entries()) {
      const one = judged[at] as JudgedOne;
      const position = start + at;
      if (equalHashes(shown.leaf, log.question)) this.#step({ answers: true });
      if (one.$case === "record" && one.judged.covered) {
        found.push(...(await this.#accountRecord(shown, one.judged.record, position)));
        if (one.told !== undefined) records.push({ id: hexOf(shown.leaf), position, signed: one.told });
      } else if (one.$case === "unreadable") found.push(...this.#unreadable(shown, position));
      else if (one.$case === "question") this.#progress.questions += 1;
      else if (one.$case === "filing") {
        this.#progress.filings += 1;
        if (this.#isTold(one.filing)) filings.push({ id: hexOf(shown.leaf), position, filing: one.filing });
      } else if (one.$case === "call" && coversCall(this.#parts.mandate, one.call)) {
        found.push(...(await this.#accountCall(shown, one.call, position)));
        if (this.#isCallTold(one.call)) calls.push({ id: hexOf(shown.leaf), position, call: one.call });
      } else this.#leaveOut(shown, position);
    }
    return { records, calls, filings, found };
  }

  /** A call that stands in this log: by the ledger, and by what the other side's log says of it. */
  async #accountCall({ leaf }: ShownEntry, call: PlatformCall, position: number): Promise<readonly Finding[]> {
    const { comparison, history } = this.#parts;
    const { department } = this;
    const { provider, consumer } = call.facts;
    this.#progress.calls += 1;
    const side = provider === department ? "provider" : consumer === department ? "consumer" : "neither";
    const other = side === "provider" ? consumer : provider;
    const id = Buffer.from(factsDigest(call.facts), "hex");
    comparison.add({ ...{ department, other, side, position, id }, what: "call", countersigned: false });
    return this.#blame(await judgeCall(call, history), { record: hexOf(leaf), position });
  }

  /** A record that stands in this log: what is wrong with it here, and its mark for the comparison with the other's. */
  async #accountRecord(shown: ShownEntry, judged: JudgedRecord, position: number): Promise<readonly Finding[]> {
    this.#time = judged.time;
    this.#progress.records += 1;
    if (judged.forged.length === 0) this.#mark(shown, judged, position);
    const wrong = [...judged.forged];
    if (judged.provider === this.department) {
      wrong.push(...judged.unfounded);
      const known = blocksKnownAt(this.#anchored, position);
      if (judged.height < known) wrong.push(...(await this.#pleadsOldState(shown, judged, known)));
    }
    this.#owe(shown, judged, position, wrong.length > 0 ? this.department : "");
    return wrong.length === 0 ? [] : this.#blame(wrong, { record: hexOf(shown.leaf), position });
  }

  /** A provider that had anchored more of the ledger than it says it knew, and whether that would have granted it. */
  async #pleadsOldState({ entry }: ShownEntry, judged: JudgedRecord, known: number): Promise<readonly FindingFacts[]> {
    const old: FindingFacts = { kind: "OLD_HEIGHT", height: judged.height, known };
    const signed = entry && readRecord(entry);
    if (signed === undefined || judged.unfounded.some(({ kind }) => kind === "NOT_GRANTED")) return [old];
    return [old, ...(await this.#parts.judge.notGranted(signed.record, known))];
  }

  /** @param apart makes that of a record of which something is found meet no other: it is verified */
  #owe(
    { leaf }: ShownEntry,
    { provider, consumer, opening, owed }: JudgedRecord,
    position: number,
    apart: string,
  ): void {
    if (owed === undefined) return;
    const { department } = this;
    const shown = { department, position, provider, consumer, leaf, opening, because: owed.other };
    this.#parts.owed.see(`${keyOf(leaf)}${apart}`, { claim: owed, shown });
  }

  #mark({ leaf, receipt }: ShownEntry, judged: JudgedRecord, position: number): void {
    const { comparison } = this.#parts;
    const { department } = this;
    const { provider, consumer, kind, opening, reason } = judged;
    const side = provider === department ? "provider" : consumer === department ? "consumer" : "neither";
    const other = side === "provider" ? consumer : provider;
    const brokeOff = kind === "closing" && BROKEN_OFF_REASONS.includes(reason ?? "");
    const what = kind === "opening" ? "opening" : brokeOff ? "brokenOff" : "shown";
    const countersigned = receipt !== undefined;
    comparison.add({ department, other, side, position, countersigned, id: leaf, what });
    if (opening === undefined) return;
    const id = Buffer.from(opening, "hex");
    comparison.add({ department, other, side, position, countersigned, id, what: "closes" });
  }

  #leaveOut({ leaf }: ShownEntry, position: number): void {
    this.#progress.leftOut += 1;
    const mark = { other: this.department, side: "neither", countersigned: false } as const;
    this.#parts.comparison.add({ department: this.department, id: leaf, what: "leftOut", position, ...mark });
  }

  #unreadable({ leaf }: ShownEntry, position: number): readonly Finding[] {
    this.#progress.unreadable += 1;
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
    Object.assign(this.#progress, change);
  }
}

/** Records that turned out not to be signed by their provider's node: they stand for nothing in the comparison. */
export function blameForged(forged: readonly ShownRecord[], comparison: LogComparison): readonly Finding[] {
  return forged.map(({ department, position, provider, consumer, leaf, opening, because }) => {
    const other = department === provider ? consumer : provider;
    const mark = { department, other, position, side: "neither", what: "forged", countersigned: false } as const;
    comparison.add({ ...mark, id: leaf });
    if (opening !== undefined) comparison.add({ ...mark, id: Buffer.from(opening, "hex") });
    return { kind: "RECORD_FORGED", provider, because, department, record: hexOf(leaf), position };
  });
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
