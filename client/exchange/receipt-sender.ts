import type { Digest, MspId } from "@wanlian/model/identifiers.js";
import type { Logger } from "pino";
import type { Signer } from "../node/services.js";
import { type DeliveredReceipt, MAX_RECEIPTS } from "./answer.js";
import type { CertificateStore } from "./certificate-store.js";
import type { DepartmentConnections } from "./connections.js";
import { certificateOf } from "./signer-certificate.js";
import { signStatement } from "./statement.js";
import type { Receipt } from "./vault.js";

/** Receipts that wait for a provider that cannot be reached; more are dropped, oldest first: the record itself is filed. */
const MAX_WAITING = 100_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 60_000;

interface Waiting {
  readonly provider: MspId;
  readonly receipt: DeliveredReceipt;
}

/**
 * Countersigns records with the node's key and brings the signatures to the providers, in the background: an access
 * does not wait for it.
 */
export class ReceiptSender {
  readonly #signer: Signer;
  readonly #connections: DepartmentConnections;
  readonly #certificates: CertificateStore;
  readonly #logger: Logger;
  readonly #waiting: Waiting[] = [];
  #sending: Promise<void> | undefined;
  #closed = false;
  #wake: (() => void) | undefined;

  constructor(parts: {
    signer: Signer;
    connections: DepartmentConnections;
    certificates: CertificateStore;
    logger: Logger;
  }) {
    this.#signer = parts.signer;
    this.#connections = parts.connections;
    this.#certificates = parts.certificates;
    this.#logger = parts.logger;
  }

  /** @returns the countersignature, which is on its way then */
  async countersign(provider: MspId, { record, position }: { record: Digest; position: number }): Promise<Receipt> {
    const signature = await signStatement("access-receipt", { record }, this.#signer);
    const certificate = Buffer.from(this.#signer.certificate).toString("utf8");
    const id = await this.#certificates.keep(certificateOf(this.#signer));
    this.#waiting.push({ provider, receipt: { record, position, signature, certificate } });
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
    this.#sending ??= this.#send();
    return { signature, certificate: id };
  }

  /** Resolves once nothing waits. */
  async settled(): Promise<void> {
    while (this.#sending !== undefined) await this.#sending;
  }

  close(): void {
    this.#closed = true;
    this.#wake?.();
  }

  async #send(): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    for (let next = this.#take(); next.length > 0 && !this.#closed; next = this.#take()) {
      const [{ provider } = { provider: "" as MspId }] = next;
      try {
        const receipts = next.map(({ receipt }) => receipt);
        const answer = await this.#connections.json(provider, "/exchange/v1/receipts", { receipts });
        this.#logger.debug({ provider, answer }, "receipts delivered");
        pause = FIRST_PAUSE_MS;
      } catch (error) {
        this.#logger.info({ provider, err: error }, "receipts not delivered, trying again");
        // To the end, so that one provider that is away does not hold up the others.
        this.#waiting.push(...next);
        await this.#sleep(pause);
        pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
      }
    }
    this.#sending = undefined;
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
