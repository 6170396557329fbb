import { parse } from "acorn";
import { expect } from "chai";
import { instrument, SWITCH } from "./instrument.js";
import { mutationsOf } from "./mutation.js";

describe("mutants", () => {
  const table: [title: string, code: string, changes: string[]][] = [
    ["a check left out", 'ensure(a, "CODE");', ["(left out)"]],
    ["a check left out that is waited for", "await check(a);", ["(left out)"]],
    ["a condition that always or never holds", "if (a) b;", ["true", "false"]],
    ["a comparison moved by one", "x = a < b;", ["(a) <= (b)"]],
    ["a wrong operator", "x = a && b;", ["(a) || (b)"]],
    ["a condition turned round", "x = !a;", ["(a)"]],
    ["a wrong bound", "x = 5;", ["6"]],
    ["a wrong flag", "x = true;", ["false"]],
    ["one allowed thing less", 'x = ["a", "b"];', ['["b"]', '["a"]']],
    ["all where some would do", "x = a.every(f);", ["(a).some(f)"]],
    ["a forgotten filter", "x = a.filter(f);", ["(a)"]],
    ["a schema's bound left out", "x = Type.Integer({ minimum: m });", ["(left out)"]],
    ["nothing that the compiler added", "var __decorate = (a) => a < 5;", []],
    ["no texts for people", 'x = "a" + b + `c`;', []],
    ["nothing in the middle of an optional chain", "x = a?.filter(f).length;", []],
    ["no name of a property", "x = { 1: a };", []],
    ["no part of a pattern", "const { format, pattern: p } = x;", []],
  ];
  for (const [title, code, changes] of table) {
    it(`are: ${title}`, () => {
      const program = parse(code, { ecmaVersion: "latest", sourceType: "module" });
      const found = mutationsOf(program, code).map((one) =>
        one.kind === "expression" ? one.replacement : "(left out)",
      );
      expect(found).to.have.members(changes);
    });
  }

  const CODE =
    "const lower = a < b && !(b >= 9); if (lower) { note(1); } if (b > 9) note(2); else note(3); const o = { minimum: 1 }; return [lower, o];";

  it("change nothing while none is on", () => {
    expect(run(-1)).to.deep.equal(run(undefined));
  });

  it("each change what the module does, and nothing else loads", () => {
    const { mutations } = instrument(`function f(a, b, note) { ${CODE} }`, 0);
    expect(mutations.length).to.be.greaterThan(8);
    for (const number of mutations.keys()) expect(run(number), `mutant ${number}`).to.be.an("array");
    expect(mutations.some((_, number) => JSON.stringify(run(number)) !== JSON.stringify(run(undefined)))).to.equal(
      true,
    );
  });

  /** What the code gives for some arguments with a mutation on; undefined: as it was written. */
  function run(on: number | undefined): unknown[] {
    const written = `function f(a, b, note) { ${CODE} }`;
    const code = on === undefined ? written : instrument(written, 0).code;
    const isOn = (number: number) => number === on;
    const f: unknown = new Function(SWITCH, `${code} return f;`)(isOn);
    if (typeof f !== "function") throw new Error("no function");
    return [
      [1, 2],
      [2, 2],
      [3, 9],
    ].map(([a, b]) => {
      const notes: unknown[] = [];
      return [f(a, b, (one: unknown) => notes.push(one)), notes];
    });
  }
});
