import { LedgerError } from "@wanlian/model/errors.js";
import type { Act, Actor } from "@wanlian/model/kernel/act.js";
import { dependencies } from "@wanlian/model/kernel/basis.js";
import { decide } from "@wanlian/model/kernel/decide.js";
import { basisOn } from "@wanlian/model/kernel/heads.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import { RELEASED } from "@wanlian/model/models.js";
import { BUREAU, CIVIL, HEALTH, POLICE } from "./bodies.js";
import { everything } from "./everything.js";
import { officer, ROLES_OF_PEOPLE, World, written } from "./world.js";

/** What one small change of an act that counted comes to at that act's place: `counts`, or the rule's code. */
export interface Outcome {
  /** Place of the act in the frozen course of events. */
  readonly at: number;
  readonly change: string;
  readonly outcome: string;
}

/** Every act of the course, with each member of its body missing or null, by others, and once more. */
export function outcomes(): Outcome[] {
  const played = everything();
  const world = new World();
  return played.acts.flatMap((act, at) => {
    const author = { ...officer(act.author.department), officer: act.author.officer };
    const before = changesOf(act, author).map(({ change, body, actor }) => ({
      at,
      change,
      outcome: outcomeOf(world, act, body, actor),
    }));
    const transaction = played.transactions[at] ?? world.nextTransaction();
    world.submit(written(act, author, transaction));
    return [...before, { at, change: "again", outcome: outcomeOf(world, act, act.body, author) }];
  });
}

function changesOf(act: Act, author: Actor): { change: string; body: unknown; actor: Actor }[] {
  const members = Object.entries(act.body as object);
  const without = (name: string) => Object.fromEntries(members.filter(([other]) => other !== name));
  return [
    ...members.flatMap(([name]) => [
      { change: `without ${name}`, body: without(name), actor: author },
      { change: `${name} is null`, body: { ...without(name), [name]: null }, actor: author },
    ]),
    { change: "with a member more", body: { ...(act.body as object), more: true }, actor: author },
    ...[BUREAU, CIVIL, HEALTH, POLICE, "TaxMSP"].flatMap((department) =>
      ROLES_OF_PEOPLE.map((role) => ({
        change: `by ${department} ${role}`,
        body: act.body,
        actor: officer(department, role),
      })),
    ),
  ];
}

function outcomeOf(world: World, act: Act, body: unknown, actor: Actor): string {
  const command = {
    noun: act.noun,
    type: act.type,
    case: /^[0-9a-f]{64}$/.test(act.case) && act.number === 1 ? null : act.case,
    body,
  };
  try {
    const basis = basisOn(dependencies(command, actor, model1), world.heads.head);
    decide({ ...command, basis }, world.heads.head, actor, "e".repeat(64) as never, RELEASED);
    return "counts";
  } catch (error) {
    if (error instanceof LedgerError) return error.code;
    throw error;
  }
}
