import { AccessIndex } from "@wanlian/client/access";
import type { AccessTable } from "@wanlian/client/projection";
import type { Db } from "@wanlian/client/read";
import { type RawBuilder, sql } from "kysely";

const ROWS_AT_ONCE = 200_000;
const DATASETS = 50;
const OFFICERS = 200;
/** Accesses of one time of the ledger, whose clock ticks every five minutes. */
const OF_ONE_TIME = 3000;
const FIRST = Date.parse("2026-01-01T00:00:00Z");

export const anyDataset = (share: number): string => `CivilMSP/d${Math.floor(share * DATASETS)}`;
export const anyOfficer = (share: number): string => `03${Math.floor(share * OFFICERS)}`;

/** When the access of a position was, by the ledger's clock. */
export const timeOfAccess = (position: number): string =>
  new Date(FIRST + Math.floor(position / OF_ONE_TIME) * 300_000).toISOString().replace(".000", "");

/** What the two databases do not say alike. */
const DIALECTS = {
  embedded: {
    numbers: (from: number, to: number) =>
      sql`with recursive numbers (at) as
        (select ${sql.lit(from)} union all select at + 1 from numbers where at + 1 < ${sql.lit(to)})`,
    text: (value: RawBuilder<unknown>) => sql`cast(${value} as text)`,
    digest: sql`lower(hex(randomblob(32)))`,
    time: sql`strftime('%Y-%m-%dT%H:%M:%SZ', ${sql.lit(FIRST / 1000)} + (at / ${sql.lit(OF_ONE_TIME)}) * 300, 'unixepoch')`,
  },
  postgres: {
    numbers: (from: number, to: number) =>
      sql`with numbers (at) as (select generate_series(${sql.lit(from)}::bigint, ${sql.lit(to - 1)}::bigint))`,
    text: (value: RawBuilder<unknown>) => sql`(${value})::text`,
    digest: sql`encode(sha256(('access ' || at)::bytea), 'hex')`,
    time: sql`to_char(timestamp '2026-01-01' + (at / ${sql.lit(OF_ONE_TIME)}) * interval '300 seconds',
      'YYYY-MM-DD"T"HH24:MI:SS"Z"')`,
  },
} as const;

/** Rows of a node's index of accesses, put in by SQL where the log would have them. */
export async function fillAccesses(db: Db, dialect: keyof typeof DIALECTS, records: number): Promise<AccessIndex> {
  for (let from = 0; from < records; from += ROWS_AT_ONCE) {
    await fill(db, dialect, from, Math.min(records, from + ROWS_AT_ONCE));
  }
  const index = new AccessIndex(db, { reader: () => ({ head: { size: 0 } }) as never, tell: () => undefined });
  await index.catchUp();
  return index;
}

async function fill(db: Db, dialect: keyof typeof DIALECTS, from: number, to: number): Promise<void> {
  const { numbers, text, digest, time } = DIALECTS[dialect];
  const among = (factor: number, of: number) => text(sql`at * ${sql.lit(factor)} % ${sql.lit(of)}`);
  const row: Readonly<Record<keyof AccessTable, RawBuilder<unknown> | string | number>> = {
    ...{ position: sql`at`, id: digest, nonce: digest, kind: "access", opening: "", provider: "CivilMSP" },
    ...{ consumer: "PoliceMSP", officer: sql`'03' || ${among(7919, OFFICERS)}`, machine: 0, operator: "" },
    ...{ release: "r", dataset: sql`'CivilMSP/d' || ${among(104_729, DATASETS)}` },
    grant_case: sql`'g' || ${among(1, DATASETS)}`,
    ...{ grant_act: 1, fields: "code,name", purpose: "lookup", scenario: "bench", way: "lookup", road: "gateway" },
    ...{ result: "served", reason: "", row_count: 1, empty: 0, height: 1, filing: "" },
    ...{ time, day: sql`substr(${time}, 1, 10)`, hour: sql`substr(${time}, 1, 13)` },
  };
  const columns = sql.join(Object.keys(row).map((column) => sql.id(column)));
  const values = sql.join(Object.values(row).map((value) => (typeof value === "object" ? value : sql.lit(value))));
  await sql`insert into local.accesses (${columns}) ${numbers(from, to)} select ${values} from numbers`.execute(db);
}
