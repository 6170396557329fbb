import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import { makeCsvRelease } from "@wanlian/client/tables";

export interface RowTreeFigures {
  readonly rows: number;
  readonly cells: number;
  /** Seconds, each the shortest of its runs: field digests and tree, and DuckDB's sha256 of every cell. */
  readonly ours: number;
  readonly duckdb: number;
}

const FIELDS = Array.from({ length: 8 }, (_, at) => `field${at}`);
/** In turns, so that what else the machine does meets both. */
const RUNS = 3;

/** A release's digests and row tree from a CSV file, beside DuckDB's own sha256 over the same cells of the same file. */
export async function benchRowTree(rows: number): Promise<RowTreeFigures> {
  const folder = await mkdtemp(join(tmpdir(), "wanlian-rows-"));
  try {
    const file = join(folder, "rows.csv");
    await writeRows(file, rows);
    const [ours, duckdb]: [number[], number[]] = [[], []];
    for (let run = 0; run < RUNS; run += 1) {
      duckdb.push(await seconds(() => hashCells(file)));
      ours.push(
        await seconds(async () => {
          const made = await makeCsvRelease(file);
          await rm(made.folder, { recursive: true });
        }),
      );
    }
    return { rows, cells: rows * FIELDS.length, ours: Math.min(...ours), duckdb: Math.min(...duckdb) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function hashCells(file: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2", memory_limit: "512MB" });
  const connection = await instance.connect();
  const columns = FIELDS.map((field) => `${field}: 'VARCHAR'`).join(", ");
  const hashes = FIELDS.map((field) => `max(sha256(${field}))`).join(", ");
  const table = `read_csv($1, auto_detect = false, header = true, columns = {${columns}})`;
  await connection.run(`select ${hashes} from ${table}`, [file]);
  connection.closeSync();
}

async function writeRows(path: string, rows: number): Promise<void> {
  const file = createWriteStream(path);
  file.write(`${FIELDS.join(",")}\n`);
  for (let row = 0; row < rows; row += 1000) {
    let text = "";
    for (let at = row; at < Math.min(rows, row + 1000); at += 1) {
      text += `${FIELDS.map((_, field) => String(at * (7919 + field)).padStart(8 + 2 * field, "0")).join(",")}\n`;
    }
    if (!file.write(text)) await once(file, "drain");
  }
  file.end();
  await finished(file);
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}
