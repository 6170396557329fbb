import { QualityError } from "@wanlian/client/core/quality-error.js";
import { quickCheck } from "@wanlian/client/quality/quick/quick-check.js";
import { expect } from "chai";
import { parsed, rulesText } from "./checking.js";

const RULES = [
  { id: "there", check: "notNull", column: "name", severity: "warning" },
  { id: "form", check: "format", column: "code", pattern: "[0-9]{6}" },
  { id: "order", check: "compare", left: "from", is: "<=", right: "to", as: "date" },
  { id: "once", check: "unique", columns: ["code"] },
  { id: "own", check: "sql", query: "select code from data" },
];
const quick = (record: Record<string, string | null>, rules: readonly Record<string, unknown>[] = RULES) =>
  quickCheck(record, parsed(rulesText(rules)));
const outcomes = async (record: Record<string, string | null>) =>
  Object.fromEntries((await quick(record)).map(({ rule, outcome }) => [rule, outcome]));

describe("a quick check by rules", () => {
  it("says of each rule whether it holds for the record, or why it says nothing", async () => {
    expect(await outcomes({ code: "411302", name: " ", from: "2026-09-21", to: "2026-09-20" })).to.deep.equal({
      ...{ there: "failed", form: "passed", order: "failed", once: "needsTable", own: "needsTable" },
    });
    expect(await outcomes({ code: null, name: "宛城", from: "", to: "2026-09-20" })).to.deep.equal({
      ...{ there: "passed", form: "missing", order: "missing", once: "needsTable", own: "needsTable" },
    });
  });

  it("checks a single cell, by the rules on it alone", async () => {
    expect(await outcomes({ code: "41130x" })).to.deep.equal({
      ...{ there: "needsColumns", form: "failed", order: "needsColumns", once: "needsTable", own: "needsTable" },
    });
    const [there] = await quick({ name: "" });
    expect(there).to.deep.include({ severity: "warning", message: { zh: "name缺失", en: "name is missing" } });
  });

  it("takes values and names for what they are, whatever SQL they hold", async () => {
    const hostile = "'); select 1 --";
    const rules = [{ check: "codes", column: 'a"b', values: [hostile] }];
    expect((await quick({ 'a"b': hostile, _h0: "x" }, rules)).map(({ outcome }) => outcome)).to.deep.equal(["passed"]);
    expect((await quick({ 'a"b': "x", _h0: hostile }, rules)).map(({ outcome }) => outcome)).to.deep.equal(["failed"]);
  });

  const codeOf = async (checking: Promise<unknown>) => {
    const error = await checking.then(
      () => undefined,
      (cause: unknown) => cause,
    );
    return error instanceof QualityError ? `${error.code} ${error.message}` : String(error);
  };

  it("names a rule whose pattern or bound is none, and columns that are one to the engine", async () => {
    expect(await codeOf(quick({ a: "x" }, [{ check: "format", column: "a", pattern: "(" }]))).to.match(
      /^RULES_MALFORMED rule "rule-0"/,
    );
    expect(await codeOf(quick({ a: "1" }, [{ check: "range", column: "a", as: "number", min: "ten" }]))).to.match(
      /^RULES_MALFORMED rule "rule-0": "ten" is no number/,
    );
    expect(await codeOf(quick({ a: "1", A: "2" }))).to.match(/^RULES_DO_NOT_FIT/);
  });

  it("goes on after rules that it could not take", async () => {
    await codeOf(quick({ a: "x" }, [{ check: "format", column: "a", pattern: "(" }]));
    expect(await outcomes({ code: "411302" })).to.include({ form: "passed" });
  });
});
