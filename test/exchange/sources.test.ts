import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { CsvSource } from "@wanlian/client/exchange/sources/csv-source.js";
import { PostgresSource } from "@wanlian/client/exchange/sources/databases/postgres-source.js";
import { HttpSource } from "@wanlian/client/exchange/sources/http-source.js";
import { ParquetSource } from "@wanlian/client/exchange/sources/parquet-source.js";
import type { Source } from "@wanlian/client/exchange/sources/source.js";
import { SourceList, type SourcePlace } from "@wanlian/client/exchange/sources/source-list.js";
import { decodeColumn } from "@wanlian/client/sheets/column.js";
import { type CsvOptions, readCsv } from "@wanlian/client/sheets/csv.js";
import { RunningDigest } from "@wanlian/client/sheets/running-digest.js";
import { digestCsv } from "@wanlian/client/tables/digest.js";
import type { DatasetId, Digest } from "@wanlian/model/identifiers.js";
import { expect } from "chai";
import fc from "fast-check";
import pg from "pg";
import { type PostgresServer, postgresPrograms, startPostgres } from "../client/postgres.js";
import { JsonService } from "./json-service.js";

const ROWS = [
  ["0371", "宛城区", "411302199001011234", null],
  ["000", '邓州, "市"', "000000000000000001", ""],
  ["0371", "line\nbreak\\", "411303199512310012", "x"],
];
const CSV = `code,name,id,note
0371,宛城区,411302199001011234,
000,"邓州, ""市""",000000000000000001,""
0371,"line
break\\",411303199512310012,x
`;

describe("sources", () => {
  let dir: string;
  const programs = postgresPrograms();
  let server: PostgresServer | undefined;
  let table: PostgresSource | undefined;
  let service: JsonService;
  before(async function () {
    this.timeout(60_000);
    dir = await mkdtemp(join(tmpdir(), "wanlian-sources-"));
    await writeFile(join(dir, "rows.csv"), CSV);
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    await connection.run(
      "create table rows (code varchar, name varchar, id varchar, note varchar, amount bigint, day date)",
    );
    for (const row of ROWS)
      await connection.run("insert into rows values ($1, $2, $3, $4, 123456789012345678, '2026-03-02')", row);
    await connection.run(`copy rows to '${join(dir, "rows.parquet")}' (format parquet)`);
    connection.closeSync();
    const [names, values] = [["code", "name", "id", "note"], ROWS];
    service = await JsonService.start(
      values.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]]))),
    );
    if (programs === undefined) return;
    server = await startPostgres(programs);
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query(`create table "rows" (n int, code text, name text, id char(18), note text)`);
    // Not in the order of the key, which is what a release's order is by.
    for (const [at, row] of [...ROWS.entries()].reverse()) {
      await client.query('insert into "rows" values ($1, $2, $3, $4, $5)', [at, ...row]);
    }
    await client.end();
    table = new PostgresSource({ url: server.url, table: ["public", "rows"], orderBy: ["n"] });
  });
  after(async () => {
    await table?.close();
    await server?.stop();
    service.stop();
    await rm(dir, { recursive: true, force: true });
  });

  const postgres = (): Source => {
    if (table === undefined) throw new Error("no server");
    return table;
  };

  let large: CsvSource | undefined;
  /** The same one, so that what its first look-up learns holds for the others. */
  const largeCsv = (): Source => {
    large ??= new CsvSource(join(dir, "rows.csv"), {}, 0);
    return large;
  };

  const kinds: [string, () => Source][] = [
    ["CSV", () => new CsvSource(join(dir, "rows.csv"))],
    ["CSV too large to be held", largeCsv],
    ["Parquet", () => new ParquetSource(join(dir, "rows.parquet"))],
    ["PostgreSQL", postgres],
    ["an HTTP service", () => new HttpSource(service.url)],
  ];
  const codeOf = async (act: Promise<unknown>) =>
    await act.then(
      () => "accepted",
      (error: { code?: string }) => error.code,
    );
  const all = async (source: Source, fields: string[]) => {
    const columns: (string | null)[][] = fields.map(() => []);
    for await (const batch of source.read(fields)) {
      for (const [at, column] of batch.columns.entries()) columns[at]?.push(...decodeColumn(column));
    }
    return columns;
  };

  for (const [kind, open] of kinds) {
    describe(kind, () => {
      before(function () {
        if (kind === "PostgreSQL" && programs === undefined) this.skip();
      });

      it("gives values as they are: zeros, 18 digits, quotes, line ends, missing and empty", async () => {
        const expected = [0, 1, 2, 3].map((at) => ROWS.map((row) => row[at]));
        expect(await all(open(), ["code", "name", "id", "note"])).to.deep.equal(expected);
      });

      it("finds rows by one value or several, in order, up to a limit", async () => {
        const source = open();
        expect(await source.find({ code: "0371" }, ["id"], 10)).to.deep.equal([
          ["411302199001011234"],
          ["411303199512310012"],
        ]);
        expect(await source.find({ code: "0371", note: "x" }, ["note", "code"], 10)).to.deep.equal([["x", "0371"]]);
        expect(await source.find({ code: "0371" }, ["id"], 1)).to.have.length(1);
        expect(await source.find({ code: "371" }, ["id"], 10), "a code is no number").to.deep.equal([]);
        expect(await source.find({ note: "" }, ["code"], 10), "empty is not missing").to.deep.equal([["000"]]);
      });

      it("takes no field that is not there, whatever it is called", async () => {
        for (const field of ["nothing", 'code"; drop table rows; --', "code)"]) {
          expect(await codeOf(open().find({ code: "0371" }, [field], 1))).to.equal("FIELD_UNKNOWN");
          expect(await codeOf(open().find({ [field]: "x" }, ["code"], 1))).to.equal("FIELD_UNKNOWN");
          expect(await codeOf(all(open(), [field]))).to.equal("FIELD_UNKNOWN");
        }
      });

      it("takes a value for a value, never for a part of a query", async () => {
        expect(await open().find({ code: "' or 1=1 --" }, ["code"], 10)).to.deep.equal([]);
      });
    });
  }

  it("digests a Parquet file's text columns as it does the same CSV", async () => {
    const fields = ["code", "name", "id", "note"];
    const running = new RunningDigest(fields);
    for await (const batch of new ParquetSource(join(dir, "rows.parquet")).read(fields)) running.update(batch);
    expect(running.finish()).to.deep.equal(await digestCsv(join(dir, "rows.csv")));
  });

  it("gives Parquet's numbers and dates whole, as text", async () => {
    expect(await all(new ParquetSource(join(dir, "rows.parquet")), ["amount", "day"])).to.deep.equal([
      ROWS.map(() => "123456789012345678"),
      ROWS.map(() => "2026-03-02"),
    ]);
  });

  it("digests a PostgreSQL table, in the order of its key, as it does the same CSV", async function () {
    if (programs === undefined) this.skip();
    const fields = ["code", "name", "id", "note"];
    const running = new RunningDigest(fields);
    for await (const batch of postgres().read(fields)) running.update(batch);
    expect(running.finish()).to.deep.equal(await digestCsv(join(dir, "rows.csv")));
  });

  it("reads a PostgreSQL table of one piece, whatever is written meanwhile, and says what is wrong with it", async function () {
    if (server === undefined) this.skip();
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query("create table many as select n, lpad(n::text, 6, '0') as code from generate_series(1, 12000) n");
    const source = new PostgresSource({ url: server.url, table: ["public", "many"], orderBy: ["n"] });
    let rows = 0;
    for await (const batch of source.read(["code"])) {
      if (rows === 0) await client.query("delete from many where n > 100");
      rows += batch.rows;
    }
    expect(rows).to.equal(12_000);
    await client.end();
    await source.close();
    const missing = new PostgresSource({ url: server.url, table: ["public", "nothing"], orderBy: ["n"] });
    expect(await codeOf(missing.find({ code: "1" }, ["code"], 1))).to.equal("SOURCE_MISSING");
    await missing.close();
    const away = new PostgresSource({ url: "postgresql://test@127.0.0.1:1/x", table: ["public", "x"], orderBy: ["n"] });
    expect(await codeOf(away.find({ code: "1" }, ["code"], 1))).to.equal("SOURCE_MISSING");
  });

  it("looks up what a file holds now, not what it held before", async () => {
    const path = join(dir, "changing.csv");
    await writeFile(path, "code,name\n1,a\n");
    const source = new CsvSource(path);
    expect(await source.find({ code: "2" }, ["name"], 1)).to.deep.equal([]);
    await appendFile(path, "2,b\n");
    expect(await source.find({ code: "2" }, ["name"], 1)).to.deep.equal([["b"]]);
  });

  it("says that a source is missing, a folder, or no Parquet", async () => {
    for (const path of [join(dir, "nothing"), dir]) {
      expect(await codeOf(new CsvSource(path).find({ a: "1" }, ["a"], 1))).to.equal("SOURCE_MISSING");
      expect(await codeOf(new ParquetSource(path).find({ a: "1" }, ["a"], 1))).to.equal("SOURCE_MISSING");
    }
    expect(await codeOf(new ParquetSource(join(dir, "rows.csv")).find({ code: "1" }, ["code"], 1))).to.equal(
      "SOURCE_MALFORMED",
    );
  });

  it("reads one file, whatever its path is to DuckDB", async () => {
    const path = join(dir, "row?.csv");
    await writeFile(path, "code,name\n1,this\n");
    await writeFile(join(dir, "rowx.csv"), "code,name\n1,other\n");
    const source = new CsvSource(path, {}, 0);
    for (let i = 0; i < 2; i += 1) expect(await source.find({ code: "1" }, ["name"], 5)).to.deep.equal([["this"]]);
    expect(() => new ParquetSource(join(dir, "row?.parquet"))).to.throw(/rename the file/);
  });

  describe("a CSV too large to be held", () => {
    /** Finds every row by every value of it, both ways, twice: only the first look-up reads the file here. */
    const expectSame = async (content: Uint8Array | string, options: CsvOptions = {}) => {
      const path = join(dir, "searched.csv");
      await writeFile(path, content);
      const [held, searched] = [new CsvSource(path, options), new CsvSource(path, options, 0)];
      const fields: string[] = [];
      for await (const batch of readCsv([Buffer.from(content)] as never, options)) fields.push(...batch.fields);
      const names = [...new Set(fields)];
      const columns = await all(held, names);
      await searched.find({ [names[0] as string]: "nothing" }, names, 1);
      for (const [at, name] of names.entries())
        for (const value of new Set(columns[at])) {
          if (value === null) continue;
          const [expected, found] = [
            await held.find({ [name]: value }, names, 5),
            await searched.find({ [name]: value }, names, 5),
          ];
          expect(found, `${name} = ${JSON.stringify(value)}`).to.deep.equal(expected);
        }
    };

    const files: [string, string | Uint8Array, CsvOptions?][] = [
      ["a byte order mark", "\ufeffcode,name\n01,a\n02,b\n"],
      ["CR LF, and no end of the last line", "code,name\r\n01,a\r\n02,b"],
      ["line ends of two kinds", "code,name\r\n01,a\n02,b\r\n"],
      ["a carriage return alone in a value", "code,name\n01,a\rb\n02,c\n"],
      ["a carriage return in quotes", 'code,name\n01,"a\r\nb"\n02,c\n'],
      ["line feeds in quotes", 'code,name\n01,"a\nb"\n"0\n2",c\n'],
      ["one column with an empty line", "code\n01\n\n02\n"],
      ["a line of missing values", "code,name\n,\n01,a\n"],
      ["missing beside empty", 'code,name\n01,\n02,""\n,x\n"",y\n'],
      ["spaces around values", "code,name\n 01 , a\n02,b  \n"],
      ["words that mean something elsewhere", "code,name\nNULL,null\nNaN,true\n#01,--\n"],
      ["quotes, backslashes, another delimiter", 'code;name\n"0;1";"a ""b"" \\"\n\\;c\n', { delimiter: ";" }],
      ["a header that needs quotes", `"co'de","na""me, x"\n01,a\n`],
      ["GB18030", Buffer.from("636f64652c6e616d650a30312cc4cfd1f40a", "hex"), { encoding: "gb18030" }],
      ["no rows", "code,name\n"],
      [
        "a value beyond DuckDB's longest line",
        `code,name\n01,a\n02,${"x".repeat(1_000_000)}\n03,"${"y".repeat(900_000)}"\n`,
      ],
    ];
    for (const [what, content, options] of files)
      it(`is searched as it was registered: ${what}`, () => expectSame(content, options));

    it("is searched as it was registered, whatever its values", async function () {
      this.timeout(60_000);
      const value = fc.string({
        unit: fc.constantFrom("a", "0", " ", ",", '"', "\n", "\\", "'", "市", "#", "\t"),
        maxLength: 4,
      });
      const row = fc.array(fc.option(value, { nil: null, freq: 5 }), { minLength: 3, maxLength: 3 });
      const cell = (text: string | null) =>
        text === null ? "" : /[",\n]/.test(text) || text === "" ? `"${text.replaceAll('"', '""')}"` : text;
      await fc.assert(
        fc.asyncProperty(fc.array(row, { maxLength: 8 }), fc.constantFrom("\n", "\r\n"), async (rows, end) => {
          await expectSame([["x", "y", "z"], ...rows].map((cells) => cells.map(cell).join(",") + end).join(""));
        }),
        { numRuns: 60 },
      );
    });

    it("is read anew when it changed", async () => {
      const path = join(dir, "changed.csv");
      await writeFile(path, "code,name\n01,a\n");
      const source = new CsvSource(path, {}, 0);
      for (let i = 0; i < 2; i += 1) expect(await source.find({ code: "01" }, ["name"], 1)).to.deep.equal([["a"]]);
      await writeFile(path, "name,code\r\nb,01\r\n");
      for (let i = 0; i < 2; i += 1) expect(await source.find({ code: "01" }, ["name"], 1)).to.deep.equal([["b"]]);
    });
  });

  describe("the list of sources", () => {
    const dataset = "CivilMSP/divisions" as DatasetId;
    const rowRoot = "ab".repeat(32) as Digest;

    it("knows a release by its row root and nothing else", async () => {
      const path = join(dir, "sources.json");
      const list = await SourceList.open(path);
      await list.add({ dataset, rowRoot, rows: "rows", place: { kind: "csv", path: join(dir, "rows.csv") } });
      const again = await SourceList.open(path);
      expect(await (await again.find(dataset, rowRoot)).source.find({ code: "000" }, ["id"], 1)).to.deep.equal([
        ["000000000000000001"],
      ]);
      expect(await codeOf(again.find(dataset, "cd".repeat(32) as Digest))).to.equal("SOURCE_MISSING");
      expect(await codeOf(again.find("PoliceMSP/divisions" as DatasetId, rowRoot))).to.equal("SOURCE_MISSING");
    });

    it("is refused where it is not in its form", async () => {
      for (const text of [
        '[{"dataset":"x"}]',
        '[{"dataset":"CivilMSP/a","rowRoot":"00","place":{"kind":"http"}}]',
        "{}",
      ]) {
        const path = join(dir, "wrong.json");
        await writeFile(path, text);
        expect(await codeOf(SourceList.open(path))).to.equal("INVALID_INPUT");
      }
    });

    it("takes a database's address from the environment alone", async () => {
      const list = await SourceList.open(join(dir, "postgres.json"));
      const place: SourcePlace = {
        kind: "postgres",
        urlFrom: "WANLIAN_NO_SUCH_SOURCE",
        schema: "public",
        table: "t",
        orderBy: ["id"],
      };
      await list.add({ dataset, rowRoot, rows: "rows", place });
      expect(await codeOf(list.find(dataset, rowRoot))).to.equal("SOURCE_MISSING");
    });
  });
});
