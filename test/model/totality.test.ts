import { canonicalBytes, canonicalJson } from "@wanlian/model/canonical.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { Act } from "@wanlian/model/kernel/act.js";
import { dependencies } from "@wanlian/model/kernel/basis.js";
import { decide } from "@wanlian/model/kernel/decide.js";
import { basisOn, type Heads } from "@wanlian/model/kernel/heads.js";
import { parseInput } from "@wanlian/model/kernel/input.js";
import { judge, type Verdict, type WrittenTransaction } from "@wanlian/model/kernel/judge.js";
import { encodeActKey } from "@wanlian/model/kernel/key.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import { RELEASED } from "@wanlian/model/models.js";
import { expect } from "chai";
import fc from "fast-check";
import { everythingOf2 } from "../model-2/everything.js";
import { everything } from "./everything.js";
import { hasLeaf, type LeafPath, leavesOf, withLeaf } from "./leaves.js";
import { change, changed, NASTY_VALUES } from "./nasty.js";
import { options } from "./options.js";
import { officer, World, written } from "./world.js";

/** More at night, by `TOTALITY_RUNS=200000`: docs/testing.md has the command. */
const RUNS = Number(process.env.TOTALITY_RUNS ?? 5_000);

/** Each act with the heads on which it was decided, so that what is changed in it is all that is wrong. */
const places = [everything(), options(), everythingOf2()].flatMap(placesOf);
type Place = (typeof places)[number];

function placesOf(played: World) {
  const again = new World();
  return played.acts.map((act, at) => {
    const transaction = played.transactions[at] ?? expect.fail("an act without a transaction");
    const creator = { ...officer(act.author.department), officer: act.author.officer };
    const known = new Map<string, ReturnType<Heads>>();
    const before = again.heads.fork();
    const heads: Heads = (ref) => {
      const name = canonicalJson([ref.noun, ref.case]);
      const head = known.get(name) ?? before.head(ref);
      known.set(name, head);
      return head;
    };
    const verdict = again.submit(written(act, creator, transaction));
    if (!verdict.valid) throw new Error(`${act.noun} ${act.type}: ${verdict.message}`);
    return { act, transaction, creator, heads };
  });
}

const place = fc.nat(places.length - 1).map((at) => places[at] ?? expect.fail("no such place"));
const changes = fc.array(change, { minLength: 1, maxLength: 3 });

function judged(transaction: WrittenTransaction, heads: Heads): Verdict {
  const verdict = judge(transaction, heads, RELEASED);
  // Another node, which asks for heads in its own order and has them from elsewhere, finds the same to the byte.
  const other = judge(structuredClone(transaction), (ref) => structuredClone(heads(ref)), RELEASED);
  expect(canonicalJson(other)).to.equal(canonicalJson(verdict));
  if (!verdict.valid) expect(verdict.code, verdict.message).not.to.equal("UNJUDGEABLE");
  return verdict;
}

const withValue = (transaction: WrittenTransaction, value: Uint8Array): WrittenTransaction => ({
  ...transaction,
  writes: { ...transaction.writes, writes: transaction.writes.writes.map((write) => ({ ...write, value })) },
});

/** Every leaf of every command's body and every noun's state, with where in an act it stands. */
const LEAVES = Object.entries(model1.nouns).flatMap(([noun, { state, commands }]) => [
  ...leavesOf(state).map((path) => ({ noun, type: undefined, path: ["state", ...path] })),
  ...Object.entries(commands).flatMap(([type, { body }]) =>
    leavesOf(body).map((path) => ({ noun, type, path: ["body", ...path] })),
  ),
]);
/** Values tried at each leaf in CI; all of them at night. */
const VALUES_A_LEAF = RUNS > 5_000 ? NASTY_VALUES.length : 5;

describe("whatever a valid transaction wrote", () => {
  for (const noun of Object.keys(model1.nouns)) {
    it(`at any leaf of ${noun}: the act counts as it was made and is void once the leaf is changed`, function () {
      this.timeout(0);
      for (const [at, leaf] of LEAVES.entries()) {
        if (leaf.noun === noun) tryLeaf(leaf, at);
      }
    });
  }

  function tryLeaf({ noun, type, path }: { noun: string; type: string | undefined; path: LeafPath }, at: number) {
    const name = `${noun} ${type ?? "state"} ${path.join(".")}`;
    const found = places.find(({ act }) => act.noun === noun && (type ?? act.type) === act.type && hasLeaf(act, path));
    const { act, creator, transaction, heads } = found ?? expect.fail(`no act that counts has ${name}`);
    const honest = written(act, creator, transaction);
    expect(judged(honest, heads).valid, `${name} as it was made`).to.equal(true);
    let voided = 0;
    for (let tried = 0; tried < VALUES_A_LEAF; tried += 1) {
      const nasty = NASTY_VALUES[(at + 7 * tried) % NASTY_VALUES.length];
      const value = JSON.stringify(withLeaf(act, path, nasty)) ?? "";
      if (!judged(withValue(honest, Buffer.from(value)), heads).valid) voided += 1;
    }
    expect(voided, `changes of ${name} that void it`).to.be.greaterThan(0);
  }

  it("in an act's value: it counts or is void, on every node alike", function () {
    this.timeout(0);
    fc.assert(
      fc.property(place, changes, ({ act, creator, transaction, heads }: Place, made) => {
        const value = made.reduce<unknown>(changed, act);
        const honest = written(act, creator, transaction);
        // As JSON.stringify has it, which also writes what no canonical form has: half surrogates.
        judged(withValue(honest, Buffer.from(JSON.stringify(value) ?? "")), heads);
      }),
      { numRuns: RUNS },
    );
  });

  it("in an act's bytes: it counts or is void, on every node alike", function () {
    this.timeout(0);
    const cut = fc.record({ at: fc.nat(), remove: fc.nat(8), insert: fc.uint8Array({ maxLength: 8 }) });
    fc.assert(
      fc.property(place, cut, ({ act, creator, transaction, heads }: Place, { at, remove, insert }) => {
        const honest = Buffer.from(canonicalBytes(act));
        const start = at % honest.length;
        const value = Buffer.concat([honest.subarray(0, start), insert, honest.subarray(start + remove)]);
        const verdict = judged(withValue(written(act, creator, transaction), value), heads);
        // A changed digit can make another legal act; what counts is what was written, to the byte.
        if (verdict.valid) expect(Buffer.from(canonicalBytes(verdict.act)).equals(value)).to.equal(true);
      }),
      { numRuns: RUNS / 5 },
    );
  });

  it("in keys and metadata: it counts or is void, on every node alike", function () {
    this.timeout(0);
    const nastyKey = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc
        .array(
          fc.oneof(fc.string({ unit: "binary", maxLength: 12 }), fc.constantFrom("clock", "0000000002", "\u{10ffff}")),
          { maxLength: 6 },
        )
        .map((parts) => `\u0000${parts.join("\u0000")}\u0000`),
    );
    const write = fc.record({ key: nastyKey, value: fc.uint8Array({ maxLength: 20 }), isDelete: fc.boolean() });
    const metadata = fc.record({
      key: nastyKey,
      entries: fc.array(fc.record({ name: fc.string(), value: fc.uint8Array({ maxLength: 12 }) }), { maxLength: 2 }),
    });
    const sets = fc.record({
      writes: fc.array(write, { maxLength: 4 }),
      metadataWrites: fc.array(metadata, { maxLength: 3 }),
      privateWrites: fc.nat(2),
    });
    fc.assert(
      fc.property(place, sets, ({ creator, transaction, heads }: Place, writes) => {
        expect(judged({ id: transaction, creator, writes }, heads).valid).to.equal(false);
      }),
      { numRuns: RUNS / 5 },
    );
  });

  it("what a contract endorses, every fold counts, to the byte; what it refuses, it refuses with a code", function () {
    this.timeout(0);
    let endorsed = 0;
    const codes = new Set<string>();
    fc.assert(
      fc.property(place, changes, ({ act, creator, transaction, heads }: Place, made) => {
        const body = made.reduce<unknown>(
          (before, one) => (one.path.length > 1 ? changed(before, one) : before),
          act.body,
        );
        const input = JSON.stringify({ case: caseOf(act), body, basis: basisOf(act, body, creator, heads) });
        let decided: Act;
        try {
          const command = parseInput(act.noun, act.type, input);
          ({ act: decided } = decide(command, heads, creator, transaction, RELEASED));
        } catch (error) {
          if (!(error instanceof LedgerError)) throw error;
          expect(error.code).not.to.equal("INTERNAL");
          codes.add(error.code);
          return;
        }
        endorsed += 1;
        const verdict = judged(written(decided, creator, transaction), heads);
        expect(verdict.valid, verdict.valid ? "" : `${verdict.code}: ${verdict.message}`).to.equal(true);
        expect(encodeActKey(decided, transaction)).to.be.a("string");
      }),
      { numRuns: RUNS },
    );
    expect(endorsed, "changes that the rules allow").to.be.greaterThan(0);
    expect(codes).to.include("INVALID_INPUT");
  });
});

/** A case that begins with the act takes its transaction's id, and is not named. */
const caseOf = (act: Act): string | null => (act.number === 1 ? null : act.case);

/** What an honest node names; where it finds no basis for such a body, the old one has to do. */
function basisOf(act: Act, body: unknown, creator: Place["creator"], heads: Heads): unknown {
  try {
    const command = { noun: act.noun, type: act.type, case: caseOf(act), body };
    return basisOn(dependencies(command, creator, model1), heads);
  } catch (error) {
    if (error instanceof LedgerError) return act.basis;
    throw error;
  }
}
