import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Report, RuleSetSchema, reportDigest } from "@wanlian/client/quality";
import { expect } from "chai";
import { runWanlian } from "../client/cli/wanlian.js";
import { JsonService } from "../exchange/json-service.js";
import { workbook } from "../sheets/workbook.js";
import { rulesText } from "./checking.js";

const SCHEMA = new URL("../../../docs/formats/quality-rules.schema.json", import.meta.url);

const wanlian = (...argv: string[]) => runWanlian(argv, { LANG: "zh_CN.UTF-8" });

describe("wanlian quality", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "wanlian-quality-cli-"));
    await writeFile(join(folder, "data.csv"), "no,name\n1,张三\n2,\n");
    await writeFile(join(folder, "rules.yaml"), rulesText([{ check: "notNull", column: "name" }]));
    await writeFile(join(folder, "kind.yaml"), rulesText([{ check: "notNull", column: "no" }]));
  });
  after(async () => await rm(folder, { recursive: true, force: true }));

  it("check says in words what fails, and its exit code is the verdict's", async () => {
    const data = join(folder, "data.csv");
    const failed = await wanlian("quality", "check", data, "--rules", join(folder, "rules.yaml"));
    expect(failed.code).to.equal(1);
    expect(failed.out).to.include("name缺失").and.include("1 / 2").and.include("50.00%");
    const passed = await wanlian("quality", "check", data, "--rules", join(folder, "kind.yaml"));
    expect(passed.code).to.equal(0);
  });

  it("check writes the report whose digest it shows", async () => {
    const out = join(folder, "report.json");
    const { out: shown } = await wanlian(
      "--json",
      "quality",
      "check",
      join(folder, "data.csv"),
      "--rules",
      join(folder, "kind.yaml"),
      "--out",
      out,
    );
    const report = JSON.parse(await readFile(out, "utf8")) as Report;
    expect(JSON.parse(shown).digest).to.equal(reportDigest(report));
  });

  it("check takes a workbook, check-service what a service answers: the same rules, each with its own digest of the data", async () => {
    const rules = ["--rules", join(folder, "rules.yaml")];
    await writeFile(
      join(folder, "data.xlsx"),
      workbook([
        ["no", "name"],
        ["1", "张三"],
        ["2", ""],
      ]),
    );
    const service = await JsonService.start([{ no: "1", name: "张三" }, { no: "2" }]);
    try {
      const runs = [
        await wanlian("--json", "quality", "check", join(folder, "data.xlsx"), ...rules),
        await wanlian("--json", "quality", "check-service", service.url, ...rules),
      ];
      const tables = runs.map(({ code, out }) => {
        expect(code).to.equal(1);
        const { report } = JSON.parse(out) as { report: Report };
        expect(report.results[0]).to.include({ failing: 1, checked: 2 });
        return report.table.digest;
      });
      expect(tables[0]).to.equal(
        createHash("sha256")
          .update(await readFile(join(folder, "data.xlsx")))
          .digest("hex"),
      );
      expect(new Set(tables).size).to.equal(2);
    } finally {
      service.stop();
    }
  });

  it("own SQL is refused data that becomes other data while it is checked", async () => {
    const rules = join(folder, "sql.yaml");
    await writeFile(rules, rulesText([{ check: "sql", query: "select no from data where no = '9'" }]));
    const service = await JsonService.start([]);
    let asked = 0;
    service.answer = (response) => response.end(JSON.stringify([{ no: String(++asked) }]));
    const ran = await wanlian("quality", "check-service", service.url, "--rules", rules, "--lang", "en");
    service.stop();
    expect(ran.code).to.equal(1);
    expect(ran.err).to.match(/changed while/);
  });

  it("check refuses a day that is none, and a table without a path", async () => {
    const base = ["quality", "check", join(folder, "data.csv"), "--rules", join(folder, "kind.yaml")];
    expect((await wanlian(...base, "--as-of", "2026-02-30x")).code).to.equal(2);
    expect((await wanlian(...base, "--table", "codes")).code).to.equal(2);
  });

  it("compare takes several files as sources, or one that names them, and nothing between", async () => {
    for (const [name, value] of [
      ["a", "x"],
      ["b", "x"],
      ["c", "y"],
    ]) {
      await writeFile(join(folder, `${name}.csv`), `id,name\n1,${value}\n2,z\n`);
    }
    const files = ["a", "b", "c"].map((name) => join(folder, `${name}.csv`));
    const found = JSON.parse((await wanlian("--json", "quality", "compare", ...files, "--key", "id")).out);
    expect(found.cells).to.have.length(1);
    expect(found.cells[0]).to.deep.include({ key: ["1"], column: "name", source: files[2], value: "y", likely: "x" });
    expect((await wanlian("quality", "compare", files[0] ?? "", "--key", "id")).code).to.equal(2);
    expect((await wanlian("quality", "compare", ...files, "--key", "id", "--source", "id")).code).to.equal(2);
  });

  it("find and compare say that there is nothing, and compare how many things only one source has", async () => {
    const one = join(folder, "one.csv");
    await writeFile(one, "id,name\n1,x\n2,z\n3,z\n");
    const two = join(folder, "two.csv");
    await writeFile(two, "id,name\n1,x\n2,z\n");
    expect((await wanlian("quality", "find", one)).out).to.equal("没有发现可能有误的单元格。\n");
    const { out } = await wanlian("quality", "compare", one, two, "--key", "id");
    expect(out)
      .to.match(/其他来源没有的对象\n.*one\.csv +1\n.*two\.csv +0\n/)
      .and.include("没有发现不一致的单元格。");
  });

  it("schema prints the published schema", async () => {
    const published: unknown = JSON.parse(await readFile(SCHEMA, "utf8"));
    expect(JSON.parse((await wanlian("quality", "schema")).out)).to.deep.equal(published);
    expect(JSON.parse(JSON.stringify(RuleSetSchema))).to.deep.equal(published);
  });
});
