import type { ModelVersions } from "@wanlian/model/models.js";
import type { Kysely } from "kysely";
import { Endorsers, type FoldedBlock, foldBlock, HeadCache, type WatchState, watchBlock } from "../fold/index.js";
import type { LedgerBlock } from "../ledger/index.js";
import type { NodeDatabase } from "./database/schema.js";
import { GrantHolders } from "./grant-holders.js";
import { SqlHeadStore } from "./head-store.js";
import { loadConfiguration, loadWatchState } from "./watch-store.js";
import { type TakenBlock, writeBlocks } from "./write-blocks.js";

interface Reached {
  readonly height: bigint;
  readonly hash?: string | undefined;
  readonly commitHash?: string | undefined;
}

/** The ledger in SQL, through the fold: block by block, in SQL transactions that each have their checkpoint. */
export class Projection {
  readonly #db: Kysely<NodeDatabase>;
  readonly #chaincode: string;
  readonly #heads: HeadCache;
  readonly #endorsers: Endorsers;
  readonly #models: ModelVersions;
  /** Undefined while the tables have to be asked. */
  #holders: GrantHolders | undefined;
  /** The channel's, as of the last block that was written (proto common.Config). */
  #configuration: Uint8Array | undefined;
  #watch: WatchState;
  /** Transactions that were void, each with its alarm. */
  #voids: number;
  #reached: Reached;

  private constructor(
    db: Kysely<NodeDatabase>,
    chaincode: string,
    configuration: Uint8Array | undefined,
    endorsers: Endorsers,
    models: ModelVersions,
    watch: WatchState,
    voids: number,
    reached: Reached,
  ) {
    this.#db = db;
    this.#chaincode = chaincode;
    this.#heads = new HeadCache(new SqlHeadStore(db));
    this.#configuration = configuration;
    this.#endorsers = endorsers;
    this.#models = models;
    this.#watch = watch;
    this.#voids = voids;
    this.#reached = reached;
  }

  /** Goes on where the last SQL transaction left it. */
  static async open(
    db: Kysely<NodeDatabase>,
    channel: string,
    chaincode: string,
    models: ModelVersions,
  ): Promise<Projection> {
    const height = (await db.selectFrom("checkpoint").select("height").executeTakeFirst())?.height ?? 0;
    const last = await db
      .selectFrom("blocks")
      .select(["hash", "commit_hash as commitHash"])
      .where("number", "=", height - 1)
      .executeTakeFirst();
    const endorsers = new Endorsers(channel);
    const configuration = await loadConfiguration(db);
    endorsers.configure(configuration);
    const watch = await loadWatchState(db);
    const voids = await countVoidAlarms(db);
    const reached = { height: BigInt(height), ...last };
    return new Projection(db, chaincode, configuration, endorsers, models, watch, voids, reached);
  }

  /** Number of the next block. */
  get height(): bigint {
    return this.#reached.height;
  }

  /** Header hash of the last block, hex; undefined at 0. */
  get hash(): string | undefined {
    return this.#reached.hash;
  }

  /** Commit hash of the last block as the own peer states it, hex. */
  get commitHash(): string | undefined {
    return this.#reached.commitHash;
  }

  /** Heads as of the last block. */
  get heads(): HeadCache {
    return this.#heads;
  }

  get watch(): WatchState {
    return this.#watch;
  }

  /** Alarms that stand: all about void acts, and what is configured beyond the acts. */
  get alarms(): number {
    const differences = [...this.#watch.standing.values()];
    return this.#voids + differences.filter(({ kind }) => kind === "CONFIGURATION_BEYOND_ACTS").length;
  }

  /**
   * Folds the next block and writes its rows. All or nothing: after an error the projection is as before.
   * @throws LedgerError UNKNOWN_MODEL; whatever the database throws
   */
  async take(block: LedgerBlock): Promise<FoldedBlock> {
    const [folded] = await this.takeAll([block]);
    if (folded === undefined) throw new RangeError("a block was taken in, and nothing came of it");
    return folded;
  }

  /**
   * The same for blocks that follow each other, in one SQL transaction: to commit costs a disk more than the rows of
   * many blocks do. Where one of them cannot be folded, those before it are taken in.
   * @returns as many as were taken in, at least one
   */
  async takeAll(blocks: readonly LedgerBlock[]): Promise<FoldedBlock[]> {
    try {
      const taken = await this.#fold(blocks);
      this.#holders ??= await GrantHolders.load(this.#db);
      const holders = this.#holders;
      await this.#db.transaction().execute((sql) => writeBlocks(sql, taken, this.#models, holders));
      this.#committed(taken);
      return taken.map(({ folded }) => folded);
    } catch (error) {
      this.#abandoned();
      if (error instanceof NotFoldedError && error.before > 0) return this.takeAll(blocks.slice(0, error.before));
      throw error instanceof NotFoldedError ? error.cause : error;
    }
  }

  async #fold(blocks: readonly LedgerBlock[]): Promise<TakenBlock[]> {
    const taken: TakenBlock[] = [];
    let watch = this.#watch;
    for (const block of blocks) {
      const due = this.height + BigInt(taken.length);
      if (block.number !== due) throw new RangeError(`block ${block.number} where ${due} is due`);
      try {
        const folded = await foldBlock(block, this.#chaincode, this.#heads, this.#endorsers, this.#models);
        const watched = watchBlock(watch, folded, this.#chaincode, this.#models);
        for (const { kind, content } of watched.configured) if (kind === "channel") this.#endorsers.configure(content);
        watch = watched.state;
        taken.push({ folded, watched });
      } catch (error) {
        throw new NotFoldedError(taken.length, error);
      }
    }
    return taken;
  }

  #committed(taken: readonly TakenBlock[]): void {
    this.#heads.committed();
    for (const { folded, watched } of taken) {
      const { number, hash, commitHash } = folded.block;
      this.#watch = watched.state;
      this.#voids += folded.transactions.filter(({ judged }) => judged?.counted === false).length;
      this.#reached = { height: number + 1n, hash, commitHash };
      const channel = watched.configured.findLast(({ kind }) => kind === "channel");
      if (channel !== undefined) this.#configuration = channel.content;
    }
  }

  #abandoned(): void {
    this.#heads.abandoned();
    this.#holders = undefined;
    this.#endorsers.configure(this.#configuration);
  }
}

/** So many blocks were folded before one that cannot be. */
class NotFoldedError extends Error {
  constructor(
    readonly before: number,
    override readonly cause: unknown,
  ) {
    super("a block cannot be folded");
  }
}

async function countVoidAlarms(db: Kysely<NodeDatabase>): Promise<number> {
  const { count } = await db
    .selectFrom("alarms")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("topic", "=", "")
    .executeTakeFirstOrThrow();
  return Number(count);
}
