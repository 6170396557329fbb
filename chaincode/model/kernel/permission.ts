import { ensure, LedgerError } from "../errors.js";
import type { Instant, TransactionId } from "../identifiers.js";
import type { Actor } from "./act.js";
import type { Heads } from "./heads.js";
import type { Model, Situation } from "./model.js";
import { type CommandDefinition, NONE, type View } from "./noun.js";

/** All that the actor's department is to a case. */
export function relationsOf(model: Model, view: View, situation: Situation): string[] {
  const own = model.nouns[view.ref.noun]?.relations(view) ?? [];
  return [...own, ...model.relations(situation, view.actor)];
}

/**
 * One of the row's permissions has to hold: the relation of the department, and the role of the officer.
 * @throws LedgerError NOT_OWNER where the department may not, NOT_PERMITTED where the officer's role may not
 */
export function checkPermission(definition: CommandDefinition, relations: readonly string[], actor: Actor): void {
  const open = definition.by.filter((permission) => relations.includes(permission.relation));
  const allowed = [...new Set(definition.by.map((permission) => permission.relation))];
  ensure(open.length > 0, "NOT_OWNER", `${actor.department} is not ${allowed.join(" or ")} here`, {
    allowed,
    relations,
  });
  const roles = [...new Set(open.map((permission) => permission.role))];
  ensure(
    roles.some((role) => actor.roles.includes(role)),
    "NOT_PERMITTED",
    `this takes an officer with the role ${roles.join(" or ")}; ${actor.officer} has ${actor.roles.join(", ") || "none"}`,
    { roles },
  );
}

/** @throws LedgerError NOT_FOUND, ALREADY_EXISTS, WRONG_STATE */
export function checkStatus(definition: CommandDefinition, name: string, type: string, status: string): void {
  if (definition.from.includes(status)) return;
  ensure(status !== NONE, "NOT_FOUND", `there is no ${name}`);
  ensure(
    definition.from.some((from) => from !== NONE),
    "ALREADY_EXISTS",
    `${name} exists already and is "${status}"`,
  );
  const from = definition.from.filter((candidate) => candidate !== NONE);
  ensure(
    false,
    "WRONG_STATE",
    `${name} is "${status}"; "${type}" needs ${from.map((candidate) => `"${candidate}"`).join(" or ")}`,
    { status, from },
  );
}

/** A case as it stands, at a time, with what is at hand of others: whatever is not counts as unknown. */
export interface Standing extends View {
  readonly time: Instant;
  /** @throws RangeError for a case that is not at hand */
  readonly heads: Heads;
}

/**
 * The commands that an active member's officer has on a case as it stands: those that the model's tables allow, without
 * those that its rules refuse whatever the officer says. What depends on the rest of the command can still be refused.
 */
export function allowedActions(model: Model, view: Standing): string[] {
  const noun = model.nouns[view.ref.noun];
  const { policy, state } = view;
  const actor = model.takes?.(view.actor) ?? view.actor;
  const relations = relationsOf(model, view, { policy, isMember: true, time: undefined });
  const status = state?.status ?? NONE;
  return Object.entries(noun?.commands ?? {})
    .filter(([, definition]) => definition.from.includes(status))
    .filter(([, definition]) =>
      definition.by.some(({ relation, role }) => relations.includes(relation) && actor.roles.includes(role)),
    )
    .filter(([, definition]) => !isRefusedAnyway(model, definition, view))
    .map(([type]) => type);
}

/** Each is asked by itself: what one cannot tell, for want of a case at hand, says nothing of the other. */
function isRefusedAnyway(model: Model, definition: CommandDefinition, view: Standing): boolean {
  return (
    refuses(() => model.bars?.({ ...view, body: undefined })) ||
    refuses(() => definition.when?.({ ...view, number: 0, transaction: NOT_MADE }))
  );
}

function refuses(ask: () => void): boolean {
  try {
    ask();
    return false;
  } catch (error) {
    if (error instanceof LedgerError) return true;
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Stands for the transaction of an act that nobody has made yet. */
const NOT_MADE = "0".repeat(64) as TransactionId;
