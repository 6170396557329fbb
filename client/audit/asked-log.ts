import { type Checkpoint, openCheckpoint } from "@wanlian/model/checkpoint.js";
import type { MspId } from "@wanlian/model/identifiers.js";
import { equalHashes, type Hash, leafHash } from "@wanlian/model/merkle.js";
import { verifyRange } from "@wanlian/model/merkle-range.js";
import type { VerifierKey } from "@wanlian/model/note.js";
import { encodeAuditEntry, type SignedAuditRequest } from "../access/index.js";
import { ExchangeError, LogError, pause } from "../core/index.js";
import type { DepartmentConnections } from "../transport/index.js";
import { decodePage, MAX_PAGE_BYTES, type Page } from "./answering/page.js";
import { MAX_CERTIFICATES, MAX_CERTIFICATES_BYTES, parseCertificates } from "./answering/shown-record.js";

/** How long an auditor waits for a node. */
export interface Patience {
  /** For one page. */
  readonly pageMs: number;
  /** Times that a page is asked for before the node counts as one that does not answer. */
  readonly attempts: number;
  /** Before the second time; twice as long before the third. */
  readonly pauseMs: number;
}

/** Entries of a page that is asked for: while they are judged they are all held, several times over. */
const ENTRIES_AT_ONCE = 1024;

const PATIENCE: Patience = { pageMs: 60_000, attempts: 3, pauseMs: 1000 };

export interface AskedParts {
  readonly node: MspId;
  /** Of the log, as the ledger has it. */
  readonly key: VerifierKey;
  readonly connections: Pick<DepartmentConnections, "json" | "bytes">;
  /** A question by the auditor's own key, for the tree of that size, or for the newest. */
  readonly ask: (size: number | undefined) => Promise<SignedAuditRequest>;
  readonly patience?: Patience;
}

/** Where an audit broke off: the tree that it goes through, and the entries that it has. */
export interface Resumed {
  /** Signed note. */
  readonly note: string;
  readonly position: number;
}

/**
 * A department's log as one auditor goes through it: all entries of one tree, which its first answer pins. Each page is
 * proven to stand in that tree where it says, so nothing can be left out, doubled, moved or taken from another log.
 */
export class AskedLog {
  readonly node: MspId;
  readonly head: Checkpoint;
  readonly note: string;
  /** Leaf hash of the question that the tree was pinned by: it has to stand in it. */
  readonly question: Hash;
  readonly #parts: AskedParts;
  #question: SignedAuditRequest;
  #position: number;
  /** On its way while the one before is judged. */
  #coming: Promise<Page> | undefined;

  private constructor(parts: AskedParts, question: SignedAuditRequest, pinned: { note: string; head: Checkpoint }) {
    this.node = parts.node;
    this.#parts = parts;
    this.#question = question;
    this.question = leafHash(encodeAuditEntry(question));
    this.#position = 0;
    this.note = pinned.note;
    this.head = pinned.head;
  }

  static async begin(parts: AskedParts, resumed: Resumed | undefined): Promise<AskedLog> {
    const head = resumed && openCheckpoint(resumed.note, parts.key);
    const question = await parts.ask(head?.size);
    const { attempts, pauseMs } = parts.patience ?? PATIENCE;
    const from = resumed?.position ?? 0;
    if (resumed !== undefined && head !== undefined && from >= head.size) {
      return AskedLog.#at(new AskedLog(parts, question, { note: resumed.note, head }), from);
    }
    const page = await persistently(attempts, pauseMs, () => fetchPage(parts, question, from));
    const pinned = { note: page.checkpoint, head: openCheckpoint(page.checkpoint, parts.key) };
    const log = new AskedLog(parts, question, resumed && head ? { note: resumed.note, head } : pinned);
    log.#prove(page, from);
    log.#coming = Promise.resolve(page);
    return AskedLog.#at(log, from);
  }

  static #at(log: AskedLog, position: number): AskedLog {
    log.#position = position;
    return log;
  }

  /** Entries that were taken. */
  get position(): number {
    return this.#position;
  }

  /** The next entries, proven; undefined at the end. @throws ExchangeError UNREACHABLE, BROKEN_OFF, BAD_ANSWER; LogError */
  async next(): Promise<Page | undefined> {
    if (this.#position >= this.head.size) return undefined;
    const page = await (this.#coming ?? this.#fetch(this.#position));
    this.#prove(page, this.#position);
    this.#position += page.entries.length;
    this.#coming = this.#position < this.head.size ? this.#fetch(this.#position) : undefined;
    // Its failure is met when it is its turn.
    this.#coming?.catch(() => undefined);
    return page;
  }

  /** One entry once more. @throws as `next` */
  async entryAt(position: number): Promise<Page["entries"][number]> {
    const page = await this.#fetch(position, 1);
    this.#prove(page, position);
    return page.entries[0] as Page["entries"][number];
  }

  /** PEM by SHA-256, of those that the node has and that are what they are called. @throws ExchangeError */
  async certificates(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    for (let at = 0; at < ids.length; at += MAX_CERTIFICATES) {
      const asked = { certificates: ids.slice(at, at + MAX_CERTIFICATES) };
      const answer = parseCertificates(
        await this.#parts.connections.json(this.node, "/audit/v1/certificates", asked, {
          most: MAX_CERTIFICATES_BYTES,
        }),
      );
      for (const [id, pem] of Object.entries(answer.certificates)) found.set(id, pem);
    }
    return found;
  }

  async #fetch(from: number, most?: number): Promise<Page> {
    const { attempts, pauseMs } = this.#parts.patience ?? PATIENCE;
    return await persistently(attempts, pauseMs, async () => {
      try {
        return await fetchPage(this.#parts, this.#question, from, most);
      } catch (error) {
        if (!isForgotten(error)) throw error;
        // The node was started anew, or has had many auditors since: it has to be asked again.
        this.#question = await this.#parts.ask(this.head.size);
        return await fetchPage(this.#parts, this.#question, from, most);
      }
    });
  }

  /** @throws LogError LOG_DAMAGED */
  #prove({ checkpoint, start, entries, proof }: Page, due: number): void {
    const shown = openCheckpoint(checkpoint, this.#parts.key);
    const { size, root } = this.head;
    if (shown.size === size && !equalHashes(shown.root, root)) {
      throw new LogError("LOG_DAMAGED", `${this.node} signed two logs of ${size} entries`, {
        details: { twoLogs: size },
      });
    }
    const leaves = entries.map(({ leaf }) => leaf);
    const claim = { start, leaves, size, root, proof: proof.map((hash) => Buffer.from(hash, "hex")) };
    if (start !== due || !verifyRange(claim)) {
      const range = `${due} to ${due + entries.length - 1}`;
      throw new LogError("LOG_DAMAGED", `what ${this.node} shows as entries ${range} is not in its log there`);
    }
  }
}

async function fetchPage(
  { node, connections, patience = PATIENCE }: AskedParts,
  question: SignedAuditRequest,
  from: number,
  most = ENTRIES_AT_ONCE,
): Promise<Page> {
  const asked = { question, from, most };
  const bounds = { most: MAX_PAGE_BYTES, withinMs: patience.pageMs };
  return decodePage(await connections.bytes(node, "/audit/v1/entries", asked, bounds));
}

/** What was lost on the way is asked for again; what was answered wrongly is not. */
async function persistently<T>(attempts: number, pauseMs: number, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const lost = error instanceof ExchangeError && (error.code === "UNREACHABLE" || error.code === "BROKEN_OFF");
      if (!lost || attempt >= attempts) throw error;
      await pause(pauseMs * attempt, new AbortController().signal);
    }
  }
}

function isForgotten(error: unknown): boolean {
  return error instanceof ExchangeError && error.details.code === "NOT_PERMITTED";
}
