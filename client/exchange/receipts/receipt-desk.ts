import { LedgerError } from "@wanlian/model/errors.js";
import type { Digest, MspId } from "@wanlian/model/identifiers.js";
import type {
  AccessIndex,
  CertificateStore,
  DeliveredReceipt,
  FiledRecord,
  Identities,
  RecordLog,
  Vault,
} from "../../access/index.js";
import type { AwaitedReceipts } from "./awaited-receipts.js";

/** Takes the consumers' countersignatures and keeps them beside the records. */
export class ReceiptDesk {
  readonly #identities: Identities;
  readonly #certificates: CertificateStore;
  readonly #vault: Vault;
  readonly #log: RecordLog;
  readonly #index: AccessIndex;
  readonly #awaited: AwaitedReceipts;

  constructor(parts: {
    identities: Identities;
    certificates: CertificateStore;
    vault: Vault;
    log: RecordLog;
    index: AccessIndex;
    awaited: AwaitedReceipts;
  }) {
    this.#identities = parts.identities;
    this.#certificates = parts.certificates;
    this.#vault = parts.vault;
    this.#log = parts.log;
    this.#index = parts.index;
    this.#awaited = parts.awaited;
  }

  /**
   * A receipt may come again after a crash on either side; the first one stays.
   * @throws LedgerError NOT_FOUND: no such record, or another department's; NOT_PERMITTED: not signed by a node
   * @throws ExchangeError BAD_SIGNATURE
   */
  async take(from: MspId, { record, position, signature, certificate }: DeliveredReceipt): Promise<void> {
    const found = await this.#find(record, position);
    if (found === undefined || found.id !== record || found.signed.record.request.consumer !== from) {
      throw new LedgerError("NOT_FOUND", `there is no record ${record} of ${from}`);
    }
    const signatory = await this.#identities.check(from, certificate, "access-receipt", { record }, signature);
    if (!signatory.roles.includes("node")) {
      throw new LedgerError("NOT_PERMITTED", `${signatory.officer} of ${from} is not its node`);
    }
    if (this.#vault.read(found.position).receipt !== undefined) return;
    this.#vault.keepReceipt(found.position, {
      signature,
      certificate: await this.#certificates.keep(signatory.certificate),
    });
    this.#awaited.settle(from, found.position);
  }

  async #find(record: Digest, position: number | undefined): Promise<FiledRecord | undefined> {
    const at = position ?? this.#log.recentPosition(record) ?? (await this.#index.positionOf(record));
    return at === undefined ? undefined : await this.#log.find(at);
  }
}
