import { canonicalJson } from "@wanlian/model/canonical.js";
import type { Description } from "@wanlian/model/kernel/description.js";
import type { PolicyState } from "@wanlian/model/model-1/policy/policy-schema.js";
import type { ModelVersions } from "@wanlian/model/models.js";
import type { Kysely, Transaction } from "kysely";
import {
  type CountedTransaction,
  type Difference,
  Endorsers,
  type FoldedBlock,
  foldBlock,
  HeadCache,
  type WatchOutcome,
  type WatchState,
  watchBlock,
} from "../fold/index.js";
import type { LedgerBlock } from "../ledger/index.js";
import { textDigestRows } from "./cited-texts.js";
import { DERIVED_VERSION } from "./derived-tables.js";
import { SqlHeadStore } from "./head-store.js";
import { noticeRows } from "./notices.js";
import {
  blockRow,
  countedRow,
  deadlineRows,
  movedDeadline,
  storable,
  transactionRows,
  voidAlarm,
  voidNumberRows,
  voidRows,
} from "./rows.js";
import type { NodeDatabase } from "./schema.js";
import { searchable } from "./search.js";
import { loadConfiguration, loadWatchState } from "./watch-store.js";

/** Alarms about the block as a whole stand behind those about its transactions. */
const BLOCK_ORDINALS = 1;

type Sql = Transaction<NodeDatabase>;

interface Reached {
  readonly height: bigint;
  readonly hash?: string | undefined;
  readonly commitHash?: string | undefined;
}

/** The ledger in SQL, through the fold: block by block, each in one SQL transaction with its checkpoint. */
export class Projection {
  readonly #db: Kysely<NodeDatabase>;
  readonly #chaincode: string;
  readonly #heads: HeadCache;
  readonly #endorsers: Endorsers;
  readonly #models: ModelVersions;
  #watch: WatchState;
  #reached: Reached;

  private constructor(
    db: Kysely<NodeDatabase>,
    chaincode: string,
    endorsers: Endorsers,
    models: ModelVersions,
    watch: WatchState,
    reached: Reached,
  ) {
    this.#db = db;
    this.#chaincode = chaincode;
    this.#heads = new HeadCache(new SqlHeadStore(db));
    this.#endorsers = endorsers;
    this.#models = models;
    this.#watch = watch;
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
    if (configuration !== undefined) endorsers.configure(configuration);
    const watch = await loadWatchState(db);
    return new Projection(db, chaincode, endorsers, models, watch, { height: BigInt(height), ...last });
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

  /**
   * Folds the next block and writes its rows. All or nothing: after an error the projection is as before.
   * @throws LedgerError UNKNOWN_MODEL; whatever the database throws
   */
  async take(block: LedgerBlock): Promise<FoldedBlock> {
    if (block.number !== this.height) throw new RangeError(`block ${block.number} where ${this.height} is due`);
    try {
      const folded = await foldBlock(block, this.#chaincode, this.#heads, this.#endorsers, this.#models);
      const watched = watchBlock(this.#watch, folded, this.#chaincode);
      await this.#db.transaction().execute((sql) => writeBlock(sql, folded, watched, this.#models));
      this.#heads.committed();
      this.#watch = watched.state;
      for (const { kind, content } of watched.configured) if (kind === "channel") this.#endorsers.configure(content);
      this.#reached = { height: block.number + 1n, hash: block.hash, commitHash: block.commitHash };
      return folded;
    } catch (error) {
      this.#heads.abandoned();
      throw error;
    }
  }
}

/** What one statement takes: a hundred rows of the widest table are far below every database's limit on parameters. */
const ROWS_AT_ONCE = 100;

function portions<T>(rows: readonly T[]): T[][] {
  const count = Math.ceil(rows.length / ROWS_AT_ONCE);
  return Array.from({ length: count }, (_, at) => rows.slice(at * ROWS_AT_ONCE, (at + 1) * ROWS_AT_ONCE));
}

async function writeBlock(sql: Sql, folded: FoldedBlock, watched: WatchOutcome, models: ModelVersions): Promise<void> {
  const { block, transactions } = folded;
  const { number } = block;
  const time = watched.state.time ?? "";
  await sql.insertInto("blocks").values(blockRow(folded, time)).execute();
  for (const rows of portions(transactionRows(folded))) await sql.insertInto("transactions").values(rows).execute();
  for (const { judged } of transactions) {
    if (judged === undefined) continue;
    if (judged.counted) {
      const noun = models.of(judged.act.schema).nouns[judged.act.noun];
      const description = noun?.describe(judged.act, judged.act.state, judged.act.body);
      if (description === undefined) throw new RangeError(`an act of a noun "${judged.act.noun}" cannot have counted`);
      await writeCounted(sql, number, judged, description, watched.state.policy);
      for (const row of textDigestRows(judged.act, models)) await sql.insertInto("text_digests").values(row).execute();
    } else {
      for (const rows of portions(voidRows(number, time, judged))) await sql.insertInto("acts").values(rows).execute();
      for (const rows of portions(voidNumberRows(number, judged))) {
        await sql
          .insertInto("voids")
          .values(rows)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
      await sql.insertInto("alarms").values(voidAlarm(number, judged)).execute();
    }
  }
  const isAnnounced = transactions.some(({ judged }) => judged?.counted === true && judged.act.noun === "policy");
  if (isAnnounced && watched.state.policy !== undefined) await moveDeadlines(sql, watched.state.policy);
  // Numbers pass over void ones, so a case's next may move without an act of its own.
  for (const { ref, head } of folded.heads) {
    if (head.next === head.act + 1) continue;
    await sql
      .updateTable("cases")
      .set({ next: head.next })
      .where("noun", "=", ref.noun)
      .where("case_id", "=", ref.case)
      .execute();
  }
  await writeWatched(sql, number, watched);
  await sql
    .insertInto("checkpoint")
    .values({ id: 1, height: number + 1n, hash: block.hash, schema: DERIVED_VERSION })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ height: number + 1n, hash: block.hash }))
    .execute();
}

async function writeCounted(
  sql: Sql,
  block: bigint,
  found: CountedTransaction,
  description: Description,
  policy: PolicyState | undefined,
): Promise<void> {
  const { act } = found;
  const { noun, case: id } = act;
  await sql.insertInto("acts").values(countedRow(block, found)).execute();
  await writeCase(sql, block, found, description);
  for (const table of ["parties", "deadlines", "case_references"] as const) {
    await sql.deleteFrom(table).where("noun", "=", noun).where("case_id", "=", id).execute();
  }
  for (const { department, relation } of description.parties) {
    await sql
      .insertInto("parties")
      .values({ noun, case_id: id, department, relation })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  for (const row of deadlineRows(noun, id, description, policy))
    await sql.insertInto("deadlines").values(row).execute();
  for (const reference of description.references) {
    await sql
      .insertInto("case_references")
      .values({ noun, case_id: id, to_noun: reference.noun, to_case: reference.case })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  for (const row of await noticeRows(sql, block, found, description)) {
    await sql.insertInto("notices").values(row).execute();
  }
}

/** Open dates by the calendar as it is now: what was provisional becomes firm, what follows notices moves. */
async function moveDeadlines(sql: Sql, { calendar }: PolicyState): Promise<void> {
  const rows = await sql
    .selectFrom("deadlines")
    .selectAll()
    .where("ended", "=", "")
    .where(({ eb, or }) => or([eb("provisional", "=", 1), eb("follows_notices", "=", 1)]))
    .execute();
  for (const row of rows) {
    await sql
      .updateTable("deadlines")
      .set(movedDeadline(row, calendar))
      .where("noun", "=", row.noun)
      .where("case_id", "=", row.case_id)
      .where("kind", "=", row.kind)
      .where("start", "=", row.start)
      .execute();
  }
}

async function writeCase(
  sql: Sql,
  block: bigint,
  { index, act, time, transactionId }: CountedTransaction,
  description: Description,
): Promise<void> {
  const changed = {
    act: act.number,
    transaction_id: transactionId,
    next: act.number + 1,
    status: description.status,
    state: canonicalJson(act.state),
    changed_time: time,
    changed_block: block,
    changed_tx: index,
    expires: description.expires ?? "",
  };
  const text = description.searchText === undefined ? undefined : storable(searchable(description.searchText));
  await sql
    .insertInto("cases")
    .values({
      noun: act.noun,
      case_id: act.case,
      ...changed,
      opened_time: time,
      opened_block: block,
      search_text: text ?? "",
    })
    .onConflict((conflict) =>
      conflict
        .columns(["noun", "case_id"])
        .doUpdateSet(text === undefined ? changed : { ...changed, search_text: text }),
    )
    .execute();
}

async function writeWatched(sql: Sql, block: bigint, { configured, begun, ended }: WatchOutcome): Promise<void> {
  for (const { index, kind, content } of configured) {
    await sql
      .insertInto("configurations")
      .values({ block, tx: index, kind, content: Buffer.from(content).toString("base64") })
      .execute();
  }
  for (const topic of ended) {
    await sql
      .updateTable("alarms")
      .set({ ended_block: block })
      .where("topic", "=", topic)
      .where("ended_block", "=", -1)
      .execute();
  }
  const at = configured.at(-1)?.index ?? 0;
  for (const [index, difference] of begun.entries()) {
    await sql
      .insertInto("alarms")
      .values(differenceRow(block, at, BLOCK_ORDINALS + index, difference))
      .execute();
  }
}

function differenceRow(block: bigint, tx: number, ordinal: number, difference: Difference) {
  const { kind, message, departments, topic } = difference;
  return {
    block,
    tx,
    ordinal,
    kind,
    message: storable(message),
    departments: canonicalJson(departments),
    detail: "{}",
    topic: storable(topic),
    ended_block: -1,
  };
}
