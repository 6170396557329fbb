import { LedgerError } from "@wanlian/model/errors.js";
import type { BasisEntry } from "@wanlian/model/kernel/act.js";
import { basisEntry } from "@wanlian/model/kernel/heads.js";
import { caseName } from "@wanlian/model/kernel/key.js";
import { messageOf, ProtocolError } from "@wanlian/protocol/errors.js";
import type { Kysely } from "kysely";
import type { Logger } from "pino";
import { pause } from "../core/index.js";
import { type FoldedBlock, type HeadCache, VoidFile } from "../fold/index.js";
import { blockFeed, type LedgerConnector } from "../ledger/index.js";
import type { NodeDatabase, Projection } from "../projection/index.js";
import type { Fate, LedgerView } from "../submission/index.js";
import type { Conditions } from "./conditions.js";
import { readFate } from "./fate.js";

/** Before a block is tried again that the database would not take (disk full, database down). */
const STORE_PAUSE_MS = 2_000;

export interface FollowerOptions {
  readonly connector: LedgerConnector;
  readonly projection: Projection;
  readonly db: Kysely<NodeDatabase>;
  readonly voidFile: string;
  readonly conditions: Conditions;
  readonly log: Logger;
}

/** Takes the ledger in, block after block, for as long as the node lives, and tells who waits for it. */
export class Follower implements LedgerView {
  readonly #options: FollowerOptions;
  readonly #waiting = new Set<() => void>();
  readonly #voids: VoidFile;
  /** Blocks the peer had when last asked. */
  #peerHeight: bigint | undefined;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#voids = new VoidFile(options.voidFile, () => this.#touchedByVoids());
  }

  get heads(): HeadCache {
    return this.#options.projection.heads;
  }

  async fate(transactionId: string): Promise<Fate | undefined> {
    return readFate(this.#options.db, transactionId);
  }

  nextBlock(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      if (signal.aborted) return resolve();
      this.#waiting.add(done);
      signal.addEventListener("abort", done, { once: true });
    });
  }

  /** Lets everybody look who waits for the next block: there is other news. */
  wake(): void {
    for (const done of [...this.#waiting]) done();
  }

  /** Runs until the signal aborts, or until the ledger cannot be followed any further; the conditions say why. */
  async run(signal: AbortSignal): Promise<void> {
    const { connector, projection, conditions, log } = this.#options;
    conditions.raise("CATCHING_UP", "the node has not reached its peer yet");
    await this.#store(() => this.#voids.begin(), signal);
    const observer = {
      connected: (height: bigint) => this.#connected(height),
      interrupted: (error: Error) => conditions.raise("LEDGER_UNREACHABLE", error.message),
    };
    try {
      const start = { height: projection.height, hash: projection.hash };
      for await (const block of blockFeed(connector, start, observer, signal)) {
        const folded = await this.#store(() => projection.take(block), signal);
        if (folded === undefined) return;
        await this.#taken(folded, signal);
      }
    } catch (error) {
      const code = stopCode(error);
      if (code === undefined) throw error;
      conditions.raise(code, (error as Error).message);
      log.fatal({ err: error }, "the ledger cannot be followed any further");
    }
  }

  #connected(height: bigint): void {
    this.#peerHeight = height;
    this.#options.conditions.clear("LEDGER_UNREACHABLE");
    this.#reckon();
  }

  async #taken(folded: FoldedBlock, signal: AbortSignal): Promise<void> {
    const voids = folded.transactions.flatMap(({ judged }) => (judged?.counted === false ? [judged] : []));
    if (voids.length > 0) {
      this.#options.log.error({ block: folded.block.number, transactions: voids.length }, "void acts on the ledger");
      const touched = new Set(voids.flatMap(({ used }) => used.map(caseName)));
      const entries = folded.heads.filter(({ ref }) => touched.has(caseName(ref)));
      await this.#store(() => this.#voids.add(entries.map(({ ref, head }) => basisEntry(ref, head))), signal);
    }
    this.#reckon();
    this.wake();
  }

  #reckon(): void {
    const { projection, conditions } = this.#options;
    const peerHeight = this.#peerHeight;
    if (peerHeight === undefined) return;
    if (projection.height >= peerHeight) conditions.clear("CATCHING_UP");
    else conditions.raise("CATCHING_UP", `the node has taken in ${projection.height} of ${peerHeight} blocks`);
  }

  /** Does what the database or the disk may refuse, again and again until they take it; undefined on abort. */
  async #store<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
    const { conditions, log } = this.#options;
    while (!signal.aborted) {
      try {
        const result = await work();
        conditions.clear("STORE_FAILED");
        return result;
      } catch (error) {
        if (stopCode(error) !== undefined) throw error;
        conditions.raise("STORE_FAILED", `what the node has to keep cannot be written: ${messageOf(error)}`);
        log.error({ err: error }, "the store refuses; trying again");
      }
      await pause(STORE_PAUSE_MS, signal);
    }
    return undefined;
  }

  /** Where every case stands that void acts have touched. */
  async #touchedByVoids(): Promise<BasisEntry[]> {
    const { db, projection } = this.#options;
    const rows = await db.selectFrom("voids").select(["noun", "case_id"]).distinct().execute();
    const entries: BasisEntry[] = [];
    for (const { noun, case_id } of rows) {
      const ref = { noun, case: case_id };
      entries.push(basisEntry(ref, await projection.heads.head(ref)));
    }
    return entries;
  }
}

function stopCode(error: unknown): "LEDGER_DIVERGED" | "SOFTWARE_TOO_OLD" | undefined {
  if (error instanceof ProtocolError) return "LEDGER_DIVERGED";
  if (error instanceof LedgerError && error.code === "UNKNOWN_MODEL") return "SOFTWARE_TOO_OLD";
  return undefined;
}
