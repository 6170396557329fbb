import { readFileSync } from "node:fs";
import { canonicalJson } from "@wanlian/model/canonical.js";
import { LEDGER_ERROR_CODES, LedgerError, type LedgerErrorCode } from "@wanlian/model/errors.js";
import type { Act } from "@wanlian/model/kernel/act.js";
import type { VoidCode } from "@wanlian/model/kernel/judge.js";
import { expect } from "chai";
import { changedBody, decideAgain, digestOf, type Frozen } from "./frozen-decisions.js";
import { type FrozenVerdict, judgeAgain } from "./frozen-verdicts.js";
import { leavesOf } from "./schema-leaves.js";
import { MODEL_1 } from "./vector-coverage.js";

const FROZEN = new URL("../../vectors/model/model-1-decisions.json", import.meta.url);
const VERDICTS = new URL("../../vectors/model/model-1-verdicts.json", import.meta.url);

/**
 * Lines that refuse and that no decision can reach, since a schema or the table refuses before them. They stay: they
 * say what holds there, and hold it where somebody calls them otherwise.
 */
const BEHIND_OTHERS: readonly string[] = [
  "the body has no code",
  "the table does not let",
  "caseName(this.ref)",
  "the channel has no policy yet",
  "changes what the first act of",
  "a granted application has a grant",
  "is no instant; write",
  "is no day; write",
];

/** Codes that no version decides by: an endorser's, a contract's and the fold's own. */
const NOT_DECIDED: readonly string[] = [
  "NOT_A_CLIENT",
  "NOT_YET",
  "VOID_BASIS",
  "STALE_CLOCK",
  "CLOCK_OFF",
  "WRONG_GENESIS",
  "INTERNAL",
];

/** Why a transaction's writes are no act, whatever the rules are. That a rule fails on something has no vector: it is a fault. */
const MALFORMED: readonly Exclude<VoidCode, LedgerErrorCode | "UNJUDGEABLE">[] = [
  "WRONG_WRITES",
  "UNSEALED",
  "UNKNOWN_KEY",
  "UNREADABLE",
  "WRONG_AUTHOR",
  "WRONG_NUMBER",
  "WRONG_VALUE",
];

/** Of the codes that no version decides by, only one is a reader's too. Without its model a reader stops, and judges nothing. */
const NEVER_A_VERDICT: readonly string[] = [...NOT_DECIDED.filter((code) => code !== "NOT_A_CLIENT"), "UNKNOWN_MODEL"];

describe("what model 1 decides", () => {
  const frozen: Frozen = JSON.parse(readFileSync(FROZEN, "utf8"));
  const { decisions, changes, states } = frozen;
  const shown = new Set<string>();
  const now: (Act | LedgerError)[] = [];
  const nowChanged: (Act | LedgerError)[] = [];

  before(() => {
    for (const decision of decisions) {
      const said = decideAgain(frozen, decision);
      for (const key of MODEL_1.shownBy(decision.command, said)) shown.add(key);
      now.push(said);
    }
    for (const [at, change] of changes.entries()) {
      const decision = decisions[change.of] ?? expect.fail(`change ${at} is of no decision`);
      const body = changedBody(decision, change);
      const said = decideAgain(frozen, decision, body);
      for (const key of MODEL_1.shownBy({ ...decision.command, body }, said)) shown.add(key);
      nowChanged.push(said);
    }
  });

  const code = (said: Act | LedgerError | undefined) => (said instanceof LedgerError ? said.code : "counts");

  it("is what was frozen with it, to the byte of an act and the code of a refusal", () => {
    for (const [at, { command, outcome }] of decisions.entries()) {
      const said = now[at];
      const which = `${at}: ${command.noun} ${command.type}`;
      expect(code(said), which).to.equal(typeof outcome === "string" ? outcome : "counts");
      if (said === undefined || said instanceof LedgerError || typeof outcome === "string") continue;
      expect(canonicalJson(said.state), which).to.equal(canonicalJson(states[outcome.state]));
      expect(digestOf(said), which).to.equal(outcome.act);
    }
  });

  it("is so for each rule of each place of a body, broken once", () => {
    for (const [at, { path, outcome, of }] of changes.entries()) {
      const { noun, type } = decisions[of]?.command ?? {};
      expect(code(nowChanged[at]), `${at}: ${noun} ${type} ${path.join("/")}`).to.equal(outcome);
    }
  });

  it("is frozen for every rule: each line that refuses does so in one of them", () => {
    const { rules } = MODEL_1.notShown(shown);
    const named = rules.map(({ text }) => BEHIND_OTHERS.find((part) => text.includes(part)) ?? text);
    expect(named).to.have.members(BEHIND_OTHERS);
  });

  it("is frozen for every place of every body: accepted with it, and refused for it", () => {
    expect(MODEL_1.notShown(shown).accepted).to.deep.equal([]);
    const broken = new Set(
      changes
        .filter(({ outcome }) => outcome !== "counts")
        .map(({ of, path }) => {
          const { noun, type } = decisions[of]?.command ?? expect.fail(`no decision ${of}`);
          return `${noun}.${type} ${path.join("/")}`;
        }),
    );
    const places = MODEL_1.commands.flatMap(({ name, body }) =>
      leavesOf(body).map(({ place }) => `${name} ${place.join("/").replaceAll("*", "0")}`),
    );
    expect(places.filter((place) => !broken.has(place))).to.deep.equal([]);
  });

  it("is frozen for every code by which an act on the ledger is void, and for one that counts", () => {
    const verdicts: FrozenVerdict[] = JSON.parse(readFileSync(VERDICTS, "utf8"));
    for (const [at, verdict] of verdicts.entries()) {
      expect(judgeAgain(frozen, verdict), `${at}: on decision ${verdict.of}`).to.equal(verdict.code);
    }
    const codes = new Set<string>(verdicts.map((verdict) => verdict.code));
    const rules = LEDGER_ERROR_CODES.filter((code) => !NEVER_A_VERDICT.includes(code));
    expect(["counts", ...MALFORMED, ...rules].filter((code) => !codes.has(code))).to.deep.equal([]);
  });

  it("is frozen for every code that a version can give", () => {
    const codes = new Set([...decisions, ...changes].map(({ outcome }) => outcome));
    expect(LEDGER_ERROR_CODES.filter((code) => !codes.has(code))).to.deep.equal(NOT_DECIDED);
  });
});
