import type { Digest } from "@wanlian/model/identifiers.js";
import type { MandateRead } from "@wanlian/model/reading.js";
import {
  filterTakes,
  type PlatformCall,
  type RefusedFiling,
  readEntry,
  readRecord,
  type SignedRecord,
} from "../access/index.js";
import { Recent } from "../core/index.js";
import type { ShownEntry } from "./answering/page.js";
import type { AskedLog } from "./asked-log.js";
import type { AuditQuestion } from "./audit-folder.js";
import type { Mandated } from "./auditor.js";
import { coversAccess } from "./coverage.js";
import type { GivenRecord, JudgedRecord, RecordJudge } from "./record-judge.js";
import type { ShownCertificates } from "./shown-certificates.js";

/** A record with what it is by itself, and what mandate and question say of it. */
interface Judged {
  readonly record: JudgedRecord;
  /** By the mandate. */
  readonly covered: boolean;
  /** By the question's filter. */
  readonly wanted: boolean;
}

interface Unjudged {
  readonly $case: "leftOut" | "unreadable" | "question";
}

/** Nobody but the department states it, so there is nothing to judge it by. */
interface Stated {
  readonly $case: "filing";
  readonly filing: RefusedFiling;
}

/** Judged where it stands. */
interface Told {
  readonly $case: "call";
  readonly call: PlatformCall;
}

type ReadOne = Unjudged | Stated | Told | Known | (GivenRecord & { readonly $case: "new"; readonly key: string });

interface Known extends Judging {
  readonly $case: "known";
  readonly entry: Uint8Array;
}

/** With the record itself where it is to be told. */
export type JudgedOne =
  | Unjudged
  | Stated
  | Told
  | { readonly $case: "record"; readonly judged: Judged; readonly told?: SignedRecord };

/** A page's entries, in order, with what each is. */
export interface JudgedPage {
  readonly start: number;
  readonly entries: readonly ShownEntry[];
  readonly judged: readonly JudgedOne[];
}

/** Records remembered: both logs are gone through side by side, so the second copy comes soon after the first. */
const MOST_RECENT = 10_000;

/** A record among those that are judged together. */
interface Judging {
  readonly judging: Promise<readonly Judged[]>;
  readonly at: number;
}

/** Records that are judged or were lately, by leaf hash: the same bytes need no second look. */
export class JudgedRecords {
  readonly #records = new Recent<string, Judging>(MOST_RECENT);

  find(key: string): Judging | undefined {
    return this.#records.get(key);
  }

  keep(key: string, judging: Promise<readonly Judged[]>, at: number): void {
    this.#records.set(key, { judging, at });
  }
}

/** What pages are judged by. */
export interface JudgingParts {
  readonly mandated: Mandated;
  readonly mandate: MandateRead;
  readonly show: AuditQuestion["show"];
  readonly certificates: ShownCertificates;
  readonly judge: RecordJudge;
  readonly judged: JudgedRecords;
}

/** Reads a log's pages and judges what stands in them, each by itself: what it is in this log is for who goes through it. */
export class PageJudge {
  constructor(private readonly parts: JudgingParts) {}

  /** The log's next page; undefined where there is none. */
  async next(log: AskedLog): Promise<JudgedPage | undefined> {
    const start = log.position;
    const page = await log.next();
    if (page === undefined) return undefined;
    const read = page.entries.map((shown) => this.#read(shown));
    const named = read.flatMap((one) => (one.$case === "new" ? certificatesOf(one.signed) : []));
    await this.parts.certificates.fetch(log, named);
    const judged = await this.#judgeAll(log, read);
    return { start, entries: page.entries, judged };
  }

  async #judgeAll(log: AskedLog, read: readonly ReadOne[]): Promise<JudgedOne[]> {
    const fresh = read.filter((one) => one.$case === "new");
    const judging = this.#judge(fresh);
    for (const [at, { key }] of fresh.entries()) this.parts.judged.keep(key, judging, at);
    const judged = await judging;
    let next = 0;
    const all: JudgedOne[] = [];
    for (const one of read) {
      if (one.$case === "new") all.push(this.#told(one.signed, judged[next++] as Judged));
      else if (one.$case === "known") all.push({ $case: "record", judged: await this.#known(log, one) });
      else all.push(one);
    }
    return all;
  }

  #told(signed: SignedRecord, judged: Judged): JudgedOne {
    const isTold = this.parts.show === "records" && judged.wanted;
    return isTold ? { $case: "record", judged, told: signed } : { $case: "record", judged };
  }

  #read(shown: ShownEntry): ReadOne {
    const { leaf, entry } = shown;
    if (entry === undefined) return { $case: "leftOut" };
    const key = keyOf(leaf);
    const judging = this.parts.judged.find(key);
    if (judging !== undefined) return { $case: "known", entry, ...judging };
    const read = readEntry(entry);
    if (read === undefined) return { $case: "unreadable" };
    if (read.kind === "question") return { $case: "question" };
    if (read.kind === "filing") return { $case: "filing", filing: read.filing };
    if (read.kind === "call") return { $case: "call", call: read.call };
    return { $case: "new", key, entry, signed: read.signed };
  }

  async #judge(given: readonly GivenRecord[]): Promise<readonly Judged[]> {
    const { judge, mandate, mandated } = this.parts;
    const judged = await judge.judge(given);
    return judged.map((record, at) => {
      const { request, checked } = (given[at] as GivenRecord).signed.record;
      const covered = coversAccess(mandate, request);
      return { record, covered, wanted: filterTakes(mandated.filter, request, checked.time) };
    });
  }

  /** Judged anew where the node that showed it first lacked a certificate. */
  async #known(log: AskedLog, { entry, judging, at }: Known): Promise<Judged> {
    const judged = (await judging)[at] as Judged;
    if (judged.record.settled) return judged;
    const signed = readRecord(entry) as SignedRecord;
    await this.parts.certificates.fetch(log, certificatesOf(signed));
    const [anew] = await this.#judge([{ entry, signed }]);
    return anew as Judged;
  }
}

/** A record's leaf hash as a key: of the same bytes it is the same. */
export function keyOf(leaf: Uint8Array): string {
  return Buffer.from(leaf.buffer, leaf.byteOffset, leaf.length).toString("latin1");
}

function certificatesOf({ record }: SignedRecord): Digest[] {
  return [record.certificate, record.request.certificate];
}
