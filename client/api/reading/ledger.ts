import { sql } from "kysely";
import type { FoldedAct } from "../../core/index.js";
import { actOf, type Db, DEFAULT_PAGE, decodeCursor, type Page, type PageRequest, pageOf } from "../../read/index.js";

export interface BlockEntry {
  readonly number: number;
  readonly hash: string;
  readonly previousHash: string;
  readonly dataHash: string;
  /** Fabric's validation codes, one a transaction. */
  readonly codes: readonly number[];
  readonly commitHash: string;
  readonly time: string;
  readonly transactions: readonly TransactionEntry[];
}

export interface TransactionEntry {
  readonly block: number;
  readonly transaction: number;
  readonly id: string;
  readonly code: number;
  readonly type: number;
  readonly department: string;
}

/** A block as a list shows it. */
export interface BlockLine {
  readonly number: number;
  readonly hash: string;
  readonly time: string;
  readonly transactions: number;
  /** Those that validation refused. */
  readonly refused: number;
}

/** The last first. */
export async function listBlocks(db: Db, { limit = DEFAULT_PAGE, cursor }: PageRequest): Promise<Page<BlockLine>> {
  let query = db.selectFrom("blocks").select(["number", "hash", "time", "codes"]);
  const [before] = decodeCursor(cursor, [0] as [number]) ?? [];
  if (before !== undefined) query = query.where("number", "<", before);
  const rows = await query
    .orderBy("number", "desc")
    .limit(limit + 1)
    .execute();
  return pageOf(rows, limit, ({ number }) => [Number(number)], blockLineOf);
}

function blockLineOf(row: {
  readonly number: number;
  readonly hash: string;
  readonly time: string;
  readonly codes: string;
}): BlockLine {
  const codes = [...Buffer.from(row.codes, "hex")];
  const refused = codes.filter((code) => code !== 0).length;
  return { number: Number(row.number), hash: row.hash, time: row.time, transactions: codes.length, refused };
}

export async function findBlock(db: Db, number: number): Promise<BlockEntry | undefined> {
  const row = await db.selectFrom("blocks").selectAll().where("number", "=", number).executeTakeFirst();
  if (row === undefined) return undefined;
  const transactions = await db
    .selectFrom("transactions")
    .selectAll()
    .where("block", "=", number)
    .orderBy("tx")
    .execute();
  return {
    number: row.number,
    hash: row.hash,
    previousHash: row.previous_hash,
    dataHash: row.data_hash,
    codes: [...Buffer.from(row.codes, "hex")],
    commitHash: row.commit_hash,
    time: row.time,
    transactions: transactions.map(transactionOf),
  };
}

/** A transaction id can stand on the ledger more than once; at most the first is valid. */
export async function findTransactions(
  db: Db,
  id: string,
): Promise<readonly (TransactionEntry & { readonly acts: readonly FoldedAct[] })[]> {
  const rows = await db
    .selectFrom("transactions")
    .selectAll()
    .where("id", "=", id)
    .orderBy("block")
    .orderBy("tx")
    .execute();
  const acts = await db.selectFrom("acts").selectAll().where("transaction_id", "=", id).orderBy("number").execute();
  return rows.map((row) => ({
    ...transactionOf(row),
    acts: acts.filter((act) => act.block === row.block && act.tx === row.tx).map(actOf),
  }));
}

/** Transactions that validation refused: on the ledger, without effect, with whoever signed them. */
export async function listRefused(
  db: Db,
  filter: PageRequest & { readonly department?: string },
): Promise<Page<TransactionEntry>> {
  const limit = filter.limit ?? DEFAULT_PAGE;
  let query = db.selectFrom("transactions").selectAll().where("code", "!=", 0);
  if (filter.department !== undefined) query = query.where("department", "=", filter.department);
  const after = decodeCursor(filter.cursor, [0, 0] as [number, number]);
  if (after !== undefined) query = query.where(sql<boolean>`(block, tx) > (${after[0]}, ${after[1]})`);
  const rows = await query
    .orderBy("block")
    .orderBy("tx")
    .limit(limit + 1)
    .execute();
  return pageOf(rows, limit, (row) => [row.block, row.tx], transactionOf);
}

export interface AlarmEntry {
  readonly block: number;
  readonly transaction: number;
  readonly kind: string;
  readonly message: string;
  readonly departments: readonly string[];
  readonly detail: unknown;
  /** The block in which a difference of configuration was gone. */
  readonly endedBlock?: number;
}

/** The last first. */
export async function listAlarms(db: Db, page: PageRequest): Promise<Page<AlarmEntry>> {
  const limit = page.limit ?? DEFAULT_PAGE;
  let query = db.selectFrom("alarms").selectAll();
  const after = decodeCursor(page.cursor, [0, 0, 0] as [number, number, number]);
  if (after !== undefined) query = query.where(sql<boolean>`(block, tx, ordinal) < (${sql.join(after)})`);
  const rows = await query
    .orderBy("block", "desc")
    .orderBy("tx", "desc")
    .orderBy("ordinal", "desc")
    .limit(limit + 1)
    .execute();
  return pageOf(
    rows,
    limit,
    (row) => [row.block, row.tx, row.ordinal],
    (row) => ({
      block: row.block,
      transaction: row.tx,
      kind: row.kind,
      message: row.message,
      departments: JSON.parse(row.departments) as string[],
      detail: row.detail === "" ? null : JSON.parse(row.detail),
      ...(row.ended_block < 0 ? {} : { endedBlock: row.ended_block }),
    }),
  );
}

function transactionOf(row: {
  block: number;
  tx: number;
  id: string;
  code: number;
  type: number;
  department: string;
}): TransactionEntry {
  return {
    block: row.block,
    transaction: row.tx,
    id: row.id,
    code: row.code,
    type: row.type,
    department: row.department,
  };
}
