import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Endorser } from "@wanlian/chaincode/endorser.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { Instant, TransactionId } from "@wanlian/model/identifiers.js";
import { type Head, type Heads, NO_ACTS } from "@wanlian/model/kernel/heads.js";
import { caseName } from "@wanlian/model/kernel/key.js";
import { expect } from "chai";
import { everything } from "../model/everything.js";

/** A demo channel's clock is free. */
const DEMO_TIME = "2026-09-28T01:00:00Z" as Instant;

describe("an endorser's own checks", () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-endorser-"));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  it("keep back no command of any noun that the rules allow", async () => {
    const { acts } = everything();
    const [opening] = acts;
    const genesisPolicy = join(directory, "policy.json");
    await writeFile(genesisPolicy, JSON.stringify(opening?.body));
    const endorser = new Endorser({ genesisPolicy });
    const known = new Map<string, Head>();
    const heads: Heads = (ref) => known.get(caseName(ref)) ?? NO_ACTS;
    const keptBack = new Map<string, string>();
    for (const act of acts) {
      const { noun, type, body, basis, number, state } = act;
      try {
        endorser.check({ noun, case: act.case, type, body, basis }, heads, DEMO_TIME);
      } catch (error) {
        if (!(error instanceof LedgerError)) throw error;
        keptBack.set(`${noun}:${type}`, error.code);
      }
      known.set(caseName(act), { ...NO_ACTS, act: number, next: number + 1, state });
    }
    expect([...keptBack]).to.deep.equal([]);
  });

  it("know the void acts of the file that the environment names, and none where it names none", () => {
    const free = { noun: "demand", case: "one", act: 1, transaction: "a".repeat(64) as TransactionId, next: 2 };
    const check = (voidFile: string) =>
      said(() => Endorser.fromEnvironment({ WANLIAN_VOID_FILE: voidFile }).voidCases.check(free));
    expect(check(directory), "a folder cannot be read as a file").to.equal("INTERNAL");
    expect(check("")).to.equal("passes");
  });

  describe("by its own clock", () => {
    const TICKED = "2026-09-28T01:00:00Z" as Instant;
    const [opening] = everything().acts;
    if (opening === undefined) throw new RangeError("everything begins with policy 1");
    const { body: opened, state: policy } = opening;

    /** What it says of a command on a channel whose last tick was so many seconds ago, or says to be so far off. */
    function verdict(noun: "clock" | "demand", seconds: number, demo: boolean): string {
      const state = { ...policy, demo };
      const heads: Heads = ({ noun: asked }) => (asked === "policy" ? { ...NO_ACTS, act: 1, next: 2, state } : NO_ACTS);
      const endorser = new Endorser({ now: () => Date.parse(TICKED) + seconds * 1000 });
      return said(() => endorser.check({ noun, case: null, type: "any", body: {}, basis: [] }, heads, TICKED));
    }

    const table: [noun: "clock" | "demand", seconds: number, verdict: string][] = [
      ["clock", 60, "passes"],
      ["clock", 61, "CLOCK_OFF"],
      ["clock", -60, "passes"],
      ["clock", -61, "CLOCK_OFF"],
      ["demand", 900, "passes"],
      ["demand", 901, "STALE_CLOCK"],
      ["demand", -3600, "passes"],
    ];
    for (const [noun, seconds, expected] of table) {
      it(`${noun === "clock" ? "a tick" : "an act on a tick"} of ${seconds} s ago: ${expected}; in a demo it passes`, () => {
        expect(verdict(noun, seconds, false)).to.equal(expected);
        expect(verdict(noun, seconds, true)).to.equal("passes");
      });
    }

    it("which is that of the machine where no other is given", () => {
      const heads: Heads = ({ noun }) =>
        noun === "policy" ? { ...NO_ACTS, act: 1, next: 2, state: { ...policy, demo: false } } : NO_ACTS;
      const tick = { noun: "clock", case: null, type: "tick", body: {}, basis: [] } as const;
      const now = `${new Date().toISOString().slice(0, 19)}Z` as Instant;
      expect(said(() => new Endorser().check(tick, heads, now))).to.equal("passes");
    });

    it("not before there is a policy, and policy 1 only as it is configured here, in whatever order it is written", async () => {
      const open = (body: object) => ({ noun: "policy", case: null, type: "open", body, basis: [] }) as const;
      const verdictOf = (endorser: Endorser, body: object) =>
        said(() => endorser.check(open(body), () => NO_ACTS, TICKED));
      const file = join(directory, "own.json");
      const own = opened as Record<string, unknown>;
      await writeFile(file, JSON.stringify(Object.fromEntries(Object.entries(own).reverse())));
      const configured = Endorser.fromEnvironment({ WANLIAN_GENESIS_POLICY: file });
      expect(verdictOf(configured, own)).to.equal("passes");
      expect(verdictOf(configured, { ...own, bureau: "TaxMSP" })).to.equal("WRONG_GENESIS");
      expect(verdictOf(configured, { ...own, model: 99 })).to.equal("UNKNOWN_MODEL");
      expect(verdictOf(configured, { ...own, model: "1" })).to.equal("UNKNOWN_MODEL");
      expect(verdictOf(Endorser.fromEnvironment({}), own)).to.equal("WRONG_GENESIS");
      expect(verdictOf(Endorser.fromEnvironment({ WANLIAN_GENESIS_POLICY: "" }), own)).to.equal("WRONG_GENESIS");
    });
  });
});

/** The code with which an attempt is refused, or "passes". */
function said(attempt: () => void): string {
  try {
    attempt();
    return "passes";
  } catch (error) {
    if (error instanceof LedgerError) return error.code;
    throw error;
  }
}
