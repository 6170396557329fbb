import { readFileSync } from "node:fs";
import { LedgerError } from "@wanlian/model/errors.js";
import type { CaseRef, CaseState } from "@wanlian/model/kernel/act.js";
import { allowedActions } from "@wanlian/model/kernel/permission.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import { policyAt } from "@wanlian/model/model-1/policy/policy-in-force.js";
import { model2 } from "@wanlian/model/model-2/model.js";
import { RELEASED } from "@wanlian/model/models.js";
import { ROLES, type Role } from "@wanlian/model/roles.js";
import { expect } from "chai";
import { application, BUREAU, CIVIL, DIVISIONS, digest, divisions, grant, HEALTH, release } from "../model/bodies.js";
import { decideAgain, type Frozen } from "../model/frozen-decisions.js";
import { officer, ROLES_OF_PEOPLE, World, written } from "../model/world.js";

/** All that a machine may do on the ledger, written down by hand: what it found or made, and nothing that decides. */
const MACHINES_ACTS = ["assessment state", "product register", "release register"];

const opened = (model = 2) => World.withDataset(divisions, { model });
const registering = { noun: "release", type: "register", body: release } as const;
const applying = { noun: "application", type: "apply", body: application } as const;
const check = {
  kind: "selfCheck",
  dataset: DIVISIONS,
  root: release.root,
  rows: release.rows,
  rules: { id: "divisions", revision: 1, digest: digest("a") },
  report: digest("b"),
  engine: "wanlian-quality/1 duckdb/1.5.6",
  outcomes: { rules: 7, failed: 0, errors: 0 },
  scores: [{ dimension: "completeness", ratio: 10_000 }],
  total: 10_000,
};

describe("a machine", () => {
  it("has rows of its own in the tables: these and no others", () => {
    const rows = Object.entries(model2.nouns).flatMap(([noun, { commands }]) =>
      Object.entries(commands)
        .filter(([, { by }]) => by.some(({ role }) => role === "machine"))
        .map(([type]) => `${noun} ${type}`),
    );
    expect(rows.sort()).to.deep.equal(MACHINES_ACTS);
  });

  it("has none in version 1, where its role gives nothing", () => {
    const roles = Object.values(model1.nouns).flatMap(({ commands }) =>
      Object.values(commands).flatMap(({ by }) => by.map(({ role }) => role as Role)),
    );
    expect(roles).not.to.include("machine");
    expect(opened(1).refusal(officer(CIVIL, "machine"), registering).code).to.equal("NOT_PERMITTED");
    expect(model1.reading.mayUse(["machine"])).to.equal(false);
  });

  it("registers what it made and states what it found, and every node takes that as it takes a steward's", () => {
    const world = opened();
    const machine = officer(CIVIL, "machine");
    const registered = world.act(machine, registering);
    expect(world.state("release", registered.case).status).to.equal("registered");
    expect(world.act(machine, { noun: "assessment", type: "state", body: check }).state.status).to.equal("stated");
  });

  it("acts within its own department alone, as others do", () => {
    expect(opened().refusal(officer(HEALTH, "machine"), registering).code).to.equal("NOT_OWNER");
  });

  it("may do nothing else of what version 2 brings or changes, whatever else its certificate says", () => {
    const file = new URL("../../vectors/model/model-2-decisions.json", import.meta.url);
    const people: Frozen = JSON.parse(readFileSync(file, "utf8"));
    const machines = {
      ...people,
      actors: people.actors.map((actor) => ({ ...actor, roles: [...actor.roles, "machine" as const] })),
    };
    const asked = new Set<string>();
    for (const decision of people.decisions) {
      const { noun, type } = decision.command;
      if (typeof decision.outcome === "string" || MACHINES_ACTS.includes(`${noun} ${type}`)) continue;
      const said = decideAgain(machines, decision);
      expect(said instanceof LedgerError ? said.code : "counts", `${noun} ${type}`).to.equal("NOT_PERMITTED");
      asked.add(`${noun} ${type}`);
    }
    expect([...asked]).to.include.members([
      "application grant",
      "evaluation publish",
      "member restrain",
      "policy amend",
    ]);
  });

  it("neither asks for a grant nor suspends or revokes one", () => {
    const world = opened();
    expect(world.refusal(officer(HEALTH, "machine"), applying).code).to.equal("NOT_PERMITTED");
    const { case: id } = world.act(officer(HEALTH, "user"), applying);
    world.act(officer(CIVIL, "steward"), { noun: "application", type: "grant", case: id, body: grant });
    const reasons = { digest: "a".repeat(64) };
    for (const type of ["suspend", "revoke"])
      expect(
        world.refusal(officer(CIVIL, "machine"), { noun: "application", type, case: id, body: { reasons } }).code,
        type,
      ).to.equal("NOT_PERMITTED");
  });

  it("neither moves nor votes", () => {
    const world = opened();
    const motion = { kind: "admit", subject: "TaxMSP", name: "tax" };
    const proposing = { noun: "consortium", type: "propose", case: "consortium", body: motion } as const;
    expect(world.refusal(officer(CIVIL, "machine"), proposing).code).to.equal("NOT_PERMITTED");
    const { number } = world.act(officer(CIVIL, "administrator"), proposing);
    const body = { motion: number, vote: "inFavour" };
    expect(
      world.refusal(officer(HEALTH, "machine"), { noun: "consortium", type: "vote", case: "consortium", body }).code,
    ).to.equal("NOT_PERMITTED");
  });

  it("is shown nothing else to do, whatever the case and its status, and whatever else its certificate says", () => {
    const world = opened();
    world.act(officer(HEALTH, "user"), applying);
    world.act(officer(CIVIL, "steward"), registering);
    world.act(officer(CIVIL, "steward"), { noun: "assessment", type: "state", body: check });
    const { time } = world.state("clock", "clock");
    const policy = policyAt(world.state("policy", "policy"), time);
    for (const { noun, case: id } of world.acts) {
      const { state } = world.head({ noun, case: id });
      for (const status of model2.nouns[noun]?.statuses ?? []) {
        for (const department of [CIVIL, HEALTH, BUREAU]) {
          const shown = allowedActions(model2, {
            ...{ ref: { noun, case: id }, state: { ...state, status } as CaseState, policy, time },
            ...{ actor: officer(department, ...ROLES), heads: (ref: CaseRef) => world.head(ref) },
          });
          expect(shown.filter((type) => !MACHINES_ACTS.includes(`${noun} ${type}`))).to.deep.equal([]);
        }
      }
    }
  });

  it("stays one with a steward's role beside it: what it endorsed and wrote so all the same is void", () => {
    const world = opened();
    const { case: id } = world.act(officer(HEALTH, "user"), applying);
    const both = officer(CIVIL, "steward", "machine");
    const granting = { noun: "application", type: "grant", case: id, body: grant } as const;
    expect(world.refusal(both, granting).code).to.equal("NOT_PERMITTED");
    const fork = opened();
    fork.act(officer(HEALTH, "user"), applying);
    const act = fork.act(officer(CIVIL, "steward"), granting);
    const verdict = world.submit(written(act, both, world.nextTransaction()));
    expect(verdict.valid ? "valid" : verdict.code).to.equal("NOT_PERMITTED");
  });

  it("may use data under its department's grants from version 2 on, as people with the role may", () => {
    const cases: [Role[], boolean, boolean][] = [
      [["user"], true, true],
      [["machine"], false, true],
      [["steward", "auditor", "administrator", "node"], false, false],
      [[], false, false],
    ];
    for (const [roles, first, second] of cases) {
      expect(RELEASED.of(1).reading.mayUse(roles), roles.join()).to.equal(first);
      expect(RELEASED.of(2).reading.mayUse(roles), roles.join()).to.equal(second);
    }
    expect(ROLES_OF_PEOPLE).not.to.include("machine");
  });
});
