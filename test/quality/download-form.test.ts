import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { digestSource, sourceAt } from "@wanlian/client/exchange/sources/index.js";
import { writeParquet } from "@wanlian/client/quality";
import { readCsv } from "@wanlian/client/sheets/csv.js";
import { excelCsv } from "@wanlian/client/sheets/excel-csv.js";
import { expect } from "chai";

/** What a download may hold: leading zeros, a missing value beside an empty text, line ends, quotes, formulas. */
const DATA = 'code,name\n0372,张三\n2,\n3,""\n4,"a\nb, ""c"""\n5,=1+1\n6,＋86\n7,411302199001011234\n';

describe("a download, as it is kept", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "wanlian-form-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const bytesOf = async function* (text: string) {
    yield Buffer.from(text);
  };

  async function forExcel(csv: string): Promise<readonly [text: string, changed: number]> {
    const lines = excelCsv(readCsv(bytesOf(csv)));
    let text = "";
    for (;;) {
      const next = await lines.next();
      if (next.done) return [text, next.value];
      text += next.value;
    }
  }

  const rootOf = async (kind: "csv" | "parquet", path: string) => {
    const source = await sourceAt({ kind, path });
    try {
      return await digestSource(source, await source.fields());
    } finally {
      await source.close?.();
    }
  };

  it("for Excel begins with a byte order mark, ends lines as Windows does, and runs no formula", async () => {
    const [text, changed] = await forExcel(DATA);
    expect(text).to.equal(
      '\ufeffcode,name\r\n0372,张三\r\n2,\r\n3,""\r\n4,"a\nb, ""c"""\r\n5,\'=1+1\r\n6,\'＋86\r\n7,411302199001011234\r\n',
    );
    expect(changed).to.equal(2);
  });

  it("for Excel is still the release where no cell looks like a formula", async () => {
    const [plain, excel] = ["plain.csv", "excel.csv"].map((name) => join(folder, name)) as [string, string];
    const tame = DATA.replace(/[56],.*\n/g, "");
    await writeFile(plain, tame);
    const [text, changed] = await forExcel(tame);
    await writeFile(excel, text);
    expect(changed).to.equal(0);
    expect(await rootOf("csv", excel)).to.deep.equal(await rootOf("csv", plain));
  });

  it("as Parquet has the digests of the CSV that it came as, row for row", async () => {
    const [csv, parquet] = ["data.csv", "data.parquet"].map((name) => join(folder, name)) as [string, string];
    const many = Array.from({ length: 20_000 }, (_, at) => `${at % 7 === 0 ? "" : at},n${at}\n`).join("");
    for (const text of [DATA, "code,name\n", `code,name\n${many}`]) {
      await writeFile(csv, text);
      await writeParquet({ path: csv, kind: "csv", encoding: "utf-8" }, parquet);
      expect(await rootOf("parquet", parquet)).to.deep.equal(await rootOf("csv", csv));
    }
    expect((await readFile(parquet)).subarray(0, 4).toString()).to.equal("PAR1");
  });
});
