import { setTimeout } from "node:timers/promises";
import type { Digest, MspId } from "@wanlian/model/identifiers.js";
import type { Logger } from "pino";
import {
  type CertificateStore,
  certificateOf,
  type DeliveredReceipt,
  type FiledRecord,
  MAX_RECEIPTS,
  parseReceiptAnswer,
  type Receipt,
  signStatement,
  type Vault,
} from "../../access/index.js";
import type { Signer } from "../../core/index.js";
import type { DepartmentConnections } from "../../transport/index.js";
import type { Deliveries } from "./deliveries.js";
import type { Undelivered } from "./undelivered.js";

/** Receipts held in memory for a provider that cannot be reached; more are found again in the log. */
const MAX_WAITING = 100_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 60_000;

interface Waiting {
  readonly provider: MspId;
  /** In the own log. */
  readonly at: number;
  readonly receipt: DeliveredReceipt;
}

export interface ReceiptSenderParts {
  readonly signer: Signer;
  readonly connections: DepartmentConnections;
  readonly certificates: CertificateStore;
  readonly vault: Vault;
  readonly deliveries: Deliveries;
  readonly undelivered: Undelivered;
  /** Records that the log held when the node began: an earlier run may have left them without countersignature. */
  readonly inherited: number;
  readonly logger: Logger;
}

/**
 * Countersigns records with the node's key and brings the signatures to the providers, in the background: an access
 * does not wait for it. What one run of the node did not deliver, the next finds in the log.
 */
export class ReceiptSender {
  readonly #parts: ReceiptSenderParts;
  /** By provider, oldest first: one that is away holds up no other. */
  readonly #waiting = new Map<MspId, Waiting[]>();
  /** Positions of all that wait or are under way. */
  readonly #held = new Set<number>();
  readonly #lanes = new Map<MspId, Promise<void>>();
  #refilling: Promise<void> | undefined;
  readonly #closing = new AbortController();

  constructor(parts: ReceiptSenderParts) {
    this.#parts = parts;
  }

  async countersign(record: Digest): Promise<Receipt> {
    const { signer, certificates } = this.#parts;
    const signature = await signStatement("access-receipt", { record }, signer);
    return { signature, certificate: await certificates.keep(certificateOf(signer)) };
  }

  /** @param position of the record in the provider's log */
  send({ signed, id, position: at }: FiledRecord, { signature }: Receipt, position: number): void {
    const certificate = Buffer.from(this.#parts.signer.certificate).toString("utf8");
    const { provider } = signed.record.request;
    this.#hold({ provider, at, receipt: { record: id, position, signature, certificate } });
    if (this.#held.size > MAX_WAITING) this.#drop(provider);
    this.resume();
  }

  /** Takes up what waits, and what an earlier run of the node left undelivered. */
  resume(): void {
    if (this.#closed) return;
    this.#refilling ??= this.#refill();
    this.#startLanes();
  }

  /** Resolves once nothing waits. */
  async settled(): Promise<void> {
    while (this.#refilling !== undefined || this.#lanes.size > 0) {
      await this.#refilling;
      await Promise.all(this.#lanes.values());
    }
  }

  /** Ends after what is under way; the connections have to be closed for it to be soon. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.settled();
  }

  get #closed(): boolean {
    return this.#closing.signal.aborted;
  }

  #startLanes(): void {
    for (const provider of this.#waiting.keys()) {
      if (!this.#closed && !this.#lanes.has(provider)) this.#lanes.set(provider, this.#deliver(provider));
    }
  }

  #hold(waiting: Waiting): void {
    if (this.#held.has(waiting.at)) return;
    this.#held.add(waiting.at);
    const own = this.#waiting.get(waiting.provider);
    if (own === undefined) this.#waiting.set(waiting.provider, [waiting]);
    else own.push(waiting);
  }

  /** The oldest for the provider is found again in the log. */
  #drop(provider: MspId): void {
    const dropped = this.#waiting.get(provider)?.shift();
    if (dropped === undefined) return;
    this.#held.delete(dropped.at);
    this.#parts.undelivered.lookFrom(dropped.at);
  }

  /** Brings one provider everything that waits for it. */
  async #deliver(provider: MspId): Promise<void> {
    const own = this.#waiting.get(provider) ?? [];
    let pause = FIRST_PAUSE_MS;
    while (!this.#closed && own.length > 0) {
      const next = own.splice(0, MAX_RECEIPTS);
      try {
        await this.#post(provider, next);
        for (const { at } of next) this.#held.delete(at);
        pause = FIRST_PAUSE_MS;
      } catch (error) {
        own.unshift(...next);
        this.#parts.logger.info({ provider, err: error }, "receipts not delivered, trying again");
        await setTimeout(pause, undefined, { signal: this.#closing.signal }).catch(() => undefined);
        pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
      }
    }
    this.#lanes.delete(provider);
    if (own.length === 0) this.#waiting.delete(provider);
    // There is room again for what the log may still have.
    this.resume();
  }

  async #post(provider: MspId, next: readonly Waiting[]): Promise<void> {
    const { connections, deliveries, logger } = this.#parts;
    const receipts = next.map(({ receipt }) => receipt);
    const answer = parseReceiptAnswer(await connections.json(provider, "/exchange/v1/receipts", { receipts }));
    const refused = new Set<string>(answer.refused.map(({ record }) => record));
    // One that was refused stays open, and is tried once more when the node starts again.
    for (const { at, receipt } of next) if (!refused.has(receipt.record)) await deliveries.settle(at);
    if (refused.size > 0) logger.warn({ provider, refused: answer.refused }, "receipts refused");
  }

  /** Finds in the log what does not wait in memory, as much as there is room for. */
  async #refill(): Promise<void> {
    try {
      while (!this.#closed && this.#held.size < MAX_WAITING) {
        const found = await this.#parts.undelivered.next();
        if (found.length === 0) break;
        for (const filed of found) {
          const waiting = await this.#again(filed);
          if (waiting !== undefined) this.#hold(waiting);
        }
      }
    } catch (error) {
      this.#parts.logger.error(
        { err: error },
        "the log cannot be searched for receipts that are still to be delivered",
      );
    }
    this.#refilling = undefined;
    this.#startLanes();
  }

  /** Where the node died after it had logged a record and before it countersigned, it countersigns now. */
  async #again({ signed, id, position: at }: FiledRecord): Promise<Waiting | undefined> {
    const { vault, certificates, inherited } = this.#parts;
    let { receipt } = vault.read(at);
    if (receipt === undefined) {
      // Just being filed: it comes by itself.
      if (at >= inherited) return undefined;
      receipt = await this.countersign(id);
      vault.keepReceipt(at, receipt);
    }
    const { signature } = receipt;
    const certificate = await certificates.read(receipt.certificate);
    if (certificate === undefined) throw new Error(`certificate ${receipt.certificate} of a receipt is missing`);
    // The record's place in the provider's log is not kept: the provider knows it by the record's name.
    return { provider: signed.record.request.provider, at, receipt: { record: id, signature, certificate } };
  }
}
