import type { TransactionId } from "@wanlian/model/identifiers.js";
import { CLOCK_CASE } from "@wanlian/model/in-force.js";
import type { Act, Actor, BasisEntry } from "@wanlian/model/kernel/act.js";
import { dependencies } from "@wanlian/model/kernel/basis.js";
import { decide } from "@wanlian/model/kernel/decide.js";
import { basisOn, type Heads } from "@wanlian/model/kernel/heads.js";
import type { Models } from "@wanlian/model/kernel/model.js";
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
export function planCommand(command: Command, actor: Actor, heads: Heads, models: Models): Plan {
  const asked = { noun: command.noun, case: command.case, type: command.type, body: command.body };
  const refs = dependencies(asked, actor, models.deciding(asked, heads));
  const basis = basisOn(refs, heads);
  const { act } = decide({ ...asked, basis }, heads, actor, NO_TRANSACTION, models);
  const own = basis.find((entry) => entry.noun === act.noun && entry.case === act.case);
  return { basis, act, seen: own?.act ?? 0, clock: heads(CLOCK_CASE).act };
}
