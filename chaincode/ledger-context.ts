import { canonicalBytes, canonicalJson } from "@wanlian/model/canonical.js";
import { ensure } from "@wanlian/model/errors.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import { officerBehind } from "@wanlian/model/identity/creator.js";
import type { Act, Actor, ActRef, Command } from "@wanlian/model/kernel/act.js";
import { decide } from "@wanlian/model/kernel/decide.js";
import { headsNamed } from "@wanlian/model/kernel/endorsing.js";
import type { Heads } from "@wanlian/model/kernel/heads.js";
import { parseInput } from "@wanlian/model/kernel/input.js";
import { encodeActKey, numberText } from "@wanlian/model/kernel/key.js";
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
   * The heads that a command's basis names, read so that the transaction fails if any of them has moved by the time it is
   * ordered.
   * @throws LedgerError NOT_YET, MOVED, VOID_BASIS
   */
  async read(command: Command, actor: Actor): Promise<Heads> {
    return headsNamed(command, actor, this.transaction, this.#endorser.models, {
      value: (ref, transaction) => this.#value(ref, transaction),
      isFree: (ref) => this.#isFree(ref),
      check: (entry) => this.#endorser.voidCases.check(entry),
    });
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

  async #value(ref: ActRef, transaction: TransactionId): Promise<Uint8Array | undefined> {
    const bytes = await this.stub.getState(encodeActKey(ref, transaction));
    return bytes.length > 0 ? bytes : undefined;
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
