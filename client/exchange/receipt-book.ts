import { LedgerError } from "@wanlian/model/errors.js";
import type { MspId } from "@wanlian/model/identifiers.js";
import type { DeliveredReceipt } from "./answer.js";
import type { CertificateStore } from "./certificate-store.js";
import type { Identities } from "./identities.js";
import type { RecordLog } from "./record-log.js";
import type { Vault } from "./vault.js";

/** Takes the consumers' countersignatures and keeps them beside the records. */
export class ReceiptBook {
  readonly #identities: Identities;
  readonly #certificates: CertificateStore;
  readonly #vault: Vault;
  readonly #log: RecordLog;

  constructor(parts: { identities: Identities; certificates: CertificateStore; vault: Vault; log: RecordLog }) {
    this.#identities = parts.identities;
    this.#certificates = parts.certificates;
    this.#vault = parts.vault;
    this.#log = parts.log;
  }

  /**
   * @throws LedgerError NOT_FOUND: no such record, or another department's; NOT_PERMITTED: not signed by a node
   * @throws ExchangeError BAD_SIGNATURE
   */
  async take(from: MspId, { record, position, signature, certificate }: DeliveredReceipt): Promise<void> {
    const found = await this.#log.find(position);
    if (found === undefined || found.id !== record || found.signed.record.request.consumer !== from) {
      throw new LedgerError("NOT_FOUND", `there is no record ${record} of ${from} at ${position}`);
    }
    const signatory = await this.#identities.check(from, certificate, "access-receipt", { record }, signature);
    if (!signatory.roles.includes("node")) {
      throw new LedgerError("NOT_PERMITTED", `${signatory.officer} of ${from} is not its node`);
    }
    await this.#vault.keepReceipt(position, {
      signature,
      certificate: await this.#certificates.keep(signatory.certificate),
    });
  }
}
