import { canonicalJson, parseCanonical } from "../canonical.js";
import { ensure, LedgerError } from "../errors.js";
import type { TransactionId } from "../identifiers.js";
import { type Actor, type ActRef, type BasisEntry, type CaseState, type Command, MAX_ACT_BYTES } from "./act.js";
import { ownCase } from "./basis.js";
import { decide } from "./decide.js";
import { basisEntry, type Head, type Heads, NO_ACTS } from "./heads.js";
import { CommandInput } from "./input.js";
import { proposedBy, type WrittenTransaction } from "./judge.js";
import { caseName } from "./key.js";
import type { Models } from "./model.js";
import { checkSchema, fits } from "./schema.js";

/** The ledger as whoever endorses reads it: single keys, whose acts may be void, and what it has been told of void ones. */
export interface EndorserView {
  /** What the act of this transaction holds under this number; undefined if there is no such key. */
  value(ref: ActRef, transaction: TransactionId): Promise<Uint8Array | undefined>;
  /** Whether nothing is written under a number. */
  isFree(ref: ActRef): Promise<boolean>;
  /** Lets an entry pass as far as is known what is void. @throws LedgerError NOT_YET, MOVED, VOID_BASIS */
  check(entry: BasisEntry): void | Promise<void>;
}

/**
 * The heads that a command's basis names, as an endorser has them: each act there, nothing under each next number. A case
 * that takes the transaction's id need not be named; that it is new is read all the same.
 * @throws LedgerError NOT_YET, MOVED, VOID_BASIS, UNKNOWN_MODEL
 */
export async function headsNamed(
  command: Command,
  actor: Actor,
  transaction: TransactionId,
  models: Models,
  view: EndorserView,
): Promise<Heads> {
  const known = new Map<string, Head>();
  const heads: Heads = (ref) => known.get(caseName(ref)) ?? NO_ACTS;
  for (const entry of command.basis) known.set(caseName(entry), await headNamed(entry, models, view));
  const own = ownCase(command, actor, transaction, models.deciding(command, heads));
  if (!known.has(caseName(own))) known.set(caseName(own), await headNamed(basisEntry(own, NO_ACTS), models, view));
  return heads;
}

/**
 * Whether an honest endorser may have made this write set, when the ledger's state was as the view has it. Who endorses
 * sees keys; which of the acts under them are void its own node finds out, and may not have found yet. So what rests on a
 * void act is decided again on what that act claims, and only who endorsed what is refused then too can be accused.
 * @param view as far behind in its knowledge of void acts as an honest endorser's can be
 */
export async function isDefensible(
  transaction: WrittenTransaction,
  view: EndorserView,
  models: Models,
): Promise<boolean> {
  const proposed = proposedBy(transaction);
  if ("code" in proposed) return false;
  const { ref, value, creator, claimed } = proposed;
  const { type, body, basis } = claimed;
  try {
    checkSchema(CommandInput, { case: ref.case, body, basis });
    const command: Command = { noun: ref.noun, case: ref.case, type, body, basis };
    const heads = await headsNamed(command, creator, transaction.id, models, view);
    const { act } = decide(command, heads, creator, transaction.id, models);
    return act.number === ref.number && canonicalJson(act) === canonicalJson(value);
  } catch (error) {
    // Who has the version that this software lacks may have found it in order.
    if (error instanceof LedgerError) return error.code === "UNKNOWN_MODEL";
    if (error instanceof RangeError || error instanceof TypeError) return false;
    throw error;
  }
}

async function headNamed(entry: BasisEntry, models: Models, view: EndorserView): Promise<Head> {
  const { act, next, transaction } = entry;
  const name = caseName(entry);
  if (next === undefined) {
    ensure(act === 1 && transaction === entry.case, "INVALID_INPUT", `${name}: its origin is act 1 of its transaction`);
    await view.check(entry);
    return {
      act,
      transaction,
      next: act + 1,
      state: await stateAfter({ ...entry, number: act }, transaction, models, view),
    };
  }
  ensure(next > act, "INVALID_INPUT", `${name}: ${next} cannot be the next number after ${act}`);
  ensure((act === 0) === (transaction === undefined), "INVALID_INPUT", `${name}: an act is named with its transaction`);
  await view.check(entry);
  const state =
    transaction === undefined ? undefined : await stateAfter({ ...entry, number: act }, transaction, models, view);
  const free = await view.isFree({ ...entry, number: next });
  ensure(free, "MOVED", `${name} has an act ${next} already`);
  return { act, transaction, next, state };
}

async function stateAfter(
  ref: ActRef,
  transaction: TransactionId,
  models: Models,
  view: EndorserView,
): Promise<CaseState> {
  const value = await view.value(ref, transaction);
  const name = caseName(ref);
  ensure(value !== undefined, "NOT_YET", `this endorser does not have act ${ref.number} of ${name} yet`);
  const state = stateIn(value, ref.noun, models);
  ensure(state !== undefined, "VOID_BASIS", `act ${ref.number} of ${name} is void`);
  return state;
}

/**
 * The state in an act's value; undefined for what no act could have. A void act may hold anything; no rule is asked about a
 * state that its noun's schema does not bound, since nobody could say what that costs.
 */
function stateIn(bytes: Uint8Array, noun: string, models: Models): CaseState | undefined {
  const value = bytes.length <= MAX_ACT_BYTES ? parseCanonical(bytes) : undefined;
  if (typeof value !== "object" || value === null || !("state" in value) || !("schema" in value)) return undefined;
  const { schema, state } = value;
  if (typeof schema !== "number") return undefined;
  const definition = models.of(schema).nouns[noun];
  return definition !== undefined && fits(definition.state, state) ? (state as CaseState) : undefined;
}
