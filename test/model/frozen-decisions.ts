import { createHash } from "node:crypto";
import { canonicalJson } from "@wanlian/model/canonical.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { Act, Actor, CaseRef, CaseState, Command } from "@wanlian/model/kernel/act.js";
import { decide } from "@wanlian/model/kernel/decide.js";
import { type Head, type Heads, NO_ACTS } from "@wanlian/model/kernel/heads.js";
import { caseName } from "@wanlian/model/kernel/key.js";
import { RELEASED } from "@wanlian/model/models.js";
import { putAt } from "./schema-leaves.js";
import type { Decision } from "./world.js";

/** Where a case stood; `state` is a place in the file's list of states. */
interface FrozenHead extends CaseRef {
  readonly act: number;
  readonly transaction?: TransactionId;
  readonly next: number;
  readonly state?: number;
}

/** A decision with all that it rests on: the command, who asked, and where the cases stood that it looked at. */
export interface FrozenDecision {
  readonly command: Command;
  /** A place in the file's list of actors. */
  readonly actor: number;
  readonly transaction: TransactionId;
  readonly heads: readonly FrozenHead[];
  /** The rule's code, or the act: its digest as canonical JSON, and the state after it. */
  readonly outcome: string | { readonly act: string; readonly state: number };
}

/** One change of an accepted command's body, at a path of it. */
export interface FrozenChange {
  /** A place in the file's list of decisions. */
  readonly of: number;
  readonly path: readonly string[];
  /** Absent: what is there is left out. A long text or list is its pieces and how often they come. */
  readonly put?: { readonly value: unknown } | { readonly repeat: unknown; readonly times: number };
  readonly outcome: string;
}

/** Everything that is frozen of a version's decisions. */
export interface Frozen {
  readonly actors: readonly Actor[];
  readonly states: readonly CaseState[];
  readonly decisions: readonly FrozenDecision[];
  readonly changes: readonly FrozenChange[];
}

export const digestOf = (act: Act): string => createHash("sha256").update(canonicalJson(act)).digest("hex");

/** Collects decisions for a file, each state and actor once. */
export class FrozenFile {
  readonly #actors = new Map<string, { at: number; actor: Actor }>();
  readonly #states = new Map<string, { at: number; state: CaseState }>();
  readonly decisions: FrozenDecision[] = [];
  readonly changes: FrozenChange[] = [];

  /** @returns its place */
  add({ command, actor, transaction, heads, outcome }: Decision): number {
    const frozen = {
      ...{ command, transaction, actor: this.#actor(actor) },
      heads: heads.map(({ ref, head }) => ({ ...ref, ...this.#head(head) })),
      outcome:
        outcome instanceof LedgerError
          ? outcome.code
          : { act: digestOf(outcome.act), state: this.#state(outcome.act.state) },
    };
    return this.decisions.push(frozen) - 1;
  }

  get content(): Frozen {
    const actors = [...this.#actors.values()].map(({ actor }) => actor);
    const states = [...this.#states.values()].map(({ state }) => state);
    return { actors, states, decisions: this.decisions, changes: this.changes };
  }

  /** A line a thing, so that a difference shows which. */
  toString(): string {
    const lists = Object.entries(this.content).map(
      ([name, list]) => `"${name}": [\n${(list as readonly unknown[]).map(canonicalJson).join(",\n")}\n]`,
    );
    return `{\n${lists.join(",\n")}\n}\n`;
  }

  #head({ act, transaction, next, state }: Head) {
    return {
      ...{ act, next },
      ...(transaction === undefined ? {} : { transaction }),
      ...(state === undefined ? {} : { state: this.#state(state) }),
    };
  }

  #actor(actor: Actor): number {
    const key = canonicalJson(actor);
    const known = this.#actors.get(key) ?? { at: this.#actors.size, actor };
    this.#actors.set(key, known);
    return known.at;
  }

  #state(state: CaseState): number {
    const key = canonicalJson(state);
    const known = this.#states.get(key) ?? { at: this.#states.size, state: JSON.parse(key) as CaseState };
    this.#states.set(key, known);
    return known.at;
  }
}

/** What the model says now to what was asked then. @throws whatever is no refusal of the rules */
export function decideAgain(frozen: Frozen, decision: FrozenDecision, body = decision.command.body): Act | LedgerError {
  const actor = frozen.actors[decision.actor];
  if (actor === undefined) throw new RangeError(`no actor ${decision.actor}`);
  try {
    const command = { ...decision.command, body };
    return decide(command, headsOf(frozen, decision), actor, decision.transaction, RELEASED).act;
  } catch (error) {
    if (error instanceof LedgerError) return error;
    throw error;
  }
}

/** The body that a change makes. */
export function changedBody({ command }: FrozenDecision, { path, put }: FrozenChange): unknown {
  if (put === undefined) return putAt(command.body, path, undefined);
  if ("value" in put) return putAt(command.body, path, put);
  const { repeat, times } = put;
  const value = typeof repeat === "string" ? repeat.repeat(times) : Array.from({ length: times }, () => repeat);
  return putAt(command.body, path, { value });
}

/** Where the cases stood that a decision looked at. */
export function headsOf({ states }: Frozen, { heads }: FrozenDecision): Heads {
  const known = new Map(
    heads.map(({ state, act, transaction, next, ...ref }) => [
      caseName(ref),
      { act, transaction, next, state: state === undefined ? undefined : states[state] },
    ]),
  );
  return (ref) => known.get(caseName(ref)) ?? NO_ACTS;
}
