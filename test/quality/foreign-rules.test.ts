import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readForeignRules } from "@wanlian/client/quality/rules/foreign/read-foreign.js";
import { parseRules } from "@wanlian/client/quality/rules/rule-set.js";
import { expect } from "chai";
import fc from "fast-check";
import { stringify } from "yaml";
import { runWanlian } from "../client/cli/wanlian.js";

type Options = Parameters<typeof readForeignRules>[1];

const read = (value: unknown, options?: Options) => readForeignRules(Buffer.from(JSON.stringify(value)), options);
const rulesIn = (yaml: string) => parseRules(Buffer.from(yaml)).rules.map(({ id: _, dimension: __, ...rule }) => rule);
const refusal = (act: () => unknown) => {
  try {
    act();
    return "accepted";
  } catch (error) {
    return String((error as { code?: string }).code);
  }
};

/** An expectation, and the rule that it becomes; undefined: none. */
const EXPECTATIONS: readonly [type: string, kwargs: object, rule: object | undefined][] = [
  ["expect_column_values_to_not_be_null", { column: "a" }, { check: "notNull", column: "a" }],
  [
    "expect_column_values_to_not_be_null",
    { column: "a", mostly: 0.95 },
    { check: "notNull", column: "a", tolerance: 500 },
  ],
  ["expect_column_values_to_be_unique", { column: "a" }, { check: "unique", columns: ["a"] }],
  ["expect_compound_columns_to_be_unique", { column_list: ["a", "b"] }, { check: "unique", columns: ["a", "b"] }],
  [
    "expect_column_values_to_be_in_set",
    { column: "a", value_set: ["x", 1, "x"] },
    { check: "codes", column: "a", values: ["x", "1"] },
  ],
  ["expect_column_values_to_be_in_set", { column: "a", value_set: [{}] }, undefined],
  [
    "expect_column_values_to_match_regex",
    { column: "a", regex: "^[0-9]{6}$" },
    { check: "format", column: "a", pattern: "(?s:.*)(?:^[0-9]{6}$)(?s:.*)" },
  ],
  ["expect_column_values_to_match_regex", { column: "a", regex: "(?=x)y" }, undefined],
  ["expect_column_values_to_match_regex", { column: "a", regex: "(x)\\1" }, undefined],
  [
    "expect_column_values_to_be_between",
    { column: "a", min_value: 0, max_value: 1.5 },
    { check: "range", column: "a", as: "number", min: "0", max: "1.5" },
  ],
  [
    "expect_column_values_to_be_between",
    { column: "a", min_value: "2026-01-01" },
    { check: "range", column: "a", as: "date", min: "2026-01-01" },
  ],
  ["expect_column_values_to_be_between", { column: "a", min_value: 0, strict_min: true }, undefined],
  ["expect_column_values_to_be_between", { column: "a", min_value: "b" }, undefined],
  ["expect_column_value_lengths_to_equal", { column: "a", value: 6 }, { check: "length", column: "a", min: 6, max: 6 }],
  [
    "expect_column_value_lengths_to_be_between",
    { column: "a", min_value: 2, max_value: null },
    { check: "length", column: "a", min: 2 },
  ],
  [
    "expect_column_values_to_match_strftime_format",
    { column: "a", strftime_format: "%Y%m%d" },
    { check: "date", column: "a", format: "yyyyMMdd" },
  ],
  ["expect_column_values_to_match_strftime_format", { column: "a", strftime_format: "%d.%m.%Y" }, undefined],
  [
    "expect_column_pair_values_a_to_be_greater_than_b",
    { column_A: "a", column_B: "b", or_equal: true },
    { check: "compare", left: "a", is: ">=", right: "b", as: "number" },
  ],
  [
    "expect_column_pair_values_to_be_equal",
    { column_A: "a", column_B: "b" },
    { check: "compare", left: "a", is: "=", right: "b", as: "text" },
  ],
  ["expect_column_values_to_be_unique", { column: "a", row_condition: 'col("b")==1' }, undefined],
  ["expect_table_row_count_to_be_between", { min_value: 1 }, undefined],
  ["expect_column_mean_to_be_between", { column: "a", min_value: 1 }, undefined],
];

describe("a suite of Great Expectations", () => {
  for (const [type, kwargs, rule] of EXPECTATIONS) {
    it(`${type} ${JSON.stringify(kwargs)} ${rule === undefined ? "is said not to map" : `becomes ${JSON.stringify(rule)}`}`, () => {
      for (const member of ["type", "expectation_type"]) {
        // Beside one that maps, so that there is a file of rules either way.
        const suite = {
          name: "s",
          expectations: [{ [member]: "expect_column_values_to_be_unique", kwargs: { column: "k" } }],
        };
        const { yaml, unmapped } = read(
          { ...suite, expectations: [...suite.expectations, { [member]: type, kwargs }] },
          { key: ["k"] },
        );
        const [, ...made] = rulesIn(yaml);
        expect(made).to.deep.equal(rule === undefined ? [] : [rule]);
        expect(unmapped.map(({ place, what }) => [place, what])).to.deep.equal(
          rule === undefined ? [["expectations.1", type]] : [],
        );
        for (const { note } of unmapped) expect([note.zh, note.en]).to.not.include("");
      }
    });
  }

  it("has what it tolerates in ten-thousandths, cut where it is finer, and says so", () => {
    const { yaml, remarks } = read(
      { expectations: [{ type: "expect_column_values_to_be_unique", kwargs: { column: "a", mostly: 0.99995 } }] },
      { key: ["a"] },
    );
    expect(rulesIn(yaml)).to.deep.equal([{ check: "unique", columns: ["a"] }]);
    expect(remarks).to.have.length(1);
  });

  it("needs to be told what names a row", () => {
    expect(refusal(() => read({ expectations: [] }))).to.equal("RULES_MALFORMED");
  });
});

/** What a contract leaves to be filled in. */
const FILLED = { object: "$".concat("{object}"), property: "$".concat("{property}"), table: "$".concat("{table}") };

const QUALITY: readonly [entry: object, rule: object | undefined][] = [
  [
    { metric: "nullValues", mustBe: 0 },
    { check: "notNull", column: "a" },
  ],
  [{ rule: "nullCheck" }, { check: "notNull", column: "a" }],
  [
    { metric: "nullValues", mustBeLessOrEqualTo: 5, unit: "percent" },
    { check: "notNull", column: "a", tolerance: 500 },
  ],
  [
    { metric: "nullValues", mustBeLessThan: 5, unit: "percent" },
    { check: "notNull", column: "a", tolerance: 499 },
  ],
  [
    { metric: "nullValues", mustBeLessThan: 1 },
    { check: "notNull", column: "a" },
  ],
  [{ metric: "nullValues", mustBeLessThan: 10, unit: "rows" }, undefined],
  [{ metric: "nullValues", mustBeGreaterThan: 3 }, undefined],
  [
    { metric: "missingValues", mustBe: 0, arguments: { missingValues: [null, ""] } },
    { check: "notNull", column: "a" },
  ],
  [{ metric: "missingValues", mustBe: 0, arguments: { missingValues: ["N/A"] } }, undefined],
  [
    { metric: "duplicateValues", mustBe: 0, dimension: "uniqueness" },
    { check: "unique", columns: ["a"] },
  ],
  [
    { metric: "invalidValues", mustBe: 0, arguments: { validValues: ["x", 2] }, severity: "warning" },
    { check: "codes", column: "a", values: ["x", "2"], severity: "warning" },
  ],
  [
    { metric: "invalidValues", mustBe: 0, arguments: { pattern: "^x" } },
    { check: "format", column: "a", pattern: "(?s:.*)(?:^x)(?s:.*)" },
  ],
  [
    { type: "library", rule: "validValues", validValues: ["y"] },
    { check: "codes", column: "a", values: ["y"] },
  ],
  [
    { type: "sql", query: `SELECT COUNT(*) FROM ${FILLED.object} WHERE ${FILLED.property} IS NULL`, mustBe: 0 },
    { check: "sql", query: 'select * from data where "a" IS NULL' },
  ],
  [
    { type: "sql", query: "SELECT COUNT(*) FROM t WHERE a = ''", mustBe: 0 },
    { check: "sql", query: "select * from data where a = ''" },
  ],
  [{ type: "sql", query: "SELECT COUNT(*) FROM other WHERE a = ''", mustBe: 0 }, undefined],
  [{ type: "sql", query: "SELECT MAX(a) FROM t", mustBeLessThan: 3600 }, undefined],
  [{ type: "text", description: "looked at by a person" }, undefined],
  [{ type: "custom", engine: "soda", implementation: "x" }, undefined],
  [{ metric: "rowCount", mustBeGreaterThan: 0 }, undefined],
];

describe("an Open Data Contract", () => {
  const contract = (more: object, properties: object = {}) => ({
    ...{ apiVersion: "v3.1.0", kind: "DataContract", id: "c", name: "the contract" },
    schema: [
      {
        name: "t",
        properties: [
          { name: "k", primaryKey: true },
          { name: "a", ...properties },
        ],
        ...more,
      },
    ],
  });
  const OWN = 2; // the key is there, and names one row

  for (const [entry, rule] of QUALITY) {
    it(`${JSON.stringify(entry)} ${rule === undefined ? "is said not to map" : `becomes ${JSON.stringify(rule)}`}`, () => {
      const { yaml, unmapped } = read(contract({}, { quality: [entry] }));
      const made = rulesIn(yaml).filter((made) => JSON.stringify(made).includes('"k"') === false);
      expect(made).to.deep.equal(rule === undefined ? [] : [rule]);
      expect(unmapped.map(({ place }) => place)).to.deep.equal(
        rule === undefined ? ["schema.0.properties.1.quality.0"] : [],
      );
    });
  }

  it("says of fields what is a rule here, once, and its primary key names the rows", () => {
    const options = { minLength: 2, maxLength: 6, pattern: "^[0-9]+$", minimum: 1 };
    const field = {
      required: true,
      unique: true,
      logicalTypeOptions: options,
      quality: [{ metric: "nullValues", mustBe: 0 }],
    };
    const { yaml, rules } = read(contract({}, field));
    const set = parseRules(Buffer.from(yaml));
    expect(set.key).to.deep.equal(["k"]);
    expect(rules).to.equal(OWN + 5);
    expect(set.rules.map(({ check }) => check)).to.deep.equal(
      "notNull notNull unique length format range unique".split(" "),
    );
    expect(set.title.en).to.equal("the contract");
  });

  it("has a table, and where it has several one is named", () => {
    const one = contract({});
    const two = { ...one, schema: [...one.schema, { ...one.schema[0], name: "u" }] };
    expect(refusal(() => read(two))).to.equal("RULES_MALFORMED");
    expect(refusal(() => read(two, { table: "v" }))).to.equal("RULES_MALFORMED");
    expect(refusal(() => read(two, { table: "u" }))).to.equal("accepted");
    expect(refusal(() => read({ ...one, schema: [] }))).to.equal("RULES_MALFORMED");
    expect(refusal(() => read(contract({ properties: [{ name: "a", required: true }] })))).to.equal("RULES_MALFORMED");
  });

  it("checks a table of its own by duplicates over several fields", () => {
    const entry = { metric: "duplicateValues", mustBe: 0, arguments: { properties: ["k", "a"] } };
    expect(rulesIn(read(contract({ quality: [entry] })).yaml)).to.deep.include({
      check: "unique",
      columns: ["k", "a"],
    });
  });
});

describe("a file of rules of another tool", () => {
  it("is one that we know, or is refused, whatever is in it", () => {
    // What cannot be made a text, where a name or a word is expected.
    const noText = fc.constant({ toString: 0 });
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.record({ kind: fc.constant("DataContract"), schema: fc.array(fc.record({ name: noText })) }),
      fc.record({
        expectations: fc.array(
          fc.record({ type: fc.constant("expect_column_to_exist"), severity: noText, kwargs: noText }),
        ),
      }),
      fc.record({ expectations: fc.array(fc.record({ type: fc.string(), kwargs: fc.jsonValue() })) }),
      fc.record({
        kind: fc.constant("DataContract"),
        schema: fc.array(fc.record({ name: fc.jsonValue(), properties: fc.jsonValue(), quality: fc.jsonValue() })),
      }),
    );
    fc.assert(
      fc.property(anything, (value) => {
        expect(refusal(() => read(value, { key: ["k"] }))).to.be.oneOf(["accepted", "RULES_MALFORMED"]);
      }),
    );
    expect(refusal(() => readForeignRules(Buffer.from([0xcd, 0xf0])))).to.equal("RULES_MALFORMED");
  });

  it("is taken over at the command line, checks a file, and what does not map is listed in words", async () => {
    const folder = await mkdtemp(join(tmpdir(), "wanlian-foreign-"));
    try {
      const [path, out, data] = ["contract.yaml", "rules.yaml", "data.csv"].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      const query = `SELECT COUNT(*) FROM ${FILLED.table} WHERE length(name) > 3`;
      const name = { name: "name", required: true, quality: [{ type: "sql", query, mustBe: 0 }, { type: "text" }] };
      const code = { name: "code", primaryKey: true, logicalTypeOptions: { pattern: "^[0-9]{6}$" } };
      await writeFile(
        path,
        stringify({ kind: "DataContract", id: "d", schema: [{ name: "t", properties: [code, name] }] }),
      );
      await writeFile(data, "code,name\n411302,宛城区\n41130,\n411303,卧龙区政府\n");
      const imported = await runWanlian(["quality", "import", path, "--out", out], { LANG: "zh_CN.UTF-8" });
      expect(imported.code, imported.err).to.equal(0);
      expect(imported.out).to.include("未能转换").and.include("schema.0.properties.1.quality.1");
      expect(parseRules(await readFile(out)).key).to.deep.equal(["code"]);
      const check = await runWanlian(["--json", "quality", "check", data, "--rules", out], {});
      const { report } = JSON.parse(check.out) as { report: { results: { check: string; failing: number }[] } };
      const failing = Object.fromEntries(report.results.map((result) => [result.check, result.failing]));
      expect(failing).to.deep.equal({ notNull: 1, format: 1, unique: 0, sql: 1 });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
