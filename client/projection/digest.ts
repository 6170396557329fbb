import { createHash } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { derivedTables } from "./database/derived-tables.js";
import type { NodeDatabase } from "./database/schema.js";

/** Rows read at a time: bounds memory. */
const PAGE = 1000;

export interface ProjectionDigest {
  readonly height: number;
  /** SHA-256 over all derived rows in the order of their keys, hex. */
  readonly digest: string;
  /** The same for each table, with its number of rows. */
  readonly tables: Readonly<Record<string, { readonly rows: number; readonly digest: string }>>;
}

/**
 * One value that two nodes (or a node and its own rebuild) have in common if and only if all their derived rows are
 * equal. Taken again if the fold moved meanwhile, so that it is of one height.
 */
export async function digestProjection(db: Kysely<NodeDatabase>): Promise<ProjectionDigest> {
  for (;;) {
    const height = await foldedHeight(db);
    const whole = createHash("sha256");
    const tables: Record<string, { rows: number; digest: string }> = {};
    for (const [name, shape] of Object.entries(derivedTables)) {
      const table = await digestTable(db, name, Object.keys(shape.columns), shape.key);
      tables[name] = table;
      whole.update(`${name} ${table.rows} ${table.digest}\n`);
    }
    if ((await foldedHeight(db)) === height) return { height, digest: whole.digest("hex"), tables };
  }
}

async function foldedHeight(db: Kysely<NodeDatabase>): Promise<number> {
  const checkpoint = await db.selectFrom("checkpoint").select("height").executeTakeFirst();
  return checkpoint?.height ?? 0;
}

async function digestTable(
  db: Kysely<NodeDatabase>,
  name: string,
  columns: readonly string[],
  key: readonly string[],
): Promise<{ rows: number; digest: string }> {
  const hash = createHash("sha256");
  const order = sql.join(key.map((column) => sql.id(column)));
  const list = sql.join(columns.map((column) => sql.id(column)));
  let rows = 0;
  let last: Record<string, unknown> | undefined;
  for (;;) {
    const reached = last;
    const after =
      reached === undefined ? sql`` : sql`where (${order}) > (${sql.join(key.map((column) => reached[column]))})`;
    const page = await sql<Record<string, unknown>>`
      select ${list} from ${sql.table(name)} ${after} order by ${order} limit ${sql.lit(PAGE)}`.execute(db);
    for (const row of page.rows) hash.update(`${JSON.stringify(columns.map((column) => row[column]))}\n`);
    rows += page.rows.length;
    last = page.rows.at(-1);
    if (page.rows.length < PAGE) return { rows, digest: hash.digest("hex") };
  }
}
