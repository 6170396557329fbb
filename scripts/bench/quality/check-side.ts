import { parseArgs } from "node:util";
import { DuckDBInstance } from "@duckdb/node-api";
import { checkTable, compareFiles, parseRules } from "@wanlian/client/quality";
import { comparedByHand, handWritten, otherPersonsQuery, personsQuery, TEN_RULES } from "./ten-rules.js";

/** A process of its own for each measurement, so that its memory is its own. Prints one line of JSON. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rows: { type: "string", default: "1000000" } },
});
const [what = "", path = ""] = positionals;
const MEMORY = "1500MB";
const THREADS = "2";

const engine = async () =>
  (
    await DuckDBInstance.create(":memory:", { memory_limit: MEMORY, threads: THREADS, temp_directory: `${path}.tmp` })
  ).connect();

const otherOf = (one: string) => one.replace(/\.(parquet|csv)$/, ".other.$1");
const reading = (one: string) =>
  one.endsWith(".csv") ? `read_csv('${one}', header = true, all_varchar = true)` : `read_parquet('${one}')`;

const tasks: Readonly<Record<string, () => Promise<unknown>>> = {
  async make() {
    const connection = await engine();
    await connection.run(`copy (${personsQuery(Number(values.rows))}) to '${path}' (format parquet)`);
    await connection.run(`copy (from '${path}') to '${path.replace(/parquet$/, "csv")}' (format csv, header)`);
    const other = otherOf(path);
    await connection.run(`copy (${otherPersonsQuery(path)}) to '${other}' (format parquet)`);
    await connection.run(`copy (from '${other}') to '${other.replace(/parquet$/, "csv")}' (format csv, header)`);
  },
  async hand() {
    const connection = await engine();
    const from = reading(path);
    const found: number[] = [];
    for (const sql of handWritten(from)) {
      const [row = []] = (await connection.runAndReadAll(sql)).getRows();
      found.push(...row.filter((cell) => typeof cell === "bigint").map(Number));
    }
    return found;
  },
  async compareHand() {
    const connection = await engine();
    const found: number[] = [];
    for (const sql of comparedByHand(reading(path), reading(otherOf(path)))) {
      const [row = []] = (await connection.runAndReadAll(sql)).getRows();
      found.push(...row.map(Number));
    }
    return found;
  },
  async compare() {
    const sources = new Map([path, otherOf(path)].map((one) => [one, { path: one }]));
    const columns = ["name", "age", "birth", "id"];
    const { alone = [], columns: agreement } = await compareFiles({
      sources,
      key: ["no"],
      columns,
      threads: Number(THREADS),
    });
    return [...alone.map(({ rows }) => rows), ...agreement.map(({ compared, agreed }) => compared - agreed)];
  },
  async rules() {
    const rules = parseRules(Buffer.from(JSON.stringify(TEN_RULES), "utf8"));
    const report = await checkTable({ file: { path }, rules, asOf: "2026-11-30", threads: Number(THREADS) });
    return [report.table.rows, ...report.results.map(({ failing }) => failing)];
  },
};

const task = tasks[what];
if (task === undefined) throw new Error(`there is no task ${what}`);
const began = performance.now();
const found = await task();
const milliseconds = performance.now() - began;
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
process.stdout.write(
  `${JSON.stringify({ milliseconds, processor: (userCPUTime + systemCPUTime) / 1000, memory: maxRSS * 1024, found })}\n`,
);
