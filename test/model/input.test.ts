import { canonicalJson } from "@wanlian/model/canonical.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import { decide } from "@wanlian/model/kernel/decide.js";
import { parseInput } from "@wanlian/model/kernel/input.js";
import { judge } from "@wanlian/model/kernel/judge.js";
import { caseName } from "@wanlian/model/kernel/key.js";
import { RELEASED } from "@wanlian/model/models.js";
import { expect } from "chai";
import { everything } from "./everything.js";
import { officer, World, written } from "./world.js";

/** Leaves as JSON texts: what parsers, schemas and canonical forms could take for different things. */
const ODD_LEAVES = [
  ...["-0", "0", "0.0", "-1", "1e3", "1.5", "9007199254740991", "9007199254740993", "1e400", "null", "true", '""'],
  ...[
    '"2025-02-30"',
    '"2025-02-28"',
    '"2026-10-31"',
    '"2100-01-01"',
    '"2026-13-01T00:00:00Z"',
    '"2026-09-28T24:00:00Z"',
  ],
  ...[
    '"\\u0000"',
    '"\\ud800"',
    '"\\ufeffx"',
    '"é"',
    '"e\\u0301"',
    '"😀"',
    '"__proto__"',
    '"a/b"',
    "{}",
    "[]",
    "[0,-0]",
  ],
];

/** Every leaf of a value, by its path; arrays of leaves as a whole besides. */
function* leaves(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (typeof value !== "object" || value === null) {
    yield path;
    return;
  }
  if (path.length > 0) yield path;
  for (const [name, member] of Object.entries(value)) yield* leaves(member, [...path, name]);
}

/** The value as JSON, with another text at the path. */
function withText(value: unknown, [name, ...rest]: readonly string[], text: string): string {
  if (name === undefined) return text;
  const members = Object.entries(value as object).map(([key, member]) => {
    const written = key === name ? withText(member, rest, text) : JSON.stringify(member);
    return Array.isArray(value) ? written : `${JSON.stringify(key)}:${written}`;
  });
  return Array.isArray(value) ? `[${members.join(",")}]` : `{${members.join(",")}}`;
}

describe("what a contract endorses", () => {
  it("counts at every fold, to the byte, whatever stands at any leaf of any command's input", () => {
    const world = new World();
    const outcomes = { endorsed: 0, refused: 0 };
    const played = everything();
    for (const [at, act] of played.acts.entries()) {
      const creator = { ...officer(act.author.department), officer: act.author.officer };
      const id = played.transactions[at] as TransactionId;
      const heads = (ref: Parameters<World["head"]>[0]) => world.head(ref);
      for (const path of leaves(act.body)) {
        for (const text of ODD_LEAVES) {
          const input = `{"case":${JSON.stringify(act.case)},"basis":${JSON.stringify(act.basis)},"body":${withText(act.body, path, text)}}`;
          try {
            const decided = decide(parseInput(act.noun, act.type, input), heads, creator, id, RELEASED);
            const verdict = judge(written(decided.act, creator, id), heads, RELEASED);
            const what = `${caseName(act)} ${act.type} with ${path.join(".")} ${text}`;
            expect(verdict.valid || `${verdict.code} ${verdict.message}`, what).to.equal(true);
            if (verdict.valid) expect(canonicalJson(verdict.act), what).to.equal(canonicalJson(decided.act));
            outcomes.endorsed += 1;
          } catch (error) {
            if (!(error instanceof LedgerError)) throw error;
            expect(error.code, `${act.noun} ${act.type} ${path.join(".")} ${text}`).not.to.equal("INTERNAL");
            outcomes.refused += 1;
          }
        }
      }
      world.submit(written(act, creator, id));
    }
    expect(outcomes.endorsed).to.be.greaterThan(1000);
    expect(outcomes.refused).to.be.greaterThan(10_000);
  }).timeout(120_000);

  it("is what was read: -0 is 0, and two spellings of a number are one", () => {
    const basis = "[]";
    const body = '{"rows":[-0,1e0,0.0]}';
    const { body: read } = parseInput("objection", "raise", `{"case":null,"basis":${basis},"body":${body}}`);
    expect((read as { rows: number[] }).rows.map((row) => Object.is(row, -0))).to.deep.equal([false, false, false]);
    expect(() => parseInput("objection", "raise", `{"case":null,"basis":[],"body":{"x":"\\ud800"}}`)).to.throw(
      "half a surrogate pair",
    );
  });
});
