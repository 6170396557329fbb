import { generateKeyPairSync } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AccessIndex, RecordLog } from "@wanlian/client/access";
import {
  CallBook,
  CallConfirming,
  CallIntake,
  CallNotes,
  CallReader,
  CallWords,
  FollowedFiles,
  LedgerThen,
  listCalls,
  listLacking,
} from "@wanlian/client/calls";
import { AccessLog, localDisk } from "@wanlian/client/log";
import { openDatabase } from "@wanlian/client/projection";
import type { LedgerPosition, LedgerReader } from "@wanlian/client/read";
import type { MspId } from "@wanlian/model/identifiers.js";
import { noteSigner } from "@wanlian/model/note.js";
import { pino } from "pino";
import { BLOCK, grantedTo, grantOf, RELEASE, StillLedger, TIME } from "../audit/still-ledger.js";

const PROVIDER = "CivilMSP" as MspId;
const CONSUMER = "PoliceMSP" as MspId;
const DATASET = `${PROVIDER}/divisions`;
const PLATFORM = "市共享交换平台";
/** What the platform does wrong with one in so many, each kind by itself. */
const FAULT_EVERY = 1000;
const LATE = "2026-02-20T01:00:00Z";
const LATE_SECONDS = 86_400;
/** Before the grant of the benchmark's ledger. */
const UNGRANTED = "2025-12-31T01:00:00Z";

/** What the platform does wrong with a call, as one of the two departments is told of it. */
export const CALL_FAULTS = ["lost", "doubled", "altered", "late", "ungranted"] as const;
export type CallFaultKind = (typeof CALL_FAULTS)[number];

/** How many of each kind were planted, and how many stood out. */
export type FaultCount = Readonly<Record<CallFaultKind, number>>;

export interface StandInReport {
  readonly calls: number;
  readonly planted: FaultCount;
  readonly found: FaultCount;
  /** Records taken a second, both nodes in one process. */
  readonly takenPerSecond: number;
  /** Calls told and answered a second. */
  readonly confirmedPerSecond: number;
  /** MB held by the process at its end. */
  readonly megabytes: number;
}

/**
 * Plays a platform that tells two departments of their calls, and does some of it wrong on the provider's side. Both nodes
 * follow its files, then tell each other.
 * @param calls at least a thousand, so that each fault comes up
 */
export async function playPlatform(calls: number): Promise<StandInReport> {
  const dir = await mkdtemp(join(tmpdir(), "wanlian-platform-"));
  try {
    return await play(dir, calls);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function play(dir: string, calls: number): Promise<StandInReport> {
  const doors = new Map<string, CallConfirming>();
  const provider = await openNode(join(dir, "provider"), PROVIDER, CONSUMER, doors);
  const consumer = await openNode(join(dir, "consumer"), CONSUMER, PROVIDER, doors);
  await writeLines(join(provider.folder, "calls.jsonl"), linesOf(calls, "provider"));
  await writeLines(join(consumer.folder, "calls.jsonl"), linesOf(calls, "consumer"));
  const { signal } = new AbortController();
  const began = performance.now();
  for (const { files } of [provider, consumer]) await files.look(signal);
  const taken = performance.now();
  for (const { log, index } of [provider, consumer]) {
    await log.publish();
    await index.catchUp();
  }
  const indexed = performance.now();
  for (const { confirming } of [provider, consumer]) await confirming.look();
  const confirmed = performance.now();
  const found = await whatStandsOut(provider);
  const records = provider.log.size + consumer.log.size;
  for (const node of [provider, consumer]) await node.close();
  return {
    ...{ calls, planted: plantedIn(calls), found },
    takenPerSecond: Math.round((records / (taken - began)) * 1000),
    confirmedPerSecond: Math.round((records / (confirmed - indexed)) * 1000),
    megabytes: Math.round(process.memoryUsage().rss / 1e6),
  };
}

/** Spread evenly, so that no fault hides another. */
function faultOf(number: number): CallFaultKind | undefined {
  return CALL_FAULTS[number % FAULT_EVERY];
}

function plantedIn(calls: number): FaultCount {
  const planted = { lost: 0, doubled: 0, altered: 0, late: 0, ungranted: 0 };
  for (let number = 0; number < calls; number += 1) {
    const fault = faultOf(number);
    if (fault !== undefined) planted[fault] += 1;
  }
  return planted;
}

/** The consumer is told of everything as it was. */
function* linesOf(calls: number, side: "provider" | "consumer"): Generator<string> {
  for (let number = 0; number < calls; number += 1) {
    const fault = faultOf(number);
    const time = fault === "late" ? LATE : fault === "ungranted" ? UNGRANTED : TIME;
    const call = { call: `n-${number}`, time, provider: PROVIDER, consumer: CONSUMER, dataset: DATASET, rows: 1 };
    const line = `${JSON.stringify({ ...call, grant: grantOf(DATASET), release: RELEASE })}\n`;
    if (side === "consumer" || fault === undefined || fault === "late" || fault === "ungranted") yield line;
    else if (fault === "doubled") yield line + line;
    else if (fault === "altered") yield line.replace('"rows":1', '"rows":2');
  }
}

async function writeLines(path: string, lines: Iterable<string>): Promise<void> {
  await pipeline(Readable.from(lines), createWriteStream(path));
}

/** What the provider's node shows of it: in its notes, its list, and what the other side says. */
async function whatStandsOut({ db, records }: PlayedNode): Promise<FaultCount> {
  const noted = async (code: string) => {
    const query = db.selectFrom("local.call_notes").where("code", "=", code);
    const row = await query.select(({ fn }) => fn.countAll<number>().as("notes")).executeTakeFirstOrThrow();
    return Number(row.notes);
  };
  const parts = { db, department: PROVIDER, reader: () => records.reader() };
  const most = { limit: Number.MAX_SAFE_INTEGER };
  const [differing, without, lacking] = await Promise.all([
    listCalls(parts, {}, "differs", most),
    listCalls(parts, {}, "withoutGrant", most),
    listLacking(db, Number.MAX_SAFE_INTEGER, undefined),
  ]);
  return {
    ...{ lost: lacking.length, doubled: await noted("DOUBLED"), altered: differing.length },
    // What was never granted is old, too.
    ...{ late: (await noted("LATE")) - without.length, ungranted: without.length },
  };
}

type PlayedNode = Awaited<ReturnType<typeof openNode>>;

/** As much of a node as takes calls: its log, index and tables, on a ledger that stands still. */
async function openNode(dir: string, department: MspId, other: MspId, doors: Map<string, CallConfirming>) {
  const folder = join(dir, "platform");
  await mkdir(folder, { recursive: true });
  const db = await openDatabase({ directory: dir, url: undefined });
  const block = { hash: BLOCK, previous_hash: "", data_hash: "", codes: "", commit_hash: "", verdicts: "" };
  for (const [number, time] of [UNGRANTED, TIME].entries()) {
    await db
      .insertInto("blocks")
      .values({ ...block, number, time })
      .execute();
  }
  const log = await AccessLog.open(
    join(dir, "log"),
    noteSigner(`bench/${department}`, generateKeyPairSync("ed25519").privateKey),
  );
  const disk = localDisk(join(dir, "log"));
  const records = new RecordLog(log, (path) => disk.read(path));
  const index = new AccessIndex(db, records);
  const catchUp = async () => {
    await log.publish();
    await index.catchUp();
  };
  const book = new CallBook(index, catchUp);
  const ledger = new LedgerOfCalls(department, []);
  const then = new LedgerThen(db, ledger);
  const notes = new CallNotes(db);
  const intake = new CallIntake({
    ...{ department, channel: "bench", log, book, then, notes, lateSeconds: LATE_SECONDS },
    countServed: async () => 0,
  });
  const confirming = new CallConfirming({
    ...{ department, db, book, words: new CallWords(db), reader: () => records.reader(), time: () => TIME },
    connections: {
      departments: [other],
      // As over the wire: what is told is JSON.
      json: async (to, _path, told) => ({
        words: await (doors.get(to) as CallConfirming).hear(department, JSON.parse(JSON.stringify(told))),
      }),
    },
    logger: pino({ level: "silent" }),
  });
  doors.set(department, confirming);
  const reader = new CallReader(PLATFORM, {});
  const files = new FollowedFiles({
    ...{ db, folder, encoding: "utf-8", reader, intake, then, notes, now: () => new Date() },
  });
  const close = async () => {
    await log.close();
    await db.destroy();
  };
  return { folder, db, log, records, index, files, confirming, close };
}

/** On which the grant of the benchmark is given to whoever asks. */
class LedgerOfCalls extends StillLedger implements LedgerReader {
  override position(): LedgerPosition {
    return { ...super.position(), height: 2 };
  }

  async stateAt(): Promise<undefined> {
    return undefined;
  }

  async rulesAt(): Promise<undefined> {
    return undefined;
  }

  async ruleAt() {
    return { reading: this.reading(), cases: grantedTo(PROVIDER, CONSUMER, DATASET), time: TIME } as never;
  }

  async anchors(): Promise<readonly never[]> {
    return [];
  }
}
