import { LedgerError } from "@wanlian/model/errors.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { Act, CaseState } from "@wanlian/model/kernel/act.js";
import { dependencies } from "@wanlian/model/kernel/basis.js";
import { decide } from "@wanlian/model/kernel/decide.js";
import { basisOn, type Head, NO_ACTS } from "@wanlian/model/kernel/heads.js";
import { caseName } from "@wanlian/model/kernel/key.js";
import { allowedActions } from "@wanlian/model/kernel/permission.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import { policyAt } from "@wanlian/model/model-1/policy/policy-in-force.js";
import { RELEASED } from "@wanlian/model/models.js";
import { ROLES } from "@wanlian/model/roles.js";
import { expect } from "chai";
import { BUREAU, CIVIL, HEALTH, POLICE } from "./bodies.js";
import { everything } from "./everything.js";
import { PERMISSIONS, STATUSES } from "./permissions.js";
import { officer } from "./world.js";

const DEPARTMENTS: Readonly<Record<string, string>> = { bureau: BUREAU, civil: CIVIL, health: HEALTH, police: POLICE };
const world = everything();
const policy = world.state("policy", "policy");

/** An act of the noun in whose state the parties are as `permissions.ts` says. */
function sampleOf(noun: string): Act {
  const acts = world.acts.filter((act) => act.noun === noun);
  const act = noun === "mandate" ? acts.find(({ type }) => type === "delegate") : acts.at(0);
  if (!act) throw new Error(`nothing happened to a ${noun}`);
  return act;
}

function bodyOf(noun: string, type: string): unknown {
  const act = world.acts.find((candidate) => candidate.noun === noun && candidate.type === type);
  if (!act) throw new Error(`${noun} ${type} was never played`);
  return act.body;
}

/** Whether the hand-written table lets an officer with one role do it to the sample case. */
function isAllowed(who: string, department: string, role: string, self: string): boolean {
  return who.split(", ").some((entry) => {
    const [which = "", as] = entry.split(" ");
    const right = which === "any" || (which === "self" ? self : DEPARTMENTS[which]) === department;
    return right && as === role;
  });
}

const SOME = "a".repeat(64) as TransactionId;

/** What the model says to a command on a case in the given status: its refusal's code, or undefined. */
function answer(noun: string, type: string, status: string, department: string, role: (typeof ROLES)[number]) {
  const sample = sampleOf(noun);
  const beginning = noun === "dataset" && type === "register";
  const id = beginning ? `${CIVIL}/divisions` : sample.case;
  // Who suspended a grant resumes it: a rule beyond the table, tested with the application.
  const suspended = noun === "application" && status === "suspended" ? { suspendedBy: department } : {};
  const state = status === "none" ? undefined : ({ ...sample.state, status, ...suspended } as CaseState);
  const heads = (ref: { noun: string; case: string }): Head => {
    if (caseName(ref) === caseName({ noun, case: id }))
      return state ? { act: 1, transaction: SOME, next: 2, state } : NO_ACTS;
    return world.head(ref);
  };
  const actor = officer(department, role);
  const command = { noun, type, case: id, body: bodyOf(noun, type) };
  const basis = basisOn(dependencies(command, actor, model1), heads);
  try {
    decide({ ...command, basis }, heads, actor, sample.case as never, RELEASED);
    return undefined;
  } catch (error) {
    if (error instanceof LedgerError) return error.code;
    throw error;
  }
}

const byState = new Set(["WRONG_STATE", "NOT_FOUND", "ALREADY_EXISTS"]);
const byPerson = new Set(["NOT_OWNER", "NOT_PERMITTED"]);

describe("tables", () => {
  it("know the nouns, commands and statuses that were written down by hand, and no others", () => {
    const model = model1.nouns;
    expect(Object.keys(PERMISSIONS).sort()).to.deep.equal([...Object.keys(model1.nouns)].sort());
    for (const noun of Object.keys(model1.nouns)) {
      expect(Object.keys(model[noun]?.commands ?? {}).sort(), noun).to.deep.equal(
        Object.keys(PERMISSIONS[noun] ?? {}).sort(),
      );
      expect([...(model[noun]?.statuses ?? [])].sort(), noun).to.deep.equal((STATUSES[noun] ?? "").split(" ").sort());
    }
  });

  for (const noun of Object.keys(model1.nouns)) {
    // The authors' member cases and the clock are needed to ask at all: their own states are tested by name below.
    if (noun === "policy" || noun === "clock" || noun === "member") continue;
    it(`${noun}: every state × every command × every department and role is allowed or refused as written`, () => {
      for (const [type, [from, who]] of Object.entries(PERMISSIONS[noun] ?? {})) {
        for (const status of ["none", ...(STATUSES[noun] ?? "").split(" ")]) {
          for (const department of Object.values(DEPARTMENTS)) {
            for (const role of ROLES) {
              const what = `${noun} ${type} by ${department} ${role} while ${status}`;
              const code = answer(noun, type, status, department, role);
              const person = isAllowed(who, department, role, sampleOf(noun).case);
              const inState = from.split(" ").includes(status);
              if (inState && person) expect(byPerson.has(code ?? ""), `${what}: ${code}`).to.equal(false);
              if (!inState)
                expect(byState.has(code ?? "") || byPerson.has(code ?? ""), `${what}: ${code}`).to.equal(true);
              if (!person)
                expect(byPerson.has(code ?? "") || byState.has(code ?? ""), `${what}: ${code}`).to.equal(true);
            }
          }
        }
      }
    });
  }

  it("tell a page no more than what is written", () => {
    const now = policyAt(policy, world.state("clock", "clock").time);
    for (const noun of Object.keys(model1.nouns)) {
      const sample = sampleOf(noun);
      for (const status of (STATUSES[noun] ?? "").split(" ")) {
        for (const department of Object.values(DEPARTMENTS)) {
          for (const role of ROLES) {
            const state = { ...sample.state, status } as CaseState;
            const shown = allowedActions(model1, {
              ref: sample,
              state,
              actor: officer(department, role),
              policy: now,
              time: world.state("clock", "clock").time,
              heads: (ref) => world.head(ref),
            });
            const expected = Object.entries(PERMISSIONS[noun] ?? {})
              .filter(
                ([, [from, who]]) => from.split(" ").includes(status) && isAllowed(who, department, role, sample.case),
              )
              .map(([type]) => type);
            // That no more than what rules refuse is left out, the graphs of states show (endings.test.ts).
            expect(expected, `${noun} ${status} ${department} ${role}`).to.include.members(shown);
          }
        }
      }
    }
  });
});
