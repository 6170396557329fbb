import { readFileSync } from "node:fs";
import { canonicalJson } from "@wanlian/model/canonical.js";
import { LedgerError } from "@wanlian/model/errors.js";
import { expect } from "chai";
import { changedBody, decideAgain, digestOf, type Frozen } from "../model/frozen-decisions.js";
import { type FrozenVerdict, judgeAgain } from "../model/frozen-verdicts.js";
import { MODEL_2 } from "./coverage.js";

const vectors = (what: string) =>
  JSON.parse(readFileSync(new URL(`../../vectors/model/model-2-${what}.json`, import.meta.url), "utf8"));

/** Lines that refuse and that no decision can reach, since a schema or version 1's row refuses before them. */
const BEHIND_OTHERS: readonly string[] = [];

describe("what model 2 adds", () => {
  const frozen: Frozen = vectors("decisions");
  const { decisions, changes, states } = frozen;
  const code = (said: unknown) => (said instanceof LedgerError ? said.code : "counts");
  const shown = new Set<string>();

  it("is decided as it was frozen, to the byte of an act and the code of a refusal", () => {
    for (const [at, decision] of decisions.entries()) {
      const { command, outcome } = decision;
      const said = decideAgain(frozen, decision);
      const which = `${at}: ${command.noun} ${command.type}`;
      for (const key of MODEL_2.shownBy(command, said)) shown.add(key);
      expect(code(said), which).to.equal(typeof outcome === "string" ? outcome : "counts");
      if (said instanceof LedgerError || typeof outcome === "string") continue;
      expect(said.schema, which).to.equal(2);
      expect(canonicalJson(said.state), which).to.equal(canonicalJson(states[outcome.state]));
      expect(digestOf(said), which).to.equal(outcome.act);
    }
  });

  it("is so for each rule of each place of a body, broken once", () => {
    const broken = new Set<string>();
    for (const [at, change] of changes.entries()) {
      const decision = decisions[change.of] ?? expect.fail(`change ${at} is of no decision`);
      const { noun, type } = decision.command;
      const body = changedBody(decision, change);
      const said = decideAgain(frozen, decision, body);
      for (const key of MODEL_2.shownBy({ noun, type, body }, said)) shown.add(key);
      expect(code(said), `${at}: ${noun} ${type} ${change.path.join("/")}`).to.equal(change.outcome);
      if (change.outcome !== "counts") broken.add(`${noun}.${type} ${change.path.join("/")}`);
    }
    const places = MODEL_2.commands.flatMap(({ name, leaves }) =>
      leaves.map(({ place }) => `${name} ${place.join("/").replaceAll("*", "0")}`),
    );
    expect(places.filter((place) => !broken.has(place))).to.deep.equal([]);
  });

  it("is frozen for every rule that it adds, and accepted for every place of a body", () => {
    const { rules, accepted } = MODEL_2.notShown(shown);
    expect(accepted).to.deep.equal([]);
    expect(rules.map(({ text }) => BEHIND_OTHERS.find((part) => text.includes(part)) ?? text)).to.have.members(
      BEHIND_OTHERS,
    );
  });

  it("is judged by every reader as it was frozen, altered or against a rule", () => {
    const verdicts: FrozenVerdict[] = vectors("verdicts");
    for (const [at, verdict] of verdicts.entries()) {
      expect(judgeAgain(frozen, verdict), `${at}: on decision ${verdict.of}`).to.equal(verdict.code);
    }
    expect(new Set(verdicts.map((verdict) => verdict.code)).size).to.be.above(10);
  });
});
