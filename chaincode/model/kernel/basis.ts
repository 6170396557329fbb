import { ensure } from "../errors.js";
import type { TransactionId } from "../identifiers.js";
import type { Actor, BasisEntry, CaseRef, Command, Dependency } from "./act.js";
import { basisEntry, type Heads, NO_ACTS, originEntry } from "./heads.js";
import { caseName } from "./key.js";
import type { Model } from "./model.js";
import { type CommandDefinition, NONE, type NounDefinition } from "./noun.js";
import { checkSchema } from "./schema.js";

/** The rows of the table that a command names. @throws LedgerError UNKNOWN_COMMAND */
export function lookUp(
  model: Model,
  command: Pick<Command, "noun" | "type">,
): { readonly noun: NounDefinition; readonly definition: CommandDefinition } {
  const noun = Object.hasOwn(model.nouns, command.noun) ? model.nouns[command.noun] : undefined;
  ensure(noun !== undefined, "UNKNOWN_COMMAND", `model ${model.version} has no noun "${command.noun}"`);
  const definition = Object.hasOwn(noun.commands, command.type) ? noun.commands[command.type] : undefined;
  ensure(definition !== undefined, "UNKNOWN_COMMAND", `${command.noun} knows no "${command.type}"`);
  return { noun, definition };
}

/**
 * The cases that a command depends on, from the command and its author alone: what the caller has to name in `basis`.
 * A case that begins with the command and takes the transaction's id is left out: it can have no act before it.
 * @throws LedgerError UNKNOWN_COMMAND, INVALID_INPUT
 */
export function dependencies(command: Omit<Command, "basis">, actor: Actor, model: Model): Dependency[] {
  const { noun, definition } = lookUp(model, command);
  checkSchema(definition.body, command.body);
  const own = command.case ?? (begins(noun, definition) ? beginningCase(noun, command.body, actor) : null);
  return distinct([
    ...(own === null ? [] : [asItStands({ noun: noun.name, case: own })]),
    ...model.foundations(actor).map(asItStands),
    ...definition.refers(command.body),
  ]);
}

/** The case a command acts in. @throws LedgerError INVALID_INPUT, NOT_OWNER */
export function ownCase(
  command: Omit<Command, "basis">,
  actor: Actor,
  transaction: TransactionId,
  model: Model,
): CaseRef {
  const { noun, definition } = lookUp(model, command);
  if (!begins(noun, definition)) {
    ensure(command.case !== null, "INVALID_INPUT", `"${command.type}" has to say which ${noun.name} it is about`);
    return { noun: noun.name, case: command.case };
  }
  const own = beginningCase(noun, command.body, actor) ?? transaction;
  ensure(
    command.case === null || command.case === own,
    "NOT_OWNER",
    `${actor.department} does this to ${noun.name} ${own}, not to ${command.case}`,
  );
  return { noun: noun.name, case: own };
}

/** Whether the case's id follows from the command and its author: it begins the case, or there is one only. */
const begins = (noun: NounDefinition, definition: CommandDefinition): boolean =>
  noun.identity === "single" || definition.from.includes(NONE);

/** The id of the case that a beginning command makes; null where it is the transaction's. */
function beginningCase(noun: NounDefinition, body: unknown, actor: Actor): string | null {
  switch (noun.identity) {
    case "single":
      return noun.name;
    case "department":
      return actor.department;
    case "code": {
      const code = typeof body === "object" && body !== null && "code" in body ? body.code : undefined;
      ensure(typeof code === "string", "INVALID_INPUT", "the body has no code");
      return `${actor.department}/${code}`;
    }
    case "transaction":
      return null;
  }
}

/**
 * The basis as the ledger keeps it: own case first, then exactly the demanded ones, each where the heads have it.
 * A case of its own that begins with the transaction's id may be left unnamed; it is filled in.
 * @throws LedgerError WRONG_BASIS, MOVED
 */
export function completeBasis(
  command: Command,
  own: CaseRef,
  demanded: readonly Dependency[],
  heads: Heads,
): BasisEntry[] {
  const named = new Map(command.basis.map((entry) => [caseName(entry), entry]));
  ensure(named.size === command.basis.length, "WRONG_BASIS", "the basis names a case twice");
  if (command.case === null && !named.has(caseName(own))) named.set(caseName(own), basisEntry(own, NO_ACTS));
  const refs = distinct([asItStands(own), ...demanded]);
  ensure(
    named.size === refs.length && refs.every((ref) => named.has(caseName(ref))),
    "WRONG_BASIS",
    `the basis has to name ${refs.map(caseName).join(", ")} and nothing else`,
  );
  return refs.map((ref) => {
    const { act, transaction, next } = named.get(caseName(ref)) ?? NO_ACTS;
    if (ref.on === "origin") {
      const origin = originEntry(ref);
      const fits = act === origin.act && transaction === origin.transaction && next === undefined;
      ensure(
        fits,
        "WRONG_BASIS",
        `${caseName(ref)} is relied on for its origin: its act 1 by that transaction, no next`,
      );
      return origin;
    }
    const head = heads(ref);
    ensure(
      act === head.act && transaction === head.transaction && next === head.next,
      "MOVED",
      `${caseName(ref)} stands at act ${head.act}, next ${head.next}; the basis says ${act}, next ${next}`,
    );
    return basisEntry(ref, head);
  });
}

const asItStands = ({ noun, case: id }: CaseRef): Dependency => ({ noun, case: id, on: "state" });

/** Each case once; what stands takes its origin in. */
function distinct(dependencies: readonly Dependency[]): Dependency[] {
  const found = new Map<string, Dependency>();
  for (const dependency of dependencies) {
    const name = caseName(dependency);
    if (found.get(name)?.on !== "state") found.set(name, dependency);
  }
  return [...found.values()];
}
