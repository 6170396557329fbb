import { canonicalBytes, canonicalJson } from "../canonical.js";
import { ensure, LedgerError } from "../errors.js";
import type { Instant, TransactionId } from "../identifiers.js";
import { type Act, type Actor, type CaseState, type Command, MAX_ACT_BYTES } from "./act.js";
import { completeBasis, dependencies, lookUp, ownCase } from "./basis.js";
import type { Heads } from "./heads.js";
import { caseName } from "./key.js";
import type { Models } from "./model.js";
import { NONE, type NounDefinition } from "./noun.js";
import { countAct, withoutRecent } from "./pace.js";
import { checkPermission, checkStatus, relationsOf } from "./permission.js";
import { checkSchema } from "./schema.js";
import { originOf, sightOf } from "./sight.js";

/** An act with its time: the clock's, as of the act's place on the ledger. */
export interface Decided {
  readonly act: Act;
  readonly time: Instant;
}

/**
 * What an act would be: the rules, applied. Pure: the same command on the same heads gives the same act, to the byte.
 * @param heads where the cases of `dependencies` stand; it is asked for no others
 * @param models the versions at hand; the one in force on the heads decides
 * @throws LedgerError with the rule's code; then nothing may be written
 */
export function decide(
  command: Command,
  heads: Heads,
  creator: Actor,
  transaction: TransactionId,
  models: Models,
): Decided {
  const model = models.deciding(command, heads);
  const actor = model.takes?.(creator) ?? creator;
  const { noun, definition } = lookUp(model, command);
  checkSchema(definition.body, command.body);

  const ref = ownCase(command, actor, transaction, model);
  const demanded = dependencies({ ...command, case: ref.case }, actor, model);
  const basis = completeBasis(command, ref, demanded, heads);
  const sight = sightOf(model, ref, demanded, heads);

  const situation = model.situation(sight, actor);
  const { policy, isMember } = situation;
  const time = definition.time?.(command.body) ?? situation.time;
  ensure(time !== undefined, "NOT_FOUND", "the channel's clock has not been started yet");
  ensure(
    actor.certificateExpires >= time,
    "CERTIFICATE_EXPIRED",
    `the certificate of ${actor.officer} ended ${actor.certificateExpires}; the department has to issue a new one`,
  );
  ensure(isMember || definition.standing === "newcomer", "NOT_A_MEMBER", `${actor.department} is no active member`);

  const head = sight(ref);
  const { state } = head;
  const name = caseName(ref);
  // Others rely on the origin of such a case as its act 1; what lies under its numbers before it begins is void.
  ensure(
    noun.identity !== "transaction" || state !== undefined || head.next === 1,
    "MOVED",
    `${name} was written to before it began; file it in another transaction`,
  );
  if (!state) checkStatus(definition, name, command.type, NONE);
  checkPermission(definition, relationsOf(model, { ref, state, actor, policy }, situation), actor);
  checkStatus(definition, name, command.type, state?.status ?? NONE);

  const { body, type } = command;
  const number = head.next;
  const circumstances = { ref, number, transaction, actor, state, time, policy, heads: sight };
  model.bars?.({ ...circumstances, body });
  definition.when?.(circumstances);
  const given = definition.apply({ ...circumstances, body });
  const changed = withoutRecent(given);
  if (!definition.to.includes(changed.status)) {
    throw new LedgerError("INTERNAL", `the table does not let "${type}" make ${name} "${changed.status}"`);
  }
  if (state && !keepsOrigin(noun, state, changed)) {
    throw new LedgerError("INTERNAL", `"${type}" changes what the first act of ${name} fixed`);
  }
  ensure(
    !state || canonicalJson(withoutRecent(state)) !== canonicalJson(changed),
    "UNCHANGED",
    `"${type}" would change nothing in ${name}`,
  );
  const { actsPerTick: limit } = noun;
  const after: CaseState =
    limit === undefined ? changed : { ...changed, recent: countAct(name, state, actor.department, time, limit) };

  const author = { department: actor.department, officer: actor.officer };
  const act: Act = { schema: model.version, ...ref, number, type, author, basis, body, state: after };
  const size = canonicalBytes(act).length;
  ensure(size <= MAX_ACT_BYTES, "TOO_LARGE", `the act has ${size} bytes; the ledger takes at most ${MAX_ACT_BYTES}`);
  return { act, time };
}

const keepsOrigin = (noun: NounDefinition, before: CaseState, after: CaseState): boolean =>
  canonicalJson(originOf(before, noun.fixed)) === canonicalJson(originOf(after, noun.fixed));
