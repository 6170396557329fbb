import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExchangeError } from "@wanlian/client/core/exchange-error.js";
import { decodeColumn, MAX_VALUE_BYTES } from "@wanlian/client/sheets/column.js";
import type { CsvOptions } from "@wanlian/client/sheets/csv.js";
import { readCsv } from "@wanlian/client/sheets/csv.js";
import { RunningDigest } from "@wanlian/client/sheets/running-digest.js";
import { digestCsv } from "@wanlian/client/tables/digest.js";
import { cellLine } from "@wanlian/model/release/cell.js";
import { expect } from "chai";
import fc from "fast-check";

interface Vector {
  title: string;
  encoding: "utf-8" | "gb18030";
  csv: string;
  rows: number;
  columns: Record<string, (string | null)[]>;
  fields: { name: string; digest: string }[];
  root: string;
}

const vectors = JSON.parse(
  readFileSync(new URL("../../vectors/release-digest/vectors.json", import.meta.url), "utf8"),
) as Vector[];

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function columnsOf(bytes: Uint8Array, options: CsvOptions, size = bytes.length || 1) {
  const columns: Record<string, (string | null)[]> = {};
  for await (const batch of readCsv(inPieces(bytes, size), options)) {
    for (const [at, field] of batch.fields.entries()) {
      columns[field] = [...(columns[field] ?? []), ...decodeColumn(batch.columns[at] as Uint8Array)];
    }
  }
  return columns;
}

async function codeOf(csv: string | Uint8Array, options: CsvOptions = {}): Promise<string> {
  try {
    await digestCsv(inPieces(Buffer.from(csv), 7), options);
  } catch (error) {
    if (error instanceof ExchangeError) return error.code;
    throw error;
  }
  return "accepted";
}

describe("digest of a release", () => {
  for (const { title, encoding, csv, columns, ...expected } of vectors) {
    it(`agrees with the second implementation: ${title}`, async () => {
      const bytes = Buffer.from(csv, "base64");
      for (const size of [1, 2, 5, 1000]) {
        expect(await digestCsv(inPieces(bytes, size), { encoding }), `in pieces of ${size}`).to.deep.equal(expected);
        expect(await columnsOf(bytes, { encoding }, size)).to.deep.equal(columns);
      }
    });
  }

  it("of two fields is theirs in the whole, in any order", async () => {
    const csv = Buffer.from("a,b,c\n1,2,3\n4,5,6\n");
    const whole = await digestCsv(inPieces(csv, 4));
    const part = await digestCsv(inPieces(csv, 4), { fields: ["c", "a"] });
    expect(part.fields).to.deep.equal([whole.fields[2], whole.fields[0]]);
    expect(part.rows).to.equal(2);
  });

  it("reads back whatever values were written, however the file is cut", async () => {
    const value = fc.option(fc.string({ unit: fc.constantFrom("a", "0", "中", '"', ",", "\n", "\r", "\\", " ", "N") }));
    const table = fc.array(fc.tuple(value, value), { maxLength: 12 });
    const quoted = (text: string | null) => (text === null ? "" : `"${text.replaceAll('"', '""')}"`);
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 40 }), async (rows, size) => {
        const csv = Buffer.from(`x,y\n${rows.map((row) => `${row.map(quoted).join(",")}\n`).join("")}`);
        const running = new RunningDigest(["x", "y"]);
        const columns = [0, 1].map((at) => rows.map((row) => cellLine(row[at] ?? null)).join(""));
        running.update({ rows: rows.length, columns: columns.map((column) => Buffer.from(column)) });
        expect(await digestCsv(inPieces(csv, size))).to.deep.equal(running.finish());
      }),
    );
  });

  it("uses the memory of a batch again once it was released, and of no other", async () => {
    const csv = Buffer.from(`x,y\n${Array.from({ length: 3000 }, (_, i) => `${i},${"y".repeat(i % 90)}\n`).join("")}`);
    const expected = await columnsOf(csv, {});
    const memory = new Set<ArrayBufferLike>();
    const kept: (() => void)[] = [];
    const copies: string[][] = [[], []];
    let batches = 0;
    for await (const { columns, release } of readCsv(inPieces(csv, 1000), {})) {
      batches += 1;
      for (const column of columns) memory.add(column.buffer);
      const text = () => columns.map((column) => decodeColumn(column).map(String));
      const before = text();
      for (const [at, values] of before.entries()) copies[at]?.push(...values);
      // Every tenth is looked at until the end.
      if (batches % 10 === 0) kept.push(() => expect(text()).to.deep.equal(before));
      else for (const _ of [1, 2]) release?.();
    }
    for (const check of kept) check();
    expect(copies).to.deep.equal([expected.x, expected.y].map((values) => values?.map(String)));
    expect(memory.size).to.be.below(batches);
    expect(kept).not.to.be.empty;
  });

  it("is of a large file what it is of its bytes, though they pass through little memory", async () => {
    const dir = await mkdtemp(join(tmpdir(), "wanlian-digest-"));
    try {
      const csv = Buffer.from(`x,y\n${Array.from({ length: 200_000 }, (_, i) => `${i},第${i}号\n`).join("")}`);
      expect(csv.length).to.be.above(3 * 1024 * 1024);
      await writeFile(join(dir, "large.csv"), csv);
      expect(await digestCsv(join(dir, "large.csv"))).to.deep.equal(await digestCsv(inPieces(csv, csv.length)));
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });

  const refused: [string, string | Uint8Array, string, CsvOptions?][] = [
    ["a row with a value too many", "a,b\n1,2\n1,2,3\n", "SOURCE_MALFORMED"],
    ["a row with a value too few", "a,b\n1\n", "SOURCE_MALFORMED"],
    ["an empty line", "a,b\n1,2\n\n3,4\n", "SOURCE_MALFORMED"],
    ["a quote that never closes", 'a,b\n1,"2\n', "SOURCE_MALFORMED"],
    ["a quote inside an unquoted value", 'a,b\n1,2"3\n', "SOURCE_MALFORMED"],
    ["text after a closing quote", 'a,b\n1,"2"3\n', "SOURCE_MALFORMED"],
    ["two columns of one name", "a,a\n1,2\n", "SOURCE_MALFORMED"],
    ["a column without a name", "a,\n1,2\n", "SOURCE_MALFORMED"],
    ["nothing at all", "", "SOURCE_MALFORMED"],
    [
      "bytes that are not UTF-8",
      Buffer.concat([Buffer.from("a\n"), Buffer.from([0xc4, 0xcf, 0x0a])]),
      "SOURCE_MALFORMED",
    ],
    ["bytes that are not GB18030", Buffer.from([0x61, 0x0a, 0xff, 0x0a]), "SOURCE_MALFORMED", { encoding: "gb18030" }],
    ["a field that is not there", "a,b\n1,2\n", "FIELD_UNKNOWN", { fields: ["c"] }],
    [
      "a header of a thousand and one columns",
      `${Array.from({ length: 1001 }, (_, i) => `c${i}`)}\n`,
      "SOURCE_TOO_LARGE",
    ],
    ["a value beyond the limit", `a\n${"x".repeat(MAX_VALUE_BYTES + 1)}\n`, "SOURCE_TOO_LARGE"],
    ["a quote as delimiter", "a\n", "SOURCE_MALFORMED", { delimiter: '"' }],
  ];
  for (const [what, csv, code, options] of refused) {
    it(`refuses ${what}`, async () => {
      expect(await codeOf(csv, options)).to.equal(code);
    });
  }

  it("says that a file is missing", async () => {
    const failure = await digestCsv("/nonexistent/list.csv").then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).to.be.instanceOf(ExchangeError).with.property("code", "SOURCE_MISSING");
  });
});
