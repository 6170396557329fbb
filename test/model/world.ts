import { canonicalBytes } from "@wanlian/model/canonical.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { Instant, MspId, OfficerNumber, TransactionId } from "@wanlian/model/identifiers.js";
import type { Act, Actor, CaseRef, Command } from "@wanlian/model/kernel/act.js";
import { dependencies } from "@wanlian/model/kernel/basis.js";
import { type Decided, decide } from "@wanlian/model/kernel/decide.js";
import { basisOn, type Head } from "@wanlian/model/kernel/heads.js";
import { judge, type Verdict, type WrittenTransaction } from "@wanlian/model/kernel/judge.js";
import { caseName, encodeActKey } from "@wanlian/model/kernel/key.js";
import type { Model } from "@wanlian/model/kernel/model.js";
import { checkSchema } from "@wanlian/model/kernel/schema.js";
import { SEAL, VALIDATION_PARAMETER } from "@wanlian/model/kernel/seal.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import type { NounName, StateOf } from "@wanlian/model/model-1/states.js";
import { RELEASED } from "@wanlian/model/models.js";
import { isMachine, ROLES, type Role } from "@wanlian/model/roles.js";
import { addSeconds } from "@wanlian/model/time/instant.js";
import { Type } from "typebox";
import { CIVIL, founding, officers, POLICY_1 } from "./bodies.js";
import { MemoryHeads } from "./memory-heads.js";

/** What people and nodes may be: a certificate that is a machine's as well is a machine's alone. */
export const ROLES_OF_PEOPLE = ROLES.filter((role) => !isMachine([role]));

/** An officer with these roles (all that people have by default) and a certificate that outlasts every test. */
export const officer = (department: string, ...roles: readonly Role[]): Actor => ({
  department: department as MspId,
  officer: "3001" as OfficerNumber,
  roles: roles.length > 0 ? roles : ROLES_OF_PEOPLE,
  certificateExpires: "2036-01-01T00:00:00Z" as Instant,
});

/** The transaction that would put an act on the ledger, sealed, as its author's. */
export function written(act: Act, creator: Actor, id: TransactionId): WrittenTransaction {
  const key = encodeActKey(act, id);
  return {
    id,
    creator,
    writes: {
      writes: [{ key, value: canonicalBytes(act), isDelete: false }],
      metadataWrites: [{ key, entries: [{ name: VALIDATION_PARAMETER, value: SEAL }] }],
      privateWrites: 0,
    },
  };
}

export interface Asked {
  readonly noun: string;
  readonly type: string;
  readonly case?: string;
  readonly body?: object;
}

/** What the model was asked, with all that it looked at, and what it said. */
export interface Decision {
  readonly command: Command;
  readonly actor: Actor;
  readonly transaction: TransactionId;
  readonly heads: readonly { readonly ref: CaseRef; readonly head: Head }[];
  readonly outcome: Decided | LedgerError;
}

/** A ledger in memory, folded as every node does: what the model decides, the world judges. */
export class World {
  /** Told of every decision of every world, while vectors are written. */
  static onDecision: ((decision: Decision) => void) | undefined;
  readonly acts: Act[] = [];
  /** The transactions of `acts`, in the same order. */
  readonly transactions: TransactionId[] = [];
  readonly verdicts: Verdict[] = [];
  readonly heads = new MemoryHeads();
  #made = 0;

  /** A demo channel with its founders, at 28 September 2026, 09:00 in China. */
  static opened(policy: object = {}): World {
    const world = new World();
    world.act(officer("BureauMSP"), { noun: "policy", type: "open", body: { ...POLICY_1, ...founding, ...policy } });
    world.tick("2026-09-28T01:00:00Z");
    for (const department of founding.founders) {
      world.act(officer(department), { noun: "member", type: "join", body: officers });
    }
    return world;
  }

  /** The same with civil affairs' dataset in the catalogue. */
  static withDataset(entry: object, policy: object = {}): World {
    const world = World.opened(policy);
    world.act(officer(CIVIL), { noun: "dataset", type: "register", body: entry });
    return world;
  }

  head(ref: CaseRef): Head {
    return this.heads.head(ref);
  }

  state<N extends NounName>(noun: N, id: string): StateOf<N> {
    const { state } = this.head({ noun, case: id });
    if (!state) throw new Error(`there is no ${noun} ${id}`);
    return state as StateOf<N>;
  }

  nextTransaction(): TransactionId {
    this.#made += 1;
    return this.#made.toString(16).padStart(64, "0") as TransactionId;
  }

  /** The command with the basis that an honest node would name. */
  command({ noun, type, case: id, body = {} }: Asked, actor: Actor): Command {
    const command = { noun, type, case: id ?? null, body };
    const { head } = this.heads;
    const model = RELEASED.inForce(head) ?? opening(body);
    const basis = basisOn(dependencies(command, actor, model), head);
    return { ...command, basis };
  }

  /** Decides, writes, judges. Throws what the model throws. */
  act(actor: Actor, asked: Asked): Act {
    const id = this.nextTransaction();
    const { act } = this.#decide(actor, asked, id);
    const verdict = this.submit(written(act, actor, id));
    if (!verdict.valid) throw new Error(`decided but void: ${verdict.code} ${verdict.message}`);
    return act;
  }

  /** Whatever a peer committed: takes it in as every fold does. */
  submit(transaction: WrittenTransaction): Verdict {
    const verdict = judge(transaction, (ref) => this.head(ref), RELEASED);
    this.verdicts.push(verdict);
    const used = verdict.valid ? [verdict.act] : verdict.used;
    for (const ref of used) {
      this.heads.use(ref, [ref.number], verdict.valid ? { act: verdict.act, transaction: transaction.id } : undefined);
    }
    if (verdict.valid) {
      // Contracts ask no rule about a state that its schema does not bound.
      const { noun, state } = verdict.act;
      checkSchema(RELEASED.of(verdict.act.schema).nouns[noun]?.state ?? Type.Never(), state);
      this.acts.push(verdict.act);
      this.transactions.push(transaction.id);
    }
    return verdict;
  }

  /** The refusal that a command meets; fails if it is allowed. */
  refusal(actor: Actor, asked: Asked): LedgerError {
    try {
      const id = this.nextTransaction();
      this.#decide(actor, asked, id);
    } catch (error) {
      if (error instanceof LedgerError) return error;
      throw error;
    }
    throw new Error(`${asked.noun} ${asked.type} was allowed`);
  }

  #decide(actor: Actor, asked: Asked, transaction: TransactionId): Decided {
    return this.#decideOn(this.command(asked, actor), actor, transaction);
  }

  #decideOn(command: Command, actor: Actor, transaction: TransactionId): Decided {
    const heads = new Map<string, { ref: CaseRef; head: Head }>();
    const look = (ref: CaseRef): Head => {
      const head = this.head(ref);
      heads.set(caseName(ref), { ref: { noun: ref.noun, case: ref.case }, head });
      return head;
    };
    const tell = (outcome: Decided | LedgerError) =>
      World.onDecision?.({ command, actor, transaction, heads: [...heads.values()], outcome });
    try {
      const decided = decide(command, look, actor, transaction, RELEASED);
      tell(decided);
      return decided;
    } catch (error) {
      if (error instanceof LedgerError) tell(error);
      throw error;
    }
  }

  /** The code by which a command is refused just as it stands, its basis included; fails if it is allowed. */
  refusalOf(actor: Actor, command: Command): string {
    try {
      this.#decideOn(command, actor, this.nextTransaction());
    } catch (error) {
      if (error instanceof LedgerError) return error.code;
      throw error;
    }
    throw new Error(`${command.noun} ${command.type} was allowed`);
  }

  tick(time: string): void {
    this.tickBy(officer("BureauMSP", "node"), time);
  }

  /** The next tick, at which whoever has acted often can act again. */
  pass(): void {
    this.tick(addSeconds(this.state("clock", "clock").time, 1));
  }

  tickBy(node: Actor, time: string): void {
    this.act(node, { noun: "clock", type: "tick", body: { time } });
  }
}

/** The version that policy 1 names; the first for whatever names none that there is: it is refused for that. */
function opening(body: object): Model {
  const version: unknown = "model" in body ? body.model : undefined;
  return typeof version === "number" && RELEASED.has(version) ? RELEASED.of(version) : model1;
}
