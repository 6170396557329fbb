import { encodeRows } from "@wanlian/client/quality/profile/encoded-table.js";
import { GroupCounts } from "@wanlian/client/quality/profile/groups.js";
import { suggestionsAsYaml, suggestRules } from "@wanlian/client/quality/profile/suggest.js";
import { expect } from "chai";
import { parsed } from "./checking.js";

const COLUMNS = ["no", "sex", "born", "amount", "plate", "note"];
const table = (spoil: (row: number, values: (string | null)[]) => void = () => undefined) =>
  encodeRows(
    COLUMNS,
    Array.from({ length: 300 }, (_, row) => {
      const values: (string | null)[] = [
        `N${1000 + row}`,
        row % 2 === 0 ? "男" : "女",
        `20${10 + (row % 10)}-0${1 + (row % 9)}-15`,
        String(100 + (row % 40)),
        `豫R${10_000 + row}`,
        row % 3 === 0 ? null : `text ${"x".repeat(row % 11)}`,
      ];
      spoil(row, values);
      return values;
    }),
  );

const suggested = (...spoil: Parameters<typeof table>) =>
  suggestRules(table(...spoil)).map(({ rule, support, against }) => ({ ...rule, support, against }));

describe("suggested rules", () => {
  it("come of a group with more values than a function takes arguments", () => {
    const rows = 300_000;
    const groups = { groups: new Int32Array(rows), count: 1 };
    const counts = new GroupCounts(
      groups,
      Int32Array.from({ length: rows }, (_, row) => Math.max(0, row - 1)),
    );
    expect(counts.agreement()).to.deep.equal({ groups: 1, rows, agreeing: 2 });
  });

  it("say what holds in nearly every row, with what speaks against it", () => {
    const rules = suggested((row, values) => {
      if (row === 10) values[1] = "M";
      if (row === 11) values[2] = "2011-02-30";
      if (row === 12) values[3] = "99999";
      if (row === 13) values[4] = "豫R1x";
    });
    const of = (check: string, column: string) =>
      rules.find((rule) => rule.check === check && "column" in rule && rule.column === column);
    expect(of("codes", "sex"))
      .to.include({ support: 1 - 1 / 300 })
      .and.deep.include({ values: ["女", "男"], against: ["M"] });
    expect(of("date", "born")).to.deep.include({ format: "yyyy-MM-dd", against: ["2011-02-30"] });
    expect(of("range", "amount")).to.deep.include({ min: "100", max: "139", against: ["99999"] });
    expect(of("format", "plate")).to.deep.include({ pattern: "豫R[0-9]{5}", against: ["豫R1x"] });
    expect(of("notNull", "sex")).to.include({ support: 1 });
    expect(of("notNull", "note"), "a third is missing").to.equal(undefined);
    expect(
      rules.filter(({ check }) => check === "unique").map((rule) => "columns" in rule && rule.columns[0]),
    ).to.deep.equal(["no", "plate"]);
  });

  it("show of a dependency the groups that speak against it, with how often each value stands there", () => {
    const towns = Array.from({ length: 100 }, (_, row) => [`A${row % 10}`, `B${row % 5}`]);
    (towns[12] as string[])[1] = "B9";
    const suggestions = suggestRules(encodeRows(["town", "county"], towns));
    const follows = suggestions.find(({ rule }) => rule.check === "dependency" && rule.dependent === "county");
    expect(follows?.support).to.equal(0.99);
    expect(follows?.against).to.deep.equal(["A2: B2 ×9, B9 ×1"]);
    expect(suggestionsAsYaml(["town"], suggestions)).to.include(
      '# 99.00%成立 holds in 99.00%；反例 against: "A2: B2 ×9, B9 ×1"',
    );
  });

  it("are a rule file, whatever stands in the data", () => {
    const nasty = table((row, values) => {
      values[5] = row % 2 === 0 ? "a\n  - check: sql" : '"#: {';
    });
    const rules = parsed(suggestionsAsYaml(["no"], suggestRules(nasty)));
    const codes = rules.rules.find((rule) => rule.check === "codes" && rule.column === "note");
    expect(codes).to.deep.include({ values: ['"#: {', "a\n  - check: sql"] });
    expect(rules.rules.every(({ severity }) => severity === "warning")).to.equal(true);
  });

  it("are none for a table of a few rows", () => {
    expect(suggestRules(encodeRows(["a"], [["1"], ["2"]]))).to.deep.equal([]);
  });
});
