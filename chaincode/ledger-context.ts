import { canonicalBytes, canonicalJson, parseCanonical } from "@wanlian/model/canonical.js";
import { ensure, LedgerError } from "@wanlian/model/errors.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import { officerBehind } from "@wanlian/model/identity/creator.js";
import type { Act, Actor, ActRef, BasisEntry, CaseState, Command } from "@wanlian/model/kernel/act.js";
import { ownCase } from "@wanlian/model/kernel/basis.js";
import { decide } from "@wanlian/model/kernel/decide.js";
import { basisEntry, type Head, type Heads, NO_ACTS } from "@wanlian/model/kernel/heads.js";
import { parseInput } from "@wanlian/model/kernel/input.js";
import { caseName, encodeActKey, numberText } from "@wanlian/model/kernel/key.js";
import { SEAL } from "@wanlian/model/kernel/seal.js";
import { Context } from "./contract-api.js";
import type { Endorser } from "./endorser.js";

/** A key in an act's range, with what it holds. */
export interface Written {
  readonly key: string;
  readonly value: Uint8Array;
}

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
    const { signatureHeader } = this.stub.getSignedProposal().proposal.header;
    // The bytes as they came: `getCreator` gives them read by protobuf, which takes more than one spelling.
    const creator: unknown = Reflect.get(signatureHeader, "creator_u8");
    ensure(creator instanceof Uint8Array, "NOT_A_CLIENT", "the proposal names no creator");
    return officerBehind(creator);
  }

  /**
   * The heads that a command's basis names: each act there, nothing under each next number, so that the transaction
   * fails if any of them has moved by the time it is ordered. A case that takes the transaction's id need
   * not be named; that it is new is read all the same.
   * @throws LedgerError NOT_YET, MOVED, VOID_BASIS
   */
  async read(command: Command, actor: Actor): Promise<Heads> {
    const known = new Map<string, Head>();
    const heads: Heads = (ref) => known.get(caseName(ref)) ?? NO_ACTS;
    for (const entry of command.basis) known.set(caseName(entry), await this.#head(entry));
    const own = ownCase(command, actor, this.transaction, this.#endorser.models.deciding(command, heads));
    if (!known.has(caseName(own))) known.set(caseName(own), await this.#head(basisEntry(own, NO_ACTS)));
    return heads;
  }

  /** Writes the act and its seal: a key of this transaction's own, which nobody can change afterwards. */
  async record(act: Act): Promise<string> {
    const key = encodeActKey(act, this.transaction);
    await this.stub.putState(key, canonicalBytes(act));
    await this.stub.setStateValidationParameter(key, SEAL);
    return canonicalJson(act);
  }

  /** What is written under a number: at most one act that counts, and whatever void ones. */
  async under({ noun, case: id, number }: ActRef): Promise<Written[]> {
    const found: Written[] = [];
    for await (const { key, value } of this.stub.getStateByPartialCompositeKey(noun, [id, numberText(number)])) {
      found.push({ key, value });
    }
    return found;
  }

  async #head(entry: BasisEntry): Promise<Head> {
    const { act, next, transaction } = entry;
    if (next === undefined) return this.#origin(entry);
    const name = caseName(entry);
    ensure(next > act, "INVALID_INPUT", `${name}: ${next} cannot be the next number after ${act}`);
    ensure(
      (act === 0) === (transaction === undefined),
      "INVALID_INPUT",
      `${name}: an act is named with its transaction`,
    );
    this.#endorser.voidCases.check(entry);
    const state =
      transaction === undefined ? undefined : await this.#stateAfter({ ...entry, number: act }, transaction);
    const free = await this.#isFree({ ...entry, number: next });
    ensure(free, "MOVED", `${name} has an act ${next} already`);
    return { act, transaction, next, state };
  }

  /** A case of whose origin alone a command relies: its first act is read, and nothing that could move. */
  async #origin(entry: BasisEntry): Promise<Head> {
    const { act, transaction } = entry;
    const name = caseName(entry);
    ensure(act === 1 && transaction === entry.case, "INVALID_INPUT", `${name}: its origin is act 1 of its transaction`);
    this.#endorser.voidCases.check(entry);
    return { act, transaction, next: act + 1, state: await this.#stateAfter({ ...entry, number: act }, transaction) };
  }

  async #stateAfter(ref: ActRef, transaction: TransactionId): Promise<CaseState> {
    const bytes = await this.stub.getState(encodeActKey(ref, transaction));
    const name = caseName(ref);
    ensure(bytes.length > 0, "NOT_YET", `this endorser does not have act ${ref.number} of ${name} yet`);
    const state = stateIn(parseCanonical(bytes));
    if (state === undefined) throw new LedgerError("VOID_BASIS", `act ${ref.number} of ${name} is void`);
    return state;
  }

  /**
   * Whether nothing is written under a number. Read to its end, the range stands in the read set, and whoever writes into
   * it first makes the transaction fail (Fabric's phantom check, which looks at valid transactions alone).
   */
  async #isFree({ noun, case: id, number }: ActRef): Promise<boolean> {
    const range = await this.stub.getStateByPartialCompositeKey(noun, [id, numberText(number)]);
    const { done } = await range.next();
    // At its end the peer has closed it by itself.
    if (done !== true) await range.close();
    return done === true;
  }
}

/** An act's state; undefined for a value that no act could have: a void one may hold anything. */
function stateIn(value: unknown): CaseState | undefined {
  const state = typeof value === "object" && value !== null && "state" in value ? value.state : undefined;
  const readable = typeof state === "object" && state !== null && "status" in state;
  return readable ? (state as CaseState) : undefined;
}
