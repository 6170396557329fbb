import { appendFile, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import { checkTable } from "@wanlian/client/quality/check-table.js";
import { openTable } from "@wanlian/client/quality/engine/checked-table.js";
import { Workbench } from "@wanlian/client/quality/engine/workbench.js";
import { reportDigest } from "@wanlian/client/quality/report.js";
import { expect } from "chai";
import fc from "fast-check";
import iconv from "iconv-lite";
import { AS_OF, check, only, parsed, rulesText } from "./checking.js";
import { rejection } from "./misfits.js";

/** Between two looks at a condition that is waited for. */
const POLL_MS = 10;

describe("checking a table", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "wanlian-check-test-"));
  });
  after(async () => await rm(folder, { recursive: true, force: true }));

  const notNull = { check: "notNull", column: "name" };
  const FORMS: readonly [form: string, bytes: Buffer, encoding?: "gb18030"][] = [
    ["LF", Buffer.from("no,name\n1,南阳\n2,\n3,c\n")],
    ["no last line end", Buffer.from("no,name\n1,南阳\n2,\n3,c")],
    ["CR LF", Buffer.from("no,name\r\n1,南阳\r\n2,\r\n3,c\r\n")],
    ["both line ends", Buffer.from("no,name\r\n1,南阳\n2,\r\n3,c\n")],
    ["line ends inside quotes", Buffer.from('no,name\n1,"南\n阳"\n2,\n3,c\n')],
    ["CR LF inside quotes", Buffer.from('no,name\r\n1,"南\r\n阳"\r\n2,\r\n3,c\r\n')],
    ["a byte order mark", Buffer.from("\ufeffno,name\n1,南阳\n2,\n3,c\n")],
    ["GB18030", iconv.encode("no,name\n1,南阳\n2,\n3,c\n", "gb18030"), "gb18030"],
  ];
  for (const [form, bytes, encoding] of FORMS) {
    it(`reads CSV with ${form}`, async () => {
      const path = join(folder, "form.csv");
      await writeFile(path, bytes);
      const file = { path, ...(encoding === undefined ? {} : { encoding }) };
      const report = await checkTable({ file, rules: parsed(rulesText([notNull])), asOf: AS_OF });
      expect([report.table.rows, only(report).failing]).to.deep.equal([3, 1]);
      expect(only(report).sample).to.deep.equal([["2", null]]);
    });
  }

  it("sees in a file what the releases' reader sees, whatever the values", async () => {
    const value = fc.oneof(
      fc.constantFrom("", '"', "\r", "\n", "\r\n", ",", " ", "a", "\\N", "NULL"),
      fc.string({ unit: "grapheme" }),
    );
    const cell = fc.option(fc.array(value, { maxLength: 3 }).map((parts) => parts.join("").replaceAll("\0", "")));
    const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 12 });
    const line = fc.constantFrom("\n", "\r\n");
    await fc.assert(
      fc.asyncProperty(table, line, fc.boolean(), async (rows, end, quoteAll) => {
        const write = (text: string | null) =>
          text === null
            ? ""
            : quoteAll || text === "" || /[",\r\n]/.test(text)
              ? `"${text.replaceAll('"', '""')}"`
              : text;
        const path = join(folder, "any.csv");
        await writeFile(path, ["a,b", ...rows.map((row) => row.map(write).join(","))].join(end) + end);
        const bench = await Workbench.open();
        try {
          await openTable(bench, "t", { path });
          expect(await bench.rows('select a, b from "t"')).to.deep.equal(rows);
        } finally {
          await bench.close();
        }
      }),
      { numRuns: 60 },
    );
  });

  it("reads Parquet as text, in China's time whatever the machine's", async () => {
    const path = join(folder, "table.parquet");
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    await connection.run(
      `copy (select 1 as no, timestamptz '2026-01-01 00:00:00+00' as at, 1.50::decimal(9,2) as amount) to '${path}' (format parquet)`,
    );
    connection.closeSync();
    const rules = [
      { check: "codes", column: "at", values: ["2026-01-01 08:00:00+08"] },
      { check: "codes", column: "amount", values: ["1.50"] },
    ];
    const zone = process.env.TZ;
    process.env.TZ = "America/New_York";
    try {
      const report = await checkTable({ file: { path }, rules: parsed(rulesText(rules)), asOf: AS_OF });
      expect(report.results.map(({ passed }) => passed)).to.deep.equal([true, true]);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });

  it("gives the same report, to the byte, whatever the threads and the memory", async () => {
    const path = join(folder, "many.csv");
    const lines = Array.from({ length: 50_000 }, (_, at) => `${at},${at % 977},${at % 13 === 0 ? "" : `v${at % 31}`}`);
    await writeFile(path, `no,group,name\n${lines.join("\n")}\n`);
    const rules = parsed(
      rulesText([
        notNull,
        { check: "unique", columns: ["group"] },
        { check: "dependency", determinant: ["group"], dependent: "name" },
        { check: "range", column: "no", as: "number", max: "40000" },
      ]),
    );
    const digests = new Set<string>();
    for (const options of [{ threads: 1 }, { threads: 2 }, { threads: 4, memoryMb: 256 }]) {
      digests.add(reportDigest(await checkTable({ file: { path }, rules, asOf: AS_OF, ...options })));
    }
    expect(digests.size).to.equal(1);
  });

  it("scores dimensions and the whole by weight; what had nothing to look at does not count", async () => {
    const csv = "no,name,empty\n1,a,\n2,,\n3,b,\n4,c,\n";
    const rules = [
      { ...notNull, dimension: "completeness", weight: 3 },
      { check: "codes", column: "name", values: ["a", "b"], dimension: "accuracy" },
      { check: "date", column: "empty", dimension: "accuracy", weight: 100 },
    ];
    const { scores } = await check({ folder, csv, rules });
    // 3 of 4, and 2 of 3.
    expect(scores).to.deep.equal({ total: 7291, dimensions: { completeness: 7500, accuracy: 6666 } });
  });

  it("fails by rules of severity error alone", async () => {
    const csv = "no,name\n1,\n";
    expect((await check({ folder, csv, rules: [{ ...notNull, severity: "warning" }] })).verdict).to.equal("passed");
    expect((await check({ folder, csv, rules: [notNull] })).verdict).to.equal("failed");
  });

  it("takes linear time for a pattern that others take for ever for", async () => {
    const csv = `no,name\n1,${"a".repeat(50_000)}b\n`;
    const rule = { check: "format", column: "name", pattern: "(a|a)*(a+)+c" };
    expect(only(await check({ folder, csv, rules: [rule] })).failing).to.equal(1);
  }).timeout(5000);

  it("says in which line a broken file breaks", async () => {
    const found = await rejection(check({ folder, csv: "no,name\n1,a\n2,b,c\n", rules: [notNull] }));
    expect(found.code).to.equal("SOURCE_MALFORMED");
    expect(found.message).to.match(/Line: 3|row 2/);
  });

  it("refuses a path that the engine would take for many files", async () => {
    const path = join(folder, "t*.csv");
    await writeFile(path, "no,name\n1,a\n");
    const found = await rejection(checkTable({ file: { path }, rules: parsed(rulesText([notNull])), asOf: AS_OF }));
    expect(found.code).to.equal("SOURCE_MALFORMED");
  });

  it("ends with SOURCE_CHANGED if the file is written to meanwhile", async () => {
    const path = join(folder, "growing.csv");
    await writeFile(path, `no,name\n${"1,a\n".repeat(300_000)}`);
    const checking = checkTable({ file: { path }, rules: parsed(rulesText([notNull])), asOf: AS_OF });
    const writing = setInterval(() => void appendFile(path, "2,b\n"), 5);
    expect((await rejection(checking)).code).to.equal("SOURCE_CHANGED");
    clearInterval(writing);
  });

  it("stops when nobody wants it any more, and leaves nothing behind", async () => {
    const own = await mkdtemp(join(folder, "tmp-"));
    const usual = process.env.TMPDIR;
    process.env.TMPDIR = own;
    const csv = `no,name\n${Array.from({ length: 20_000 }, (_, at) => `${at},${at}`).join("\n")}\n`;
    const predicates = [
      { left: "t1.no", is: "<", right: "t2.no", as: "number" },
      { left: "t1.name", is: ">", right: "t2.name", as: "number" },
    ];
    const abort = new AbortController();
    const options = { signal: abort.signal, onProgress: () => abort.abort() };
    const checking = check({ folder, csv, rules: [{ check: "denial", predicates }], options });
    const soon = setTimeout(() => abort.abort(), 300);
    expect((await rejection(checking)).code).to.equal("CHECK_CANCELLED");
    clearTimeout(soon);
    if (usual === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = usual;
    // Whoever no longer waits is told at once; what is on disk goes as soon as the engine has let go of it.
    while ((await readdir(own)).length > 0) await delay(POLL_MS);
  });
});
