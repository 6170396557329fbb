import { ensure } from "@wanlian/model/errors.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { Act, Actor, BasisEntry, NounName } from "@wanlian/model/kernel/act.js";
import { NOUN_NAMES } from "@wanlian/model/kernel/act.js";
import { CLOCK_CASE, dependencies } from "@wanlian/model/kernel/basis.js";
import { decide, policyNow } from "@wanlian/model/kernel/decide.js";
import type { Heads } from "@wanlian/model/kernel/decision.js";
import { modelOfVersion } from "@wanlian/model/models.js";
import type { Command } from "../core/index.js";

/** Stands in for the id of a transaction that is yet to be made. */
export const NO_TRANSACTION = "0".repeat(64) as TransactionId;

/** A command on the heads as they are. */
export interface Plan {
  readonly basis: readonly BasisEntry[];
  /** What it would become; its case id is {@link NO_TRANSACTION} where that is the transaction's. */
  readonly act: Act;
  /** Number of the own case's last act. */
  readonly seen: number;
  /** Number of the clock's last act. */
  readonly clock: number;
}

/** @throws LedgerError with the code that the contracts would give */
export function planCommand(command: Command, actor: Actor, heads: Heads): Plan {
  const policy = policyNow(heads);
  const asked = { noun: nounNamed(command.noun), case: command.case, type: command.type, body: command.body };
  const refs = dependencies(asked, actor, modelOfVersion(policy?.model));
  const basis = refs.map(({ noun, case: id }) => {
    const { act, next } = heads({ noun, case: id });
    return { noun, case: id, act, next };
  });
  const { act } = decide({ ...asked, basis }, heads, actor, NO_TRANSACTION);
  const own = basis.find((entry) => entry.noun === act.noun && entry.case === act.case);
  return { basis, act, seen: own?.act ?? 0, clock: heads(CLOCK_CASE).act };
}

function nounNamed(name: string): NounName {
  const noun = NOUN_NAMES.find((known) => known === name);
  ensure(noun !== undefined, "UNKNOWN_COMMAND", `there is no noun "${name}"`);
  return noun;
}
