import { canonicalJson } from "@wanlian/model/canonical.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { Act } from "@wanlian/model/kernel/act.js";
import { decide } from "@wanlian/model/kernel/decide.js";
import { caseName } from "@wanlian/model/kernel/key.js";
import { checkSchema } from "@wanlian/model/kernel/schema.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import { RELEASED } from "@wanlian/model/models.js";
import { ROLES } from "@wanlian/model/roles.js";
import { dayOf } from "@wanlian/model/time/instant.js";
import { expect } from "chai";
import fc from "fast-check";
import { FOUNDERS } from "./bodies.js";
import { everything } from "./everything.js";
import { officer, World, written } from "./world.js";

const played = everything();
/** Where the clock stands at the end: periods begin today at the earliest, so that those of September begin then. */
const TODAY = dayOf(played.state("clock", "clock").time);
const commands = played.acts.map(({ noun, type, body, author }) => ({
  ...{ noun, type, author },
  body: JSON.parse(canonicalJson(body).replaceAll(/"from":"2026-(?:09|10)-\d\d/g, `"from":"${TODAY}`)) as object,
}));

const steps = fc.array(
  fc.record({
    command: fc.constantFrom(...commands),
    /** Mostly who did it before: a walk of strangers goes nowhere. */
    department: fc.option(fc.constantFrom(...FOUNDERS, "TaxMSP"), { freq: 3 }),
    role: fc.option(fc.constantFrom(...ROLES), { freq: 3 }),
    /** Which of the noun's cases, or none of them. */
    which: fc.option(fc.nat(), { freq: 5 }),
  }),
  { minLength: 20, maxLength: 60 },
);

describe("whatever officers try, in whatever order", () => {
  it("an act counts on every node or is refused with a code; it changes its case, in a way the table allows", () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(steps, (tried) => {
        const world = everything();
        for (const { command, department, role, which } of tried) {
          const { author, ...rest } = command;
          const actor = officer(department ?? author.department, ...(role ? [role] : []));
          const cases = [...new Set(world.acts.filter(({ noun }) => noun === rest.noun).map((act) => act.case))];
          const begins = model1.nouns[rest.noun]?.commands[rest.type]?.from.includes("none");
          const id = which === null || begins ? undefined : cases[which % cases.length];
          const asked = id === undefined ? rest : { ...rest, case: id };
          try {
            const act = world.act(actor, asked);
            const { to } = model1.nouns[act.noun]?.commands[act.type] ?? { to: [] };
            expect(to).to.include(act.state.status);
            checkSchema(stateSchema(act.noun), act.state);
            reached.add(`${act.noun}:${act.type}`);
          } catch (error) {
            if (!(error instanceof LedgerError)) throw error;
            expect(error.code).not.to.equal("INTERNAL");
          }
        }
        expect(world.verdicts.every(({ valid }) => valid)).to.equal(true);
      }),
      { numRuns: 12 },
    );
    expect(reached.size).to.be.greaterThan(4); // the walk gets somewhere
  });

  it("the same transactions fold to the same heads, and the same command decides to the same bytes", () => {
    const again = new World();
    const before: Act[] = [];
    for (const [at, act] of played.acts.entries()) {
      const creator = { ...officer(act.author.department), officer: act.author.officer };
      const id = played.transactions[at] ?? expect.fail("an act without a transaction");
      const command = { ...act, case: act.case, basis: [...act.basis].reverse() };
      const { act: decided } = decide(command, (ref) => again.head(ref), creator, id, RELEASED);
      expect(canonicalJson(decided)).to.equal(canonicalJson(act));
      const verdict = again.submit(written(act, creator, id));
      expect(verdict.valid, verdict.valid ? "" : verdict.message).to.equal(true);
      const earlier = before.findLast((other) => caseName(other) === caseName(act));
      expect(canonicalJson(act.state)).not.to.equal(canonicalJson(earlier?.state ?? null));
      expect(act.number).to.equal((earlier?.number ?? 0) + 1);
      before.push(act);
    }
    for (const act of played.acts) expect(again.head(act)).to.deep.equal(played.head(act));
  });
});

function stateSchema(noun: string) {
  const schema = model1.nouns[noun]?.state;
  if (schema === undefined) throw new Error(`there is no noun ${noun}`);
  return schema;
}
