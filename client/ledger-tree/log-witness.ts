import { readFile, rename, writeFile } from "node:fs/promises";
import { type Checkpoint, openCheckpoint, type TreeHead } from "@wanlian/model/checkpoint.js";
import { LedgerError } from "@wanlian/model/errors.js";
import { Instant, MspId } from "@wanlian/model/identifiers.js";
import { closed, count, MAX_COUNT } from "@wanlian/model/kernel/schema.js";
import { equalHashes, verifyConsistency } from "@wanlian/model/merkle.js";
import { formatNote, parseNote, parseVerifierKey, type VerifierKey } from "@wanlian/model/note.js";
import { type Static, Type } from "typebox";
import { Check } from "typebox/schema";
import { LogError, NodeError } from "../core/index.js";
import { TreeReader } from "../log/index.js";

/** A log by the keys that have signed it, the last first, and as it was last anchored. */
export interface SignedLog {
  readonly keys: readonly string[];
  readonly head: TreeHead;
}

/** A department's log as the ledger has it. */
export interface AnchoredLog extends SignedLog {
  readonly department: MspId;
  /** Those that it ended before this one: what was signed of them still has to be one log each. */
  readonly former: readonly SignedLog[];
}

/** Two things of one log that cannot both be: its signature stands under them. */
export type LogDifference =
  | { readonly kind: "TWO_LOGS"; readonly department: MspId; readonly notes: readonly [string, string] }
  | { readonly kind: "LOG_REWRITTEN"; readonly department: MspId; readonly note: string; readonly anchored: number };

export interface LogWitnessParts {
  readonly department: MspId;
  /** Logs that the ledger has, the own one too. */
  readonly logs: () => Promise<readonly AnchoredLog[]>;
  /** A file of a department's log, of at most so many bytes: `checkpoint`, hash tiles, and what its node has seen. */
  readonly get: (department: MspId, path: string) => Promise<Uint8Array | undefined>;
  /** Where it is kept over a restart. */
  readonly file: string;
  readonly report: (difference: LogDifference) => void;
  /** What another node says that consumers owe it; nothing where it does not answer. */
  readonly told?: (provider: MspId, awaited: readonly AwaitedBy[]) => void;
}

const Note = Type.String({ minLength: 1, maxLength: 2048 });
const MAX_LOGS = 1000;
const Differences = Type.Union([
  closed({ kind: Type.Literal("TWO_LOGS"), department: MspId, notes: Type.Tuple([Note, Note]) }),
  closed({
    kind: Type.Literal("LOG_REWRITTEN"),
    department: MspId,
    note: Note,
    anchored: count(),
  }),
]);

/** What a provider says that a consumer has not countersigned: the provider's word. */
const Awaited = closed({ consumer: MspId, records: Type.Integer({ minimum: 1, maximum: MAX_COUNT }), oldest: Instant });
export type AwaitedBy = Static<typeof Awaited>;

/** What a node tells others: the last checkpoint that it saw of each log, and those that cannot both be. */
export const SeenLogs = closed({
  seen: Type.Record(MspId, Note, { maxProperties: MAX_LOGS, additionalProperties: false }),
  differences: Type.Array(Differences, { maxItems: MAX_LOGS }),
  awaited: Type.Optional(Type.Array(Awaited, { maxItems: MAX_LOGS })),
  /** The last checkpoint of each log that has ended. */
  ended: Type.Optional(Type.Array(closed({ department: MspId, note: Note }), { maxItems: MAX_LOGS })),
});
export type SeenLogs = Static<typeof SeenLogs>;

/** Where nodes ask each other for it, below `/log/v1/`. */
export const SEEN_PATH = "seen";

/**
 * Keeps what departments show of their logs, compares it with what they anchor and with what other nodes were shown, and
 * hands it on: whoever shows one log here and another there is found out at every honest node, by its own signatures.
 */
export class LogWitness {
  readonly #parts: LogWitnessParts;
  #seen = new Map<MspId, string>();
  /** By the log's name: of those that have ended. */
  #ended = new Map<string, { readonly department: MspId; readonly note: string }>();
  #differences = new Map<MspId, LogDifference>();
  #looking: Promise<void> = Promise.resolve();
  #turn = 0;

  private constructor(parts: LogWitnessParts) {
    this.#parts = parts;
  }

  static async open(parts: LogWitnessParts): Promise<LogWitness> {
    const witness = new LogWitness(parts);
    const kept = await readKept(parts.file);
    witness.#seen = new Map(Object.entries(kept.seen)) as Map<MspId, string>;
    for (const one of (kept.ended ?? []) as { department: MspId; note: string }[])
      witness.#ended.set(nameIn(one.note), one);
    for (const difference of kept.differences as LogDifference[]) witness.#found(difference);
    return witness;
  }

  get seen(): SeenLogs {
    const differences = [...this.#differences.values()].map((one) => structuredClone(one)) as SeenLogs["differences"];
    const ended = [...this.#ended.values()];
    return { seen: Object.fromEntries(this.#seen), differences, ...(ended.length === 0 ? {} : { ended }) };
  }

  /** Asks every department for its checkpoint and for what it has seen, once; who does not answer is asked again later. */
  async look(): Promise<void> {
    const next = this.#looking.then(() => this.#lookAtAll());
    this.#looking = next.catch(() => undefined);
    await next;
  }

  /** A checkpoint that a department showed here, or to somebody else. Whatever is not signed by its log says nothing. */
  async saw(log: AnchoredLog, given: string): Promise<void> {
    if (this.#differences.has(log.department)) return;
    const kept = this.#seen.get(log.department);
    if (kept !== undefined && opened(kept, log) === undefined) {
      // It has begun another log since.
      this.#seen.delete(log.department);
      this.#sawEnded(log, kept);
    }
    const shown = opened(given, log);
    if (shown === undefined) return this.#sawEnded(log, given);
    const { note } = shown;
    const anchored = await this.#extends(log.department, log.head, shown);
    if (anchored === "no") {
      this.#found({ kind: "LOG_REWRITTEN", department: log.department, note, anchored: log.head.size });
      return;
    }
    const known = this.#seen.get(log.department);
    const before = known === undefined ? undefined : opened(known, log);
    const follows = before === undefined ? "yes" : await this.#extends(log.department, before, shown);
    if (follows === "no" && known !== undefined) {
      this.#found({ kind: "TWO_LOGS", department: log.department, notes: [known, note] });
    } else if (follows === "yes" && anchored === "yes" && shown.size >= (before?.size ?? 0)) {
      this.#seen.set(log.department, note);
    }
  }

  /**
   * Of a log that has ended nobody has tiles any more: what can be told by the signatures alone is two roots of one size.
   */
  #sawEnded({ department, former }: AnchoredLog, given: string): void {
    for (const log of former) {
      const shown = opened(given, log);
      if (shown === undefined) continue;
      const { note } = shown;
      const name = nameIn(note);
      const known = this.#ended.get(name)?.note;
      const before = known === undefined ? undefined : opened(known, log);
      if (contradict(log.head, shown)) {
        this.#found({ kind: "LOG_REWRITTEN", department, note, anchored: log.head.size });
      } else if (known !== undefined && before !== undefined && contradict(before, shown)) {
        this.#found({ kind: "TWO_LOGS", department, notes: [known, note] });
      } else if (before === undefined || shown.size > before.size) {
        this.#keepEnded(name, { department, note });
      }
      return;
    }
  }

  /** Of more than can be told, the last. */
  #keepEnded(name: string, ended: { readonly department: MspId; readonly note: string }): void {
    this.#ended.delete(name);
    const [oldest] = this.#ended.keys();
    if (this.#ended.size >= MAX_LOGS && oldest !== undefined) this.#ended.delete(oldest);
    this.#ended.set(name, ended);
  }

  async #lookAtAll(): Promise<void> {
    const { department: own, logs, get } = this.#parts;
    const all = new Map((await logs()).map((log) => [log.department, log]));
    for (const log of all.values()) {
      if (log.department === own) continue;
      const note = await unlessAway(async () => await get(log.department, "checkpoint"));
      if (note !== undefined) await this.saw(log, Buffer.from(note).toString("utf8"));
      const told = parseSeenLogs(await unlessAway(async () => await get(log.department, SEEN_PATH)));
      this.#parts.told?.(log.department, told.awaited ?? []);
      for (const [department, shown] of this.#worthALook(told)) {
        const about = all.get(department);
        if (about !== undefined && department !== log.department) await this.saw(about, shown);
      }
    }
    this.#turn += 1;
    await this.#keep();
  }

  /**
   * Of what another node tells: whatever it calls a difference, to be judged here; of the checkpoints that it has seen
   * those of a size that was seen here too, which costs nothing, and one other in turn, which costs some tiles.
   */
  #worthALook({ seen, differences, ended = [] }: SeenLogs): [MspId, string][] {
    const called = differences.flatMap((one) =>
      one.kind === "TWO_LOGS" ? one.notes.map((note) => [one.department, note]) : [[one.department, one.note]],
    );
    const notes = Object.entries(seen);
    const free = notes.filter(([department, note]) => sizeIn(note) === sizeIn(this.#seen.get(department as MspId)));
    const inTurn = notes.length === 0 ? [] : [notes[this.#turn % notes.length]];
    const over = ended.map(({ department, note }) => [department, note]);
    return [...called, ...free, ...over, ...inTurn] as [MspId, string][];
  }

  /** Whether the larger of two trees extends the smaller, by the department's own tiles; "open" where it does not answer. */
  async #extends(department: MspId, a: TreeHead, b: TreeHead): Promise<"yes" | "no" | "open"> {
    const [small, large] = a.size <= b.size ? [a, b] : [b, a];
    if (small.size === large.size) return equalHashes(small.root, large.root) ? "yes" : "no";
    if (small.size === 0) return "yes";
    const reader = new TreeReader((path) => this.#parts.get(department, path), large);
    try {
      const proof = await reader.consistency(small.size);
      const claim = { oldSize: small.size, oldRoot: small.root, size: large.size, root: large.root, proof };
      return verifyConsistency(claim) ? "yes" : "no";
    } catch (error) {
      // Tiles that do not bear out what was signed are no way out.
      if (error instanceof LogError) return "no";
      if (error instanceof NodeError || error instanceof LedgerError) return "open";
      throw error;
    }
  }

  #found(difference: LogDifference): void {
    if (this.#differences.has(difference.department)) return;
    this.#differences.set(difference.department, difference);
    this.#parts.report(difference);
  }

  async #keep(): Promise<void> {
    const { file } = this.#parts;
    await writeFile(`${file}.new`, JSON.stringify(this.seen), { mode: 0o600, flush: true });
    await rename(`${file}.new`, file);
  }
}

/** The second line of a checkpoint; what is none has no size. */
function sizeIn(note: string | undefined): string | undefined {
  return note?.split("\n", 2)[1];
}

/** What a node tells of what it has seen; nothing where it is not in that form. */
export function parseSeenLogs(told: Uint8Array | undefined): SeenLogs {
  const value = told === undefined ? undefined : parsed(Buffer.from(told).toString("utf8"));
  return Check(SeenLogs, value) ? (value as SeenLogs) : { seen: {}, differences: [] };
}

/** The first line of a checkpoint: the log's own name. */
const nameIn = (note: string): string => note.split("\n", 1)[0] ?? "";

const contradict = (one: TreeHead, other: TreeHead): boolean =>
  one.size === other.size && !equalHashes(one.root, other.root);

/** A checkpoint, and the note of it under the log's own signature alone. */
interface Shown extends Checkpoint {
  readonly note: string;
}

/**
 * A checkpoint that one of the log's keys signed. Whatever else is signed under it is left out of what is kept and told:
 * with it a note can be longer than those who are told take.
 */
function opened(given: string, { keys }: SignedLog): Shown | undefined {
  for (const key of keys.map(parseVerifierKey)) {
    const shown = openedBy(given, key);
    if (shown === undefined) continue;
    const { text, signatures } = parseNote(given);
    const own = signatures.filter(({ name, id }) => name === key.name && id === key.id);
    return { ...shown, note: formatNote({ text, signatures: own.slice(0, 1) }) };
  }
  return undefined;
}

function openedBy(note: string, key: VerifierKey): Checkpoint | undefined {
  try {
    return openCheckpoint(note, key);
  } catch (error) {
    if (error instanceof LedgerError) return undefined;
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function readKept(file: string): Promise<SeenLogs> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return parseSeenLogs(text === undefined ? undefined : Buffer.from(text));
}

async function unlessAway<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof NodeError || error instanceof LedgerError) return undefined;
    throw error;
  }
}
