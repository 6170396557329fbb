import { isDeepStrictEqual } from "node:util";
import { canonicalBytes } from "@wanlian/model/canonical.js";
import { type Digest, type MspId, providerOf } from "@wanlian/model/identifiers.js";
import type { Signer } from "../node/services.js";
import type { AccessRecord } from "./access-record.js";
import {
  type AccessRequest,
  keyedDigest,
  randomDigest,
  type SignedRequest,
  type Subject,
  subjectDigest,
} from "./access-request.js";
import { type DeliveredRecord, parseAnswer } from "./answer.js";
import type { CertificateStore } from "./certificate-store.js";
import type { DepartmentConnections } from "./connections.js";
import { ExchangeError } from "./errors.js";
import type { Identities } from "./identities.js";
import type { LedgerBook } from "./ledger-book.js";
import type { Payload } from "./provider-desk.js";
import type { ReceiptSender } from "./receipt-sender.js";
import type { FiledRecord, RecordLog } from "./record-log.js";
import { certificateOf } from "./signer-certificate.js";
import { signStatement } from "./statement.js";
import type { Vault } from "./vault.js";

/** What an officer asks for. */
export type Ask = Pick<
  AccessRequest,
  | "dataset"
  | "release"
  | "grant"
  | "fields"
  | "purpose"
  | "scenario"
  | "way"
  | "road"
  | "operator"
  | "principal"
  | "mandate"
> & { readonly subject?: Subject };

export interface Accessed {
  /** As it stands in this node's log; its result says whether anything came. */
  readonly filed: FiledRecord;
  readonly payload: Payload | undefined;
}

export interface ConsumerParts {
  readonly department: MspId;
  readonly channel: string;
  readonly identities: Identities;
  readonly book: LedgerBook;
  readonly log: RecordLog;
  readonly vault: Vault;
  readonly certificates: CertificateStore;
  readonly connections: DepartmentConnections;
  readonly receipts: ReceiptSender;
}

/**
 * The consumer's side: has the request signed, checks what comes back, countersigns and files the same record in its
 * own log before it hands anything on.
 */
export class ConsumerDesk {
  readonly parts: ConsumerParts;

  constructor(parts: ConsumerParts) {
    this.parts = parts;
  }

  /**
   * A look-up, a verification, or an access by another road. A refusal is an outcome, not an error.
   * @throws ExchangeError UNREACHABLE, NOT_READY, BAD_SIGNATURE, BAD_ANSWER
   */
  async access(officer: Signer, ask: Ask): Promise<Accessed> {
    const request = await this.sign(officer, ask);
    const to = request.request.provider;
    const { record, payload } = parseAnswer(await this.parts.connections.json(to, "/exchange/v1/access", request));
    const filed = await this.file(request, record);
    checkPayload(request, filed.signed.record, payload);
    return { filed, payload };
  }

  /** The request, signed with the officer's key. */
  async sign(officer: Signer, { subject, ...ask }: Ask): Promise<SignedRequest> {
    const { department, channel, book } = this.parts;
    const position = book.position();
    if (!position.ready) {
      throw new ExchangeError("NOT_READY", "the node is behind the ledger, or the ledger's clock stands still");
    }
    const certificate = certificateOf(officer);
    const key = randomDigest();
    const request: AccessRequest = {
      schema: 1,
      channel,
      provider: providerOf(ask.dataset),
      consumer: department,
      officer: certificate.commonName as AccessRequest["officer"],
      certificate: await this.parts.certificates.keep(certificate),
      ...ask,
      ...(subject === undefined ? {} : { subject: subjectDigest(key, subject) }),
      ledger: { height: position.height, block: position.block as Digest, time: position.time },
      nonce: randomDigest(),
    };
    return {
      request,
      signature: await signStatement("access-request", request, officer),
      certificate: Buffer.from(officer.certificate).toString("utf8"),
      key,
      ...(subject === undefined ? {} : { subject }),
    };
  }

  /**
   * Checks a record that answers a request, files it and lets its countersignature go out.
   * @throws ExchangeError BAD_SIGNATURE, BAD_ANSWER: then it is no record of this access, and is not filed
   */
  async file(request: SignedRequest, delivered: DeliveredRecord): Promise<FiledRecord> {
    const { signed, position, certificate } = delivered;
    const { record, signature } = signed;
    if (!isDeepStrictEqual(record.request, request.request) || record.requestSignature !== request.signature) {
      throw new ExchangeError("BAD_ANSWER", "the provider's record is of another request");
    }
    const { identities, certificates, log, vault, receipts, book } = this.parts;
    const provider = request.request.provider;
    const node = await identities.check(provider, certificate, "access-record", record, signature);
    if (!node.roles.includes("node") || (await certificates.keep(node.certificate)) !== record.certificate) {
      throw new ExchangeError("BAD_SIGNATURE", `the record is not signed by the node of ${provider}`);
    }
    const { height, block } = record.checked;
    if (!(await book.reached(height)) || (await book.blockHash(height - 1)) !== block) {
      throw new ExchangeError("BAD_ANSWER", `${provider} checked against another ledger than this node's at ${height}`);
    }
    const filed = await log.append(signed, (place) => vault.keepKey(place, request.key));
    const receipt = await receipts.countersign(filed.id);
    // Kept before it goes out, so that there is never more than one of a record.
    await vault.keepReceipt(filed.position, receipt);
    receipts.send(filed, receipt, position);
    return filed;
  }
}

/** @throws ExchangeError BAD_ANSWER: what came is not what the record says of it */
function checkPayload({ request, key }: SignedRequest, record: AccessRecord, payload: Payload | undefined): void {
  const digest = payload === undefined ? undefined : keyedDigest(key, canonicalBytes(payload));
  const expected = request.road === "gateway" && record.result === "served" ? record.response : undefined;
  const rows = payload !== undefined && "rows" in payload ? payload : undefined;
  const fits =
    digest === expected &&
    (rows === undefined ||
      (rows.rows.length === record.rows && rows.rows.every((row) => row.length === rows.fields.length)));
  if (!fits) throw new ExchangeError("BAD_ANSWER", "what came is not what the provider's record says of it");
}
