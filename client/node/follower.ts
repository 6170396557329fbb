import { LedgerError } from "@wanlian/model/errors.js";
import type { CaseRef, CaseState, StandingEntry } from "@wanlian/model/kernel/act.js";
import { basisEntry } from "@wanlian/model/kernel/heads.js";
import { caseName } from "@wanlian/model/kernel/key.js";
import { messageOf, ProtocolError } from "@wanlian/protocol/errors.js";
import type { Kysely } from "kysely";
import type { Logger } from "pino";
import { type CatchUp, pause } from "../core/index.js";
import { type FoldedBlock, type HeadCache, VoidFile } from "../fold/index.js";
import { blockFeed, inBatches, LedgerAccessError, type LedgerBlock, type LedgerConnector } from "../ledger/index.js";
import type { NodeDatabase, Projection } from "../projection/index.js";
import type { Fate, LedgerView, Step } from "../submission/index.js";
import { CatchUpProgress } from "./catch-up.js";
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
  readonly #progress: CatchUpProgress;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#progress = new CatchUpProgress(options.log);
    this.#voids = new VoidFile(options.voidFile, () => this.#touchedByVoids());
  }

  get heads(): HeadCache {
    return this.#options.projection.heads;
  }

  /** How far it is; undefined where it has what its peer has. */
  get catchUp(): CatchUp | undefined {
    return this.#progress.at(this.#options.projection.height);
  }

  async fate(transactionId: string): Promise<Fate | undefined> {
    return readFate(this.#options.db, transactionId);
  }

  async course({ noun, case: id }: CaseRef, from: number): Promise<Step[]> {
    const rows = await this.#options.db
      .selectFrom("acts")
      .select(["department", "state"])
      .where("noun", "=", noun)
      .where("case_id", "=", id)
      .where("counted", "=", 1)
      .where("number", ">=", from)
      .orderBy("number")
      .execute();
    return rows.map(({ department, state }) => ({ department, status: (JSON.parse(state) as CaseState).status }));
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
      const feed = blockFeed(connector, start, observer, signal);
      for await (const blocks of inBatches(feed)) await this.#take(blocks, signal);
    } catch (error) {
      const code = stopCode(error);
      if (code === undefined) throw error;
      conditions.raise(code, (error as Error).message);
      log.fatal({ err: error }, "the ledger cannot be followed any further");
    }
  }

  #connected(height: bigint): void {
    this.#progress.peerHas(height);
    this.#options.conditions.clear("LEDGER_UNREACHABLE");
    this.#reckon();
  }

  async #take(blocks: readonly LedgerBlock[], signal: AbortSignal): Promise<void> {
    for (let left = blocks; left.length > 0; ) {
      const waiting = left;
      const folded = await this.#store(() => this.#options.projection.takeAll(waiting), signal);
      if (folded === undefined) return;
      await this.#taken(folded, signal);
      left = left.slice(folded.length);
    }
  }

  async #taken(blocks: readonly FoldedBlock[], signal: AbortSignal): Promise<void> {
    await this.#noteVoids(blocks, signal);
    await this.#arrive(signal);
    this.wake();
  }

  async #noteVoids(blocks: readonly FoldedBlock[], signal: AbortSignal): Promise<void> {
    const touched = new Map<string, StandingEntry>();
    for (const { block, transactions, heads } of blocks) {
      const voids = transactions.flatMap(({ judged }) => (judged?.counted === false ? [judged] : []));
      if (voids.length === 0) continue;
      this.#options.log.error({ block: block.number, transactions: voids.length }, "void acts on the ledger");
      const used = new Set(voids.flatMap((one) => one.used.map(caseName)));
      for (const { ref, head } of heads) {
        if (used.has(caseName(ref))) touched.set(caseName(ref), basisEntry(ref, head));
      }
    }
    if (touched.size > 0) await this.#store(() => this.#voids.add([...touched.values()]), signal);
  }

  /** The peer may have grown by as much as a long way took: whoever has come to its end asks how long it is now. */
  async #arrive(signal: AbortSignal): Promise<void> {
    const { connector, projection } = this.#options;
    if (this.catchUp === undefined) return;
    if (this.#progress.reached(projection.height) === true) {
      try {
        this.#progress.peerHas(await connector.height(signal));
      } catch (error) {
        // Then what it said before has to do; the feed finds out as well, and asks again.
        if (!(error instanceof LedgerAccessError)) throw error;
      }
    }
    this.#reckon();
  }

  #reckon(): void {
    const { projection, conditions } = this.#options;
    const reached = this.#progress.reached(projection.height);
    if (reached === undefined) return;
    if (reached) {
      this.#progress.end();
      conditions.clear("CATCHING_UP");
      return;
    }
    const progress = this.#progress.took(projection.height);
    conditions.raise("CATCHING_UP", behind(projection.height, progress));
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
  async #touchedByVoids(): Promise<StandingEntry[]> {
    const { db, projection } = this.#options;
    const rows = await db.selectFrom("voids").select(["noun", "case_id"]).distinct().execute();
    const entries: StandingEntry[] = [];
    for (const { noun, case_id } of rows) {
      const ref = { noun, case: case_id };
      entries.push(basisEntry(ref, await projection.heads.head(ref)));
    }
    return entries;
  }
}

function behind(height: bigint, progress: CatchUp | undefined): string {
  const { blocks, blocksPerSecond, secondsLeft } = progress ?? {};
  const pace = blocksPerSecond === undefined ? "" : `, ${blocksPerSecond} a second; about ${secondsLeft} s are left`;
  return `the node has taken in ${height} of ${blocks} blocks${pace}`;
}

function stopCode(error: unknown): "LEDGER_DIVERGED" | "SOFTWARE_TOO_OLD" | undefined {
  if (error instanceof ProtocolError) return "LEDGER_DIVERGED";
  if (error instanceof LedgerError && error.code === "UNKNOWN_MODEL") return "SOFTWARE_TOO_OLD";
  return undefined;
}
