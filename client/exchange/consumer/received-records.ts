import type { Digest, MspId } from "@wanlian/model/identifiers.js";
import {
  type AccessIndex,
  type CertificateStore,
  type DeliveredRecord,
  type FiledRecord,
  type Identities,
  type RecordLog,
  recordId,
  type Vault,
} from "../../access/index.js";
import { ExchangeError } from "../../core/index.js";
import type { LedgerPresent } from "../../read/index.js";
import type { ReceiptSender } from "../receipts/receipt-sender.js";
import type { Asked, OpenRequests } from "./open-requests.js";

export interface ReceivedParts {
  readonly department: MspId;
  readonly identities: Identities;
  readonly ledger: LedgerPresent;
  readonly log: RecordLog;
  readonly index: AccessIndex;
  readonly vault: Vault;
  readonly certificates: CertificateStore;
  readonly requests: OpenRequests;
  readonly receipts: ReceiptSender;
}

/** Takes the providers' records of this department's accesses into its own log, countersigned. */
export class ReceivedRecords {
  readonly #parts: ReceivedParts;

  constructor(parts: ReceivedParts) {
    this.#parts = parts;
  }

  /**
   * A record that answers a request of this node's: checks who signed it and against which ledger, files it and lets
   * its countersignature go out.
   * @throws ExchangeError BAD_SIGNATURE, BAD_ANSWER: then it is not filed
   */
  async take(key: Digest, { signed, position, certificate }: DeliveredRecord): Promise<FiledRecord> {
    const { record, signature } = signed;
    const { provider } = record.request;
    const { identities, certificates, log, vault, receipts, ledger } = this.#parts;
    const node = await identities.check(provider, certificate, "access-record", record, signature);
    if (!node.roles.includes("node") || (await certificates.keep(node.certificate)) !== record.certificate) {
      throw new ExchangeError("BAD_SIGNATURE", `the record is not signed by the node of ${provider}`);
    }
    const { height, block } = record.checked;
    if (!(await ledger.reached(height)) || (await ledger.blockHash(height - 1)) !== block) {
      throw new ExchangeError("BAD_ANSWER", `${provider} checked against another ledger than this node's at ${height}`);
    }
    const filed = await log.append(signed, (place) => vault.keepKey(place, key));
    const receipt = await receipts.countersign(filed.id);
    // Kept before it goes out, so that there is never more than one of a record.
    vault.keepReceipt(filed.position, receipt);
    receipts.send(filed, receipt, position);
    this.#settle(signed);
    return filed;
  }

  /**
   * A record that the provider is asked for later, unless it is here: the request itself is gone by then, so the
   * officer's signature says that it was one. The index has to be up to date.
   * @throws ExchangeError as `take`
   */
  async takeLate({ key, provider }: Asked, delivered: DeliveredRecord): Promise<void> {
    const { department, identities, certificates, log, index } = this.#parts;
    const { signed } = delivered;
    const { request, requestSignature } = signed.record;
    const id = recordId(signed);
    if ((log.recentPosition(id) ?? (await index.positionOf(id))) !== undefined) {
      this.#settle(signed);
      return;
    }
    const officer = await certificates.read(request.certificate);
    if (request.consumer !== department || request.provider !== provider || officer === undefined) {
      throw new ExchangeError("BAD_ANSWER", "the provider's record is of another request");
    }
    await identities.check(department, officer, "access-request", request, requestSignature);
    await this.take(key, delivered);
  }

  /** After an opening, a closing is still to come. */
  #settle({ record }: DeliveredRecord["signed"]): void {
    if (record.kind !== "opening") this.#parts.requests.settle(record.request.nonce);
  }
}
