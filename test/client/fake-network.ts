import { EventEmitter, once } from "node:events";
import type { Signer } from "@wanlian/client/core/services.js";
import {
  type CommitStatus,
  type EndorsedTransaction,
  LedgerAccessError,
  type LedgerConnector,
} from "@wanlian/client/ledger/connector.js";
import { actorOf } from "@wanlian/client/ledger/creator.js";
import { readAction, readHeaders } from "@wanlian/client/ledger/transaction.js";
import { formatLedgerError, LedgerError } from "@wanlian/model/errors.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { Act } from "@wanlian/model/kernel/act.js";
import { decide } from "@wanlian/model/kernel/decide.js";
import { parseInput } from "@wanlian/model/kernel/input.js";
import { RELEASED } from "@wanlian/model/models.js";
import { TxValidationCode } from "@wanlian/protocol/messages/transaction.js";
import { transactionId } from "@wanlian/protocol/transaction/ids.js";
import { CHAINCODE, type TestLedger, type TestOfficer, writesOf } from "./test-ledger.js";

/** What an orderer does with an envelope, and what it says. */
export type Ordering =
  /** Orders it and says so. */
  | "orders"
  /** Orders it; the answer is lost. */
  | "orders silently"
  /** Orders it behind whatever else comes next. */
  | "late"
  /** Says that it will, and forgets it. */
  | "forgets"
  /** Cannot be reached. */
  | "unreachable"
  /** Will not have it. */
  | "rejects";

/** A channel in memory behind the connector's interface: honest endorsers, an orderer with moods, MVCC. */
export class FakeNetwork implements LedgerConnector {
  /** What the orderer does next; the last one goes on. */
  ordering: Ordering[] = ["orders"];
  /** Runs before an endorsement is given and after an envelope has come to the orderer. */
  beforeEndorse: () => Promise<void> = async () => undefined;
  afterSubmit: () => Promise<void> = async () => undefined;
  /** Whether enough departments' peers can be reached. */
  endorsersAnswer = true;
  /** Makes something else of what the endorsers would write. */
  tamper: (act: Act) => Act = (act) => act;
  /** Whether an envelope becomes a block at once or waits for `cut`. */
  cutsAtOnce = true;
  readonly submitted: string[] = [];
  readonly #envelopes = new Map<string, Uint8Array>();
  readonly #ledger: TestLedger;
  readonly #pending: Uint8Array[] = [];
  readonly #seen = new Set<string>();
  readonly #codes = new Map<string, CommitStatus>();
  readonly #grown = new EventEmitter();

  constructor(ledger: TestLedger) {
    this.#ledger = ledger;
    this.#grown.setMaxListeners(0);
  }

  async evaluate(): Promise<Uint8Array> {
    return new Uint8Array();
  }

  async endorse(signer: Signer, contractFunction: string, args: readonly string[]): Promise<EndorsedTransaction> {
    if (contractFunction === "acts:act") return this.#readOnly();
    await this.beforeEndorse();
    const officer = this.#ledger.officerOf(signer);
    const nonce = officer.identity.nonce();
    const act = this.#simulate(officer, contractFunction, args, transactionId(nonce, officer.identity.creator));
    const sets = (id: TransactionId) => ({ [CHAINCODE]: writesOf(this.tamper(act), id) });
    return this.#ledger.forge(officer, sets, { nonce, args: [contractFunction, ...args] });
  }

  async submit({ transactionId: id, envelope }: EndorsedTransaction): Promise<void> {
    this.submitted.push(id);
    this.#envelopes.set(id, envelope);
    const [mood = "orders"] = this.ordering.length > 1 ? this.ordering.splice(0, 1) : this.ordering;
    if (mood === "rejects") throw new LedgerAccessError("REJECTED", "the orderer refuses: FORBIDDEN");
    if (mood === "unreachable") throw new LedgerAccessError("UNAVAILABLE", "no orderer");
    if (mood === "orders" || mood === "orders silently") {
      this.#pending.push(envelope);
      if (this.cutsAtOnce) this.cut();
    }
    await this.afterSubmit();
    if (mood === "late") {
      this.#pending.push(envelope);
      this.cut();
    }
    if (mood === "orders silently") throw new LedgerAccessError("UNAVAILABLE", "the connection was lost");
  }

  async commitStatus(id: string): Promise<CommitStatus | undefined> {
    return this.#codes.get(id);
  }

  async height(): Promise<bigint> {
    return BigInt(this.#ledger.blocks.length);
  }

  async *blocks(from: bigint, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    for (let next = Number(from); !signal.aborted; next += 1) {
      while (next >= this.#ledger.blocks.length && !signal.aborted) {
        await once(this.#grown, "block", { signal }).catch(() => undefined);
      }
      const block = this.#ledger.blocks[next];
      if (block !== undefined && !signal.aborted) yield block;
    }
  }

  close(): void {
    this.#grown.removeAllListeners();
  }

  /** Makes a block of what is pending, validated as peers do: ids once, heads as the basis names them. */
  cut(): void {
    const transactions = this.#pending.splice(0).map((envelope) => ({ envelope, code: this.#validate(envelope) }));
    if (transactions.length === 0) return;
    const block = this.#ledger.append(transactions);
    for (const { envelope, code } of transactions) {
      const id = readHeaders(envelope)?.id ?? "";
      if (!this.#codes.has(id)) this.#codes.set(id, { code, block });
    }
    this.#grown.emit("block");
  }

  /** Orders what was submitted once, whatever was said then. */
  orderAfterAll(id: string): void {
    const envelope = this.#envelopes.get(id);
    if (envelope === undefined) throw new Error(`${id} was never submitted`);
    this.order(envelope);
  }

  /** Orders an envelope, wherever it comes from. */
  order(envelope: Uint8Array): void {
    this.#pending.push(envelope);
    this.cut();
  }

  /** Another's act, past this connector. */
  async others(officer: TestOfficer, command: Parameters<TestLedger["make"]>[1]): Promise<void> {
    this.#pending.push((await this.#ledger.make(officer, command)).envelope);
    this.cut();
  }

  /** What is endorsed and writes nothing, unless too few answer. */
  async #readOnly(): Promise<EndorsedTransaction> {
    if (!this.endorsersAnswer) throw new LedgerAccessError("NO_ENDORSEMENT", "no combination of peers answers");
    return { transactionId: "", envelope: new Uint8Array() };
  }

  #simulate(officer: TestOfficer, contractFunction: string, args: readonly string[], id: string): Act {
    const [noun, type = ""] = contractFunction.split(":");
    const actor = actorOf(officer.identity.creator);
    if (actor === undefined) throw new Error("no officer");
    try {
      const command = parseInput(noun as Act["noun"], type, args[0] ?? "");
      return decide(command, this.#ledger.heads, actor, id as TransactionId, RELEASED).act;
    } catch (error) {
      if (!(error instanceof LedgerError)) throw error;
      const message = `chaincode response 500, ${formatLedgerError(error)}`;
      throw new LedgerAccessError("REFUSED", "the contract refuses", {
        details: [{ address: "", department: "", message }],
        cause: error,
      });
    }
  }

  #validate(envelope: Uint8Array): number {
    const headers = readHeaders(envelope);
    const action = headers === undefined ? undefined : readAction(headers);
    const value = action?.namespaces.get(CHAINCODE)?.writes[0]?.value;
    if (headers === undefined || value === undefined) return TxValidationCode.BAD_PAYLOAD;
    if (this.#seen.has(headers.id)) return TxValidationCode.DUPLICATE_TXID;
    this.#seen.add(headers.id);
    const act = JSON.parse(Buffer.from(value).toString("utf8")) as Act;
    const fresh = act.basis.every((entry) => {
      if (entry.next === undefined) return true; // nothing moves how a case began
      const { transaction, next } = this.#ledger.head(entry);
      return transaction === entry.transaction && next === entry.next;
    });
    if (!fresh) return TxValidationCode.MVCC_READ_CONFLICT;
    this.#ledger.count(act, headers.id);
    return TxValidationCode.VALID;
  }
}
