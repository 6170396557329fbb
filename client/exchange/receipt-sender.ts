import type { Digest, MspId } from "@wanlian/model/identifiers.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import type { Logger } from "pino";
import type { Signer } from "../node/services.js";
import type { DeliveredReceipt } from "./answer.js";
import type { CertificateStore } from "./certificate-store.js";
import type { DepartmentConnections } from "./connections.js";
import { signStatement } from "./statement.js";
import type { Vault } from "./vault.js";

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
  readonly #vault: Vault;
  readonly #certificates: CertificateStore;
  readonly #logger: Logger;
  readonly #waiting: Waiting[] = [];
  #sending: Promise<void> | undefined;
  #closed = false;
  #wake: (() => void) | undefined;

  constructor(parts: {
    signer: Signer;
    connections: DepartmentConnections;
    vault: Vault;
    certificates: CertificateStore;
    logger: Logger;
  }) {
    this.#signer = parts.signer;
    this.#connections = parts.connections;
    this.#vault = parts.vault;
    this.#certificates = parts.certificates;
    this.#logger = parts.logger;
  }

  /** @param ownPosition of the record in this node's log */
  async countersign(
    provider: MspId,
    { record, position }: { record: Digest; position: number },
    ownPosition: number,
  ): Promise<void> {
    const signature = await signStatement("access-receipt", { record }, this.#signer);
    const certificate = Buffer.from(this.#signer.certificate).toString("utf8");
    const id = await this.#certificates.keep(Certificate.fromPem(certificate));
    await this.#vault.keepReceipt(ownPosition, { signature, certificate: id });
    this.#waiting.push({ provider, receipt: { record, position, signature, certificate } });
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
    this.#sending ??= this.#send();
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
    for (let next = this.#waiting.shift(); next !== undefined && !this.#closed; next = this.#waiting.shift()) {
      try {
        await this.#connections.json(next.provider, "/exchange/v1/receipt", next.receipt);
        pause = FIRST_PAUSE_MS;
      } catch (error) {
        this.#logger.info({ provider: next.provider, err: error }, "receipt not delivered, trying again");
        // To the end, so that one provider that is away does not hold up the others.
        this.#waiting.push(next);
        await this.#sleep(pause);
        pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
      }
    }
    this.#sending = undefined;
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
