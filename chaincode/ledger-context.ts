import { canonicalBytes, canonicalJson } from "@wanlian/model/canonical.js";
import { ensure, LedgerError } from "@wanlian/model/errors.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import { readOfficer } from "@wanlian/model/identity/officer.js";
import type { Act, Actor, ActRef, BasisEntry, CaseState, Command } from "@wanlian/model/kernel/act.js";
import { ownCase } from "@wanlian/model/kernel/basis.js";
import { decide } from "@wanlian/model/kernel/decide.js";
import { type Head, type Heads, NO_ACTS } from "@wanlian/model/kernel/heads.js";
import { parseInput } from "@wanlian/model/kernel/input.js";
import { caseName, encodeActKey } from "@wanlian/model/kernel/key.js";
import { SEAL } from "@wanlian/model/kernel/seal.js";
import { Context } from "./contract-api.js";
import type { Endorser } from "./endorser.js";

/** A gap of void acts longer than this is no accident; the node's alarms have told of it long before. */
const MAX_VOID_GAP = 10_000;

/** A transaction, with the ledger as acts: what a contract's method reads and records. */
export class LedgerContext extends Context {
  readonly #endorser: Endorser;

  constructor(endorser: Endorser) {
    super();
    this.#endorser = endorser;
  }

  /** The whole of a contract's method: parse, ask the model, record. @returns the act, as canonical JSON */
  async act(noun: Command["noun"], type: string, input: string): Promise<string> {
    const command = parseInput(noun, type, input);
    const actor = this.actor();
    const heads = await this.read(command, actor);
    const { act, time } = decide(command, heads, actor, this.transaction, this.#endorser.models);
    this.#endorser.check(command, heads, time);
    return this.record(act);
  }

  get transaction(): TransactionId {
    return this.stub.getTxID() as TransactionId;
  }

  /** Who signed the proposal. @throws LedgerError NOT_A_CLIENT */
  actor(): Actor {
    const { mspid, idBytes } = this.stub.getCreator();
    return readOfficer(mspid, idBytes);
  }

  /**
   * The heads that a command's basis names: each act there, each successor absent. Single keys, so that the
   * transaction fails if any of them has moved by the time it is ordered. A case that takes the transaction's id need
   * not be named; that it is new is read all the same.
   * @throws LedgerError NOT_YET, MOVED, VOID_BASIS
   */
  async read(command: Command, actor: Actor): Promise<Heads> {
    const known = new Map<string, Head>();
    const heads: Heads = (ref) => known.get(caseName(ref)) ?? NO_ACTS;
    for (const entry of command.basis) known.set(caseName(entry), await this.#head(entry));
    const own = ownCase(command, actor, this.transaction, this.#endorser.models.deciding(command, heads));
    if (!known.has(caseName(own))) known.set(caseName(own), await this.#head({ ...own, act: 0, next: 1 }));
    return heads;
  }

  /** Writes the act and its seal: one key, made once, that nobody can change afterwards. */
  async record(act: Act): Promise<string> {
    const key = encodeActKey(act);
    await this.stub.putState(key, canonicalBytes(act));
    await this.stub.setStateValidationParameter(key, SEAL);
    return canonicalJson(act);
  }

  /** An act by its number, or undefined if there is none. For queries and for {@link read}. */
  async find(ref: ActRef): Promise<Act | undefined> {
    const bytes = await this.stub.getState(encodeActKey(ref));
    return bytes.length === 0 ? undefined : (JSON.parse(Buffer.from(bytes).toString("utf8")) as Act);
  }

  async #head(entry: BasisEntry): Promise<Head> {
    const { act: v, next: m } = entry;
    const name = caseName(entry);
    ensure(m > v && m - v <= MAX_VOID_GAP, "INVALID_INPUT", `${name}: ${m} cannot be the next number after ${v}`);
    for (let number = v + 1; number < m; number += 1) {
      const known = this.#endorser.voidActs.has({ ...entry, number });
      ensure(known, "NOT_YET", `${name}: this department's node has not found act ${number} void`);
    }
    const state = v === 0 ? undefined : await this.#stateAfter({ ...entry, number: v });
    const successor = await this.stub.getState(encodeActKey({ ...entry, number: m }));
    ensure(successor.length === 0, "MOVED", `${name} has an act ${m} already`);
    return { act: v, next: m, state };
  }

  async #stateAfter(ref: ActRef): Promise<CaseState> {
    const name = caseName(ref);
    ensure(!this.#endorser.voidActs.has(ref), "VOID_BASIS", `act ${ref.number} of ${name} is void`);
    const act = await this.find(ref);
    if (!act) throw new LedgerError("NOT_YET", `this endorser does not have act ${ref.number} of ${name} yet`);
    return act.state;
  }
}
