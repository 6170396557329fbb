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
  readonly #waiting: Waiting[] = [];
  #sending: Promise<void> | undefined;
  #closed = false;
  #wake: (() => void) | undefined;

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
    this.#waiting.push({ provider, at, receipt: { record: id, position, signature, certificate } });
    const dropped = this.#waiting.length > MAX_WAITING ? this.#waiting.shift() : undefined;
    if (dropped !== undefined) this.#parts.undelivered.lookFrom(dropped.at);
    this.resume();
  }

  /** Takes up what an earlier run of the node left undelivered. */
  resume(): void {
    if (!this.#closed) this.#sending ??= this.#send();
  }

  /** Resolves once nothing waits. */
  async settled(): Promise<void> {
    while (this.#sending !== undefined) await this.#sending;
  }

  /** Ends after what is under way; the connections have to be closed for it to be soon. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#wake?.();
    await this.#sending;
  }

  async #send(): Promise<void> {
    const { connections, logger } = this.#parts;
    let pause = FIRST_PAUSE_MS;
    while (!this.#closed) {
      if (this.#waiting.length === 0) await this.#refill();
      const next = this.#take();
      const [first] = next;
      if (first === undefined) break;
      const { provider } = first;
      try {
        const receipts = next.map(({ receipt }) => receipt);
        const { refused } = parseReceiptAnswer(await connections.json(provider, "/exchange/v1/receipts", { receipts }));
        await this.#settle(next, new Set(refused.map(({ record }) => record)));
        if (refused.length > 0) logger.warn({ provider, refused }, "receipts refused");
        pause = FIRST_PAUSE_MS;
      } catch (error) {
        logger.info({ provider, err: error }, "receipts not delivered, trying again");
        // To the end, so that one provider that is away does not hold up the others.
        this.#waiting.push(...next);
        if (!this.#closed) await this.#sleep(pause);
        pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
      }
    }
    this.#sending = undefined;
  }

  /** One that was refused stays open, and is tried once more when the node starts again. */
  async #settle(delivered: readonly Waiting[], refused: ReadonlySet<string>): Promise<void> {
    for (const { at, receipt } of delivered) {
      if (!refused.has(receipt.record)) await this.#parts.deliveries.settle(at);
    }
  }

  async #refill(): Promise<void> {
    try {
      for (const filed of await this.#parts.undelivered.next()) {
        const waiting = await this.#again(filed);
        if (waiting !== undefined) this.#waiting.push(waiting);
      }
    } catch (error) {
      this.#parts.logger.error(
        { err: error },
        "the log cannot be searched for receipts that are still to be delivered",
      );
    }
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

  /** The oldest that waits, with others for the same provider. */
  #take(): Waiting[] {
    const provider = this.#waiting[0]?.provider;
    const taken: Waiting[] = [];
    while (taken.length < MAX_RECEIPTS && this.#waiting[0]?.provider === provider) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      taken.push(next);
    }
    return taken;
  }

  async #sleep(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
