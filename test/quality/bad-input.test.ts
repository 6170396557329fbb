import { appendFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { checkTable, type TablePlace } from "@wanlian/client/quality";
import { expect } from "chai";
import { JsonService } from "../exchange/json-service.js";
import { workbook } from "../sheets/workbook.js";
import { AS_OF, only, parsed, rulesText } from "./checking.js";
import { MISFITS, refusalOf, rejection } from "./misfits.js";

const ROWS = [
  ["1", "a"],
  ["2", "b"],
] as const;
const CSV = `no,name\n${ROWS.map((row) => `${row.join(",")}\n`).join("")}`;

/** Kinds of files, each of the same table; those of databases are in tests of their own. */
const FILES: readonly [kind: string, name: string, make: (path: string) => Promise<void>][] = [
  ["CSV", "table.csv", (path) => writeFile(path, CSV)],
  ["CSV with quotes", "quoted.csv", (path) => writeFile(path, CSV.replace(",a", ',"a"'))],
  ["Parquet", "table.parquet", makeParquet],
  ["Excel", "table.xlsx", (path) => writeFile(path, workbook([["no", "name"], ...ROWS]))],
];

async function makeParquet(path: string): Promise<void> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const rows = ROWS.map(([no, name]) => `('${no}', '${name}')`).join(", ");
  await connection.run(`copy (select * from (values ${rows}) t(no, name)) to '${path}' (format parquet)`);
  connection.closeSync();
}

describe("a check that cannot be made", () => {
  let folder: string;
  let service: JsonService;
  const places = new Map<string, TablePlace>();

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "wanlian-bad-input-"));
    for (const [kind, name, make] of FILES) {
      await make(join(folder, name));
      places.set(kind, { path: join(folder, name) });
    }
    service = await JsonService.start(ROWS.map(([no, name]) => ({ no, name })));
    places.set("a service", { kind: "http", url: service.url });
  });
  after(async () => {
    service.stop();
    await rm(folder, { recursive: true, force: true });
  });

  for (const [what, rule, code, says] of MISFITS) {
    it(`is refused for ${what}, whatever the data comes from`, async () => {
      for (const [kind, place] of places) {
        const found = await refusalOf(place, rule);
        expect(found.code, kind).to.equal(code);
        expect(found.message, kind).to.match(says);
      }
    });
  }

  it("is not refused for a table that refers to itself, which is no circle", async () => {
    const rule = { check: "reference", columns: ["no"], table: "itself", to: ["no"] };
    for (const [kind, place] of places) {
      const report = await checkTable({
        file: place,
        rules: parsed(rulesText([rule])),
        tables: { itself: place },
        asOf: AS_OF,
      });
      expect(only(report).failing, kind).to.equal(0);
    }
  });

  for (const [kind, name, make] of FILES) {
    it(`is given up where the file is written to meanwhile: ${kind}`, async () => {
      const path = join(folder, `moving-${name}`);
      await make(path);
      await writeFile(join(folder, "codes.csv"), "code\n1\n2\n");
      const tables = {
        // Asked for when the table itself is open already.
        get codes() {
          appendFileSync(path, "3,c\n");
          return { path: join(folder, "codes.csv") };
        },
      };
      const rule = { check: "reference", columns: ["no"], table: "codes", to: ["code"] };
      const rules = parsed(rulesText([rule]));
      expect((await rejection(checkTable({ file: { path }, rules, tables, asOf: AS_OF }))).code).to.equal(
        "SOURCE_CHANGED",
      );
    });

    it(`says that it is no table: ${kind}`, async () => {
      const path = join(folder, `broken-${name}`);
      await writeFile(path, "no,name\n1,a\n2,b,c\n");
      const found = await refusalOf({ path }, { check: "notNull", column: "no" });
      expect(found.code).to.equal("SOURCE_MALFORMED");
    });
  }
});
