import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { EMPTY_TREE, openCheckpoint, signCheckpoint, type TreeHead } from "@wanlian/model/checkpoint.js";
import { equalHashes, type Hash, leafHash } from "@wanlian/model/merkle.js";
import type { NoteSigner } from "@wanlian/model/note.js";
import { messageOf } from "@wanlian/protocol/errors.js";
import { takeProcessLock } from "@wanlian/protocol/process-lock.js";
import { LogError } from "../core/index.js";
import { type Disk, localDisk, OWN_FOLDER } from "./disk.js";
import { checkEntry } from "./entry-bundle.js";
import { damaged } from "./errors.js";
import { Journal, type JournalRecord } from "./journal.js";
import { TreeTail } from "./tail.js";
import { CHECKPOINT_PATH } from "./tiles.js";

/** Where a durable record stands. */
export interface Place {
  readonly index: number;
  readonly leaf: Hash;
}

export interface LogOptions {
  /** How long a durable record may wait for a checkpoint. Default 1 s. */
  readonly publishAfterMs?: number;
}

const PUBLISH_AFTER_MS = 1000;
/** Records that wait for tiles: published at once beyond this, whatever the time. Bounds memory. */
const PUBLISH_AT_RECORDS = 8192;
/** Beyond this, appending waits for the tiles: the disk is slower than what comes in. */
const MOST_UNPUBLISHED = 4 * PUBLISH_AT_RECORDS;
/** Bytes that may wait for a flush; whoever appends more is told to come back. */
const MOST_WAITING_BYTES = 64 * 1024 * 1024;
/** Records in one group: bounds what one flush can take. */
const GROUP_RECORDS = 4096;

/** Writes down what belongs beside a record, at its place. */
export type Placed = (index: number) => void;

/** A log has one writer. @throws LogError LOG_IN_USE */
function lockLog(dir: string): () => void {
  const attempt = takeProcessLock(join(dir, "lock"));
  if (attempt.kind === "taken") return attempt.release;
  throw new LogError("LOG_IN_USE", `process ${attempt.pid} appends to this log; a log has one writer`);
}

interface Waiting {
  readonly entry: Uint8Array;
  readonly placed: Placed | undefined;
  readonly resolve: (place: Place) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A department's append-only transparency log: RFC 6962 tree, C2SP tlog-tiles on disk.
 *
 * A record is acknowledged once the journal is flushed; records that arrive meanwhile form the next group. Soon after,
 * they go into bundles and tiles, and a checkpoint that covers them is written last, by renaming. So whatever a reader
 * finds under a checkpoint is there, and a checkpoint that was shown is never taken back: after a crash, the journal
 * holds every record that it covered and every one that was acknowledged since.
 */
export class AccessLog {
  readonly #disk: Disk;
  readonly #journal: Journal;
  readonly #unlock: () => void;
  readonly #signer: NoteSigner;
  readonly #publishAfterMs: number;
  readonly #tail: TreeTail;
  #published: TreeHead;
  #size: number;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  /** Durable, not yet in tiles. */
  #unpublished: Uint8Array[];
  #flushing: Promise<void> | undefined;
  #publishing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #failure: LogError | undefined;

  private constructor(parts: {
    disk: Disk;
    journal: Journal;
    unlock: () => void;
    signer: NoteSigner;
    tail: TreeTail;
    published: TreeHead;
    unpublished: Uint8Array[];
    publishAfterMs: number;
  }) {
    this.#disk = parts.disk;
    this.#journal = parts.journal;
    this.#unlock = parts.unlock;
    this.#signer = parts.signer;
    this.#tail = parts.tail;
    this.#published = parts.published;
    this.#unpublished = parts.unpublished;
    this.#size = parts.published.size + parts.unpublished.length;
    this.#publishAfterMs = parts.publishAfterMs;
  }

  /**
   * Opens the log in `dir`, or begins it. What a crash left unfinished is finished first.
   * @param signer its name is the log's origin
   * @throws LogError LOG_IN_USE, LOG_DAMAGED; LedgerError BAD_SIGNATURE if the checkpoint is of another key
   */
  static async open(dir: string, signer: NoteSigner, options: LogOptions = {}): Promise<AccessLog> {
    await mkdir(dir, { recursive: true, mode: OWN_FOLDER });
    const unlock = lockLog(dir);
    try {
      const disk = localDisk(dir);
      const journal = new Journal(join(dir, "journal"));
      const records = await journal.recover();
      const { tail, published } = await openTree(disk, signer, records);
      const unpublished = recordsFrom(records, published.size);
      const publishAfterMs = options.publishAfterMs ?? PUBLISH_AFTER_MS;
      const log = new AccessLog({ disk, journal, unlock, signer, tail, published, unpublished, publishAfterMs });
      await log.publish();
      return log;
    } catch (error) {
      unlock();
      throw error;
    }
  }

  get origin(): string {
    return this.#signer.key.name;
  }

  /** Durable records. */
  get size(): number {
    return this.#size;
  }

  /** The tree of the last checkpoint written. */
  get published(): TreeHead {
    return this.#published;
  }

  /**
   * Resolves once the record is durable; its place is final then.
   * @param placed is done before the record is in the log: so there is no record without what it writes. After a crash
   * the place that it was told may come to be another record's.
   * @throws LogError RECORD_TOO_LARGE, LOG_BUSY, LOG_CLOSED; LOG_WRITE_FAILED: whether the record is in the log is then open
   */
  append(entry: Uint8Array, placed?: Placed): Promise<Place> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#waitingBytes > MOST_WAITING_BYTES) {
        throw new LogError("LOG_BUSY", `more than ${MOST_WAITING_BYTES} bytes wait for the disk of log ${this.origin}`);
      }
      this.#waiting.push({ entry: checkEntry(entry), placed, resolve, reject });
      this.#waitingBytes += entry.length;
      this.#flushing ??= this.#flush();
    });
  }

  /** Writes a checkpoint that covers every record that is durable by now. */
  publish(): Promise<TreeHead> {
    const published = this.#publishing.then(() => this.#publish());
    this.#publishing = published.then(
      () => undefined,
      () => undefined,
    );
    return published;
  }

  /** Ends after everything asked for is durable and published. */
  async close(): Promise<void> {
    await this.#flushing;
    const failure = this.#failure;
    if (failure === undefined) await this.publish();
    this.#failure ??= new LogError("LOG_CLOSED", `log ${this.origin} is closed`);
    clearTimeout(this.#timer);
    await this.#journal.close();
    this.#unlock();
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0 && this.#failure === undefined) {
      const group = this.#waiting.splice(0, GROUP_RECORDS);
      const entries = group.map(({ entry }) => entry);
      this.#waitingBytes -= entries.reduce((sum, { length }) => sum + length, 0);
      const first = this.#size;
      try {
        for (const [at, { placed }] of group.entries()) placed?.(first + at);
        await this.#journal.append(first, entries);
      } catch (cause) {
        this.#fail(cause);
        for (const { reject } of group) reject(this.#failure);
        break;
      }
      this.#size += group.length;
      for (const entry of entries) this.#unpublished.push(entry);
      for (const [at, { entry, resolve }] of group.entries()) resolve({ index: first + at, leaf: leafHash(entry) });
      this.#schedule();
      if (this.#unpublished.length > MOST_UNPUBLISHED) await this.#publishing;
    }
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
    this.#flushing = undefined;
  }

  /** What fails here is kept (see {@link #fail}) and meets whoever appends or publishes next. */
  #schedule(): void {
    if (this.#unpublished.length >= PUBLISH_AT_RECORDS) void this.publish().catch(() => undefined);
    this.#timer ??= setTimeout(() => void this.publish().catch(() => undefined), this.#publishAfterMs);
  }

  async #publish(): Promise<TreeHead> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#failure !== undefined) throw this.#failure;
    const entries = this.#unpublished;
    if (entries.length === 0) return this.#published;
    this.#unpublished = [];
    try {
      const full = this.#tail.grow(entries);
      const head = { size: this.#tail.size, root: this.#tail.root() };
      await this.#disk.writeAll([...full, ...this.#tail.edge()]);
      await this.#disk.writeAll([{ path: CHECKPOINT_PATH, bytes: Buffer.from(signCheckpoint(head, this.#signer)) }]);
      this.#published = head;
      await this.#disk.remove(full.map(({ path }) => `${path}.p`));
      await this.#journal.forget(head.size);
      return head;
    } catch (cause) {
      throw this.#fail(cause);
    }
  }

  /** A disk that refused once cannot be trusted to have kept what it took: the log must be opened anew. */
  #fail(cause: unknown): LogError {
    this.#failure ??= new LogError("LOG_WRITE_FAILED", `log ${this.origin} cannot be written: ${messageOf(cause)}`, {
      cause,
    });
    return this.#failure;
  }
}

async function openTree(
  disk: Disk,
  signer: NoteSigner,
  records: readonly JournalRecord[],
): Promise<{ tail: TreeTail; published: TreeHead }> {
  const note = await disk.read(CHECKPOINT_PATH);
  if (note === undefined) {
    // The empty tree's checkpoint is the first file ever written, so nothing else can be there.
    if (records.length > 0 || (await disk.has("tile"))) {
      throw damaged(CHECKPOINT_PATH, "missing, yet there are records");
    }
    await disk.writeAll([{ path: CHECKPOINT_PATH, bytes: Buffer.from(signCheckpoint(EMPTY_TREE, signer)) }]);
    return { tail: TreeTail.empty(), published: EMPTY_TREE };
  }
  const { size, root } = openCheckpoint(Buffer.from(note).toString("utf8"), signer.key);
  const tail = await TreeTail.load(disk, size);
  if (!equalHashes(tail.root(), root)) {
    throw damaged(
      "tile",
      `the tiles at the right edge do not give the checkpoint's root at size ${size}; run wanlian fsck`,
    );
  }
  return { tail, published: { size, root } };
}

/** @throws LogError LOG_DAMAGED if a record between is missing */
function recordsFrom(records: readonly JournalRecord[], size: number): Uint8Array[] {
  const rest = records.filter(({ index }) => index >= size);
  const [first] = rest;
  if (first !== undefined && first.index !== size) {
    throw damaged("journal", `record ${size} is due after the checkpoint; the first one there is ${first.index}`);
  }
  return rest.map(({ entry }) => entry);
}
