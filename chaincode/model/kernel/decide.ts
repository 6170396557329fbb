import { canonicalBytes, canonicalJson } from "../canonical.js";
import { ensure, LedgerError } from "../errors.js";
import type { Instant, TransactionId } from "../identifiers.js";
import { type PolicyInForce, policyAt } from "../model-1/policy/policy-in-force.js";
import type { StateOf } from "../model-1/states.js";
import { modelOfVersion } from "../models.js";
import { type Act, type Actor, type Command, MAX_ACT_BYTES, type NounName } from "./act.js";
import { CLOCK_CASE, completeBasis, dependencies, lookUp, ownCase, POLICY_CASE } from "./basis.js";
import { Decision, type Heads } from "./decision.js";
import { caseName } from "./key.js";
import { NONE } from "./noun.js";
import { checkPermission, checkStatus, relationsOf } from "./permission.js";
import { checkSchema } from "./schema.js";

/** An act with its time: the clock's, as of the act's place on the ledger. */
export interface Decided {
  readonly act: Act;
  readonly time: Instant;
}

/**
 * What an act would be: the rules, applied. Pure: the same command on the same heads gives the same act, to the byte.
 * @param heads where the cases of `dependencies` stand; it is asked for no others
 * @throws LedgerError with the rule's code; then nothing may be written
 */
export function decide(command: Command, heads: Heads, actor: Actor, transaction: TransactionId): Decided {
  const clock = find(heads, "clock", CLOCK_CASE.case);
  const policy = policyNow(heads);
  const model = modelOfVersion(policy?.model ?? modelNamedBy(command));
  const { noun, definition } = lookUp(model, command);
  checkSchema(definition.body, command.body);

  const ref = ownCase(command, actor, transaction, model);
  const basis = completeBasis(command, ref, dependencies({ ...command, case: ref.case }, actor, model), heads);

  const time = definition.time?.(command.body) ?? clock?.time;
  ensure(time !== undefined, "NOT_FOUND", "the channel's clock has not been started yet");
  ensure(
    actor.certificateExpires >= time,
    "CERTIFICATE_EXPIRED",
    `the certificate of ${actor.officer} ended ${actor.certificateExpires}; the department has to issue a new one`,
  );
  const isMember = find(heads, "member", actor.department)?.status === "active";
  ensure(isMember || definition.standing === "newcomer", "NOT_A_MEMBER", `${actor.department} is no active member`);

  const head = heads(ref);
  const { state } = head;
  const name = caseName(ref);
  if (!state) checkStatus(definition, name, command.type, NONE);
  checkPermission(definition, relationsOf(noun, { ref, state, actor, policy }, isMember), actor);
  checkStatus(definition, name, command.type, state?.status ?? NONE);

  const { body, type } = command;
  const number = head.next;
  const after = definition.apply(new Decision({ ref, number, transaction, body, actor, state, time, policy, heads }));
  if (!definition.to.includes(after.status)) {
    throw new LedgerError("INTERNAL", `the table does not let "${type}" make ${name} "${after.status}"`);
  }
  ensure(
    !state || canonicalJson(state) !== canonicalJson(after),
    "UNCHANGED",
    `"${type}" would change nothing in ${name}`,
  );

  const author = { department: actor.department, officer: actor.officer };
  const act: Act = { schema: 1, ...ref, number, type, author, basis, body, state: after };
  const size = canonicalBytes(act).length;
  ensure(size <= MAX_ACT_BYTES, "TOO_LARGE", `the act has ${size} bytes; the ledger takes at most ${MAX_ACT_BYTES}`);
  return { act, time };
}

/** The policy in force at the ledger's position, or undefined before policy 1. */
export function policyNow(heads: Heads): PolicyInForce | undefined {
  const state = find(heads, "policy", POLICY_CASE.case);
  return state && policyAt(state, find(heads, "clock", CLOCK_CASE.case)?.time);
}

function find<N extends NounName>(heads: Heads, noun: N, id: string): StateOf<N> | undefined {
  return heads({ noun, case: id }).state as StateOf<N> | undefined;
}

/** Policy 1 names the model that it is itself judged by. */
function modelNamedBy(command: Command): number | undefined {
  const { body } = command;
  if (command.noun !== "policy" || typeof body !== "object" || body === null || !("model" in body)) return undefined;
  return typeof body.model === "number" ? body.model : undefined;
}
