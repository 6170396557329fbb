import type { NodeDatabase } from "@wanlian/client/projection";
import type { Db } from "@wanlian/client/read";
import type { Insertable } from "kysely";

/** Rows of a statement: a database holds so many parameters of one. */
const ROWS_A_STATEMENT = 200;
/** Rows between commits. */
const ROWS_A_LOT = 20_000;
const ACTS_A_BLOCK = 10;
const SECONDS_A_BLOCK = 30;
const DATASETS = 300;
const DEPARTMENTS = ["BureauMSP", "CivilMSP", "HealthMSP", "PoliceMSP", "EducationMSP", "TaxMSP"];
/** A release is made from some of the last so many: what is older has been made anew since. */
const RECENT = 2000;
const OPENED = Date.parse("2026-03-02T00:00:00Z");

export interface PaperSize {
  readonly releases: number;
  /** In all, the releases' registrations among them; the others are revisions of datasets' entries. */
  readonly acts: number;
}

type ActRow = Insertable<NodeDatabase["acts"]>;
type CaseRow = Insertable<NodeDatabase["cases"]>;
type SourceRow = Insertable<NodeDatabase["release_sources"]>;
type ReferenceRow = Insertable<NodeDatabase["case_references"]>;

interface Lot {
  readonly acts: ActRow[];
  readonly cases: CaseRow[];
  readonly references: ReferenceRow[];
  readonly sources: SourceRow[];
}

export const releaseId = (number: number): string => number.toString(16).padStart(64, "0");
export const datasetId = (number: number): string =>
  `${DEPARTMENTS[number % DEPARTMENTS.length]}/dataset-${number % DATASETS}`;
const timeOf = (block: number): string =>
  `${new Date(OPENED + block * SECONDS_A_BLOCK * 1000).toISOString().slice(0, 19)}Z`;

/** A ledger of that size, as the fold would leave it in the tables that these questions read. The same for every run. */
export async function fillTables(db: Db, { releases, acts }: PaperSize): Promise<void> {
  const every = Math.max(1, Math.floor(acts / releases));
  const versions = new Map<number, number>();
  const datasets = new Map<string, CaseRow>();
  let lot: Lot = { acts: [], cases: [], references: [], sources: [] };
  const write = async () => {
    await insertLot(db, lot);
    lot = { acts: [], cases: [], references: [], sources: [] };
  };
  let made = 0;
  for (let at = 0; at < acts; at += 1) {
    const block = Math.floor(at / ACTS_A_BLOCK);
    const place = { block: BigInt(block), tx: at % ACTS_A_BLOCK, time: timeOf(block) };
    if (at % every === 0 && made < releases) {
      const { row, act, references, sources } = releaseRows(made, place);
      lot.sources.push(...sources);
      lot.cases.push(row);
      lot.acts.push(act);
      lot.references.push(...references);
      made += 1;
    } else {
      const number = at % DATASETS;
      const version = (versions.get(number) ?? 0) + 1;
      versions.set(number, version);
      const { row, act } = datasetRows(number, version, at, place);
      datasets.set(String(row.case_id), { ...(datasets.get(String(row.case_id)) ?? row), ...changedOf(row) });
      lot.acts.push(act);
    }
    if (lot.acts.length >= ROWS_A_LOT) await write();
  }
  lot.cases.push(...datasets.values());
  await write();
  const height = Math.ceil(acts / ACTS_A_BLOCK);
  await insertBlocks(db, height);
  await db
    .insertInto("checkpoint")
    .values({ id: 1, height: BigInt(height), hash: "", schema: 0 })
    .execute();
}

interface At {
  readonly block: bigint;
  readonly tx: number;
  readonly time: string;
}

function releaseRows(number: number, at: At) {
  const id = releaseId(number);
  const from = [1, 7, 31].map((back) => number - ((number * back) % RECENT) - back).filter((source) => source >= 0);
  const derivedFrom = number % 3 === 0 ? [] : [...new Set(from.slice(0, 1 + (number % 3)).map(releaseId))];
  const earlier = number - DATASETS;
  const revises = number % 5 === 0 && earlier >= 0 ? releaseId(earlier) : undefined;
  const dataset = datasetId(number);
  const [provider = ""] = dataset.split("/");
  const fields = Array.from({ length: 20 }, (_, column) => `field-${column}`);
  const state = {
    ...{ status: number % 97 === 0 ? "withdrawn" : "registered", dataset, provider, version: 1, root: id },
    ...{ fields, rows: 1000, rowRoot: id, derivedFrom },
    ...(revises === undefined ? {} : { revises }),
  };
  const sources: SourceRow[] = [
    ...derivedFrom.map((source) => ({ release: id, source, how: "derived" as const })),
    ...(revises === undefined ? [] : [{ release: id, source: revises, how: "revised" as const }]),
  ];
  return {
    ...rowsOf({ noun: "release", id, number: 1, state, status: state.status, transaction: id, at }),
    sources,
    references: [
      { noun: "release", case_id: id, to_noun: "dataset", to_case: dataset },
      ...[...new Set(sources.map(({ source }) => source))].map((to_case) => ({
        ...{ noun: "release", case_id: id, to_noun: "release", to_case },
      })),
    ],
  };
}

function datasetRows(number: number, version: number, act: number, at: At) {
  const state = { status: "registered", name: `Dataset ${number}`, version, fields: ["field-0"], grade: 1 };
  const transaction = (act + 0x1000000000).toString(16).padStart(64, "f");
  return rowsOf({
    noun: "dataset",
    id: datasetId(number),
    number: version,
    state,
    status: "registered",
    transaction,
    at,
  });
}

interface Written {
  readonly noun: string;
  readonly id: string;
  readonly number: number;
  readonly state: object;
  readonly status: string;
  readonly transaction: string;
  readonly at: At;
}

function rowsOf({ noun, id, number, state, status, transaction, at }: Written): { row: CaseRow; act: ActRow } {
  const { block, tx, time } = at;
  const text = JSON.stringify(state);
  const department = DEPARTMENTS[Number(block) % DEPARTMENTS.length] ?? "";
  return {
    row: {
      ...{ noun, case_id: id, act: number, next: number + 1, transaction_id: transaction, status, state: text },
      ...{ opened_time: time, opened_block: block, changed_time: time, changed_block: block, changed_tx: tx },
      ...{ expires: "", search_text: "" },
    },
    act: {
      ...{ block, tx, noun, case_id: id, number, model: 1, counted: 1, reason: "", type: "register", department },
      ...{
        officer: "0201",
        machine: 0,
        time,
        claimed_time: time,
        transaction_id: transaction,
        basis: "[]",
        body: text,
      },
      ...{ state: text, endorsers: "[]" },
    },
  };
}

const changedOf = ({ act, next, transaction_id, state, changed_time, changed_block, changed_tx }: CaseRow) => ({
  ...{ act, next, transaction_id, state, changed_time, changed_block, changed_tx },
});

async function insertLot(db: Db, lot: Lot): Promise<void> {
  await db.transaction().execute(async (sql) => {
    for (const rows of chunks(lot.acts)) await sql.insertInto("acts").values(rows).execute();
    for (const rows of chunks(lot.cases)) await sql.insertInto("cases").values(rows).execute();
    for (const rows of chunks(lot.sources)) await sql.insertInto("release_sources").values(rows).execute();
    for (const rows of chunks(lot.references)) await sql.insertInto("case_references").values(rows).execute();
  });
}

async function insertBlocks(db: Db, height: number): Promise<void> {
  await db.transaction().execute(async (sql) => {
    const rows = Array.from({ length: height }, (_, number) => ({
      ...{ number: BigInt(number), hash: "", previous_hash: "", data_hash: "", codes: "", commit_hash: "" },
      ...{ verdicts: "[]", time: timeOf(number) },
    }));
    for (const part of chunks(rows)) await sql.insertInto("blocks").values(part).execute();
  });
}

function* chunks<T>(rows: readonly T[]): Generator<T[]> {
  for (let from = 0; from < rows.length; from += ROWS_A_STATEMENT) yield rows.slice(from, from + ROWS_A_STATEMENT);
}
