import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Comparison, compareSources } from "@wanlian/client/quality/compare/compare-sources.js";
import { compareLarge } from "@wanlian/client/quality/compare/large-comparison.js";
import { encodeSources } from "@wanlian/client/quality/profile/encoded-table.js";
import { expect } from "chai";
import fc from "fast-check";

describe("a comparison of two sources of any size", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "wanlian-large-"));
  });
  after(async () => await rm(folder, { recursive: true, force: true }));

  const NAMES = ["a", "b"] as const;
  async function filesOf(...texts: readonly [string, string]) {
    const files = new Map<string, { path: string }>();
    for (const [at, text] of texts.entries()) {
      const path = join(folder, `${NAMES[at]}.csv`);
      await writeFile(path, text);
      files.set(NAMES[at] ?? "", { path });
    }
    return files;
  }
  /** Which of two that contradict each other is likely, nobody can say who knows no more: what is doubted is what counts. */
  const doubted = ({ cells }: Comparison) => [...new Set(cells.map(({ key, column }) => `${key} ${column}`))].sort();
  const refusal = async (texts: readonly [string, string], key = ["id"], columns?: string[]) =>
    await compareLarge({ sources: await filesOf(...texts), key, ...(columns && { columns }) }).then(
      () => "accepted",
      (error: { code?: string }) => error.code,
    );

  const A = "id,name,age\n1,张三,10\n2,李四,20\n3,王五,30\n5,,50\n7,only,1\n";
  const B = "name,id,age\n张三,1,10\n李肆,2,20\n王五,3,\n赵,5,50\nother,8,1\nmore,9,1\n";

  it("counts what both say, finds what they say otherwise, and says how many rows only one has", async () => {
    const found = await compareLarge({ sources: await filesOf(A, B), key: ["id"] });
    expect(found.columns.map(({ column, compared, agreed }) => [column, compared, agreed])).to.deep.equal([
      ["name", 3, 2],
      ["age", 3, 3],
    ]);
    expect(found.alone).to.deep.equal([
      { source: "a", rows: 1 },
      { source: "b", rows: 2 },
    ]);
    const cells = found.cells.map(({ key, column, source, value, likely, kind }) => [
      ...key,
      column,
      source,
      value,
      likely,
      kind,
    ]);
    expect(cells.filter(([, , , , , kind]) => kind === "missing")).to.deep.equal([
      ["3", "age", "b", null, "30", "missing"],
      ["5", "name", "a", null, "赵", "missing"],
    ]);
    expect(cells.filter(([, , , , , kind]) => kind === "value").map(([id, column]) => [id, column])).to.deep.equal([
      ["2", "name"],
    ]);
  });

  it("finds nothing where there is nothing to find", async () => {
    const found = await compareLarge({ sources: await filesOf(A, A), key: ["id"], columns: ["age"] });
    expect(found.cells).to.deep.equal([]);
    expect(found.sources.map(({ source, reliability }) => [source, reliability])).to.deep.equal([
      ["a", 1],
      ["b", 1],
    ]);
  });

  it("says the same as where all is held, whatever the texts are", async function () {
    this.timeout(60_000);
    const value = fc.constantFrom("", "x", "y", "z", "é");
    const rows = fc.uniqueArray(fc.tuple(fc.constantFrom("1", "2", "3", "4", "5", "6", "", "é"), value, value), {
      selector: ([id]) => id,
      maxLength: 8,
    });
    const csv = (table: readonly (readonly string[])[]) =>
      `id,n,m\n${table.map((row) => `${row.join(",")}\n`).join("")}`;
    await fc.assert(
      fc.asyncProperty(rows, rows, async (one, other) => {
        const sources = await filesOf(csv(one), csv(other));
        const columns = ["n", "m"];
        const whole = compareSources({
          table: await encodeSources(sources, "(file)"),
          source: "(file)",
          key: ["id"],
          columns,
        });
        const found = await compareLarge({ sources, key: ["id"], columns });
        expect(doubted(found)).to.deep.equal(doubted(whole));
        expect(found.columns).to.deep.equal(whole.columns);
      }),
      { numRuns: 30 },
    );
  });

  it("needs a key that names one row in each, two sources, and columns that both have", async () => {
    expect(await refusal([A, "id,name,age\n1,x,1\n1,y,2\n"])).to.equal("RULES_DO_NOT_FIT");
    expect(await refusal([A, B], ["no"])).to.equal("RULES_DO_NOT_FIT");
    expect(await refusal([A, B], ["id"], ["sex"])).to.equal("RULES_DO_NOT_FIT");
    const three = new Map([...(await filesOf(A, B)), ["c", { path: join(folder, "a.csv") }]]);
    const error = await compareLarge({ sources: three, key: ["id"] }).catch((cause: { code?: string }) => cause);
    expect(error).to.include({ code: "CHECK_TOO_LARGE" });
  });
});
