import type { Readable } from "node:stream";
import { isDeepStrictEqual } from "node:util";
import { type Digest, type MspId, providerOf } from "@wanlian/model/identifiers.js";
import { readHolder } from "@wanlian/model/identity/officer.js";
import type { RowProof } from "@wanlian/model/release/row-proof.js";
import { isMachine } from "@wanlian/model/roles.js";
import {
  type AccessRequest,
  type CertificateStore,
  type ComparedRows,
  certificateOf,
  comparedDigest,
  type DeliveredRecord,
  type FiledRecord,
  MAX_ANSWER_BYTES,
  parseAnswer,
  randomDigest,
  type SignedRequest,
  type Subject,
  signStatement,
  subjectDigest,
} from "../../access/index.js";
import { ExchangeError, type Signer } from "../../core/index.js";
import type { LedgerPresent } from "../../read/index.js";
import { traced } from "../../traces/index.js";
import type { DepartmentConnections } from "../../transport/index.js";
import { outcomeFacts } from "../outcome-facts.js";
import type { Payload } from "../provider/provider-desk.js";
import { checkAnswer } from "./check-answer.js";
import type { MissedRecords } from "./missed-records.js";
import type { OpenRequests } from "./open-requests.js";
import type { ReceivedRecords } from "./received-records.js";

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
> & { readonly subject?: Subject; readonly by?: readonly string[]; readonly compared?: ComparedRows };

export interface Accessed {
  /** As it stands in this node's log; its result says whether anything came. */
  readonly filed: FiledRecord;
  readonly payload: Payload | undefined;
  /** For whoever is shown the rows: that they are the release's (docs/formats/row-tree.md). */
  readonly proofs: readonly RowProof[] | undefined;
}

/** The way to the providers' nodes. */
export interface ProviderLink {
  json: DepartmentConnections["json"];
  post(to: MspId, path: string, body: unknown): Promise<Readable>;
}

export interface ConsumerParts {
  readonly department: MspId;
  readonly channel: string;
  readonly ledger: LedgerPresent;
  readonly certificates: CertificateStore;
  readonly connections: ProviderLink;
  readonly requests: OpenRequests;
  readonly received: ReceivedRecords;
  readonly missed: MissedRecords;
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
    return await traced("access", { of: ask.way, department: providerOf(ask.dataset) }, async (note) => {
      const accessed = await this.#access(officer, ask);
      note(outcomeFacts(accessed.filed.signed.record));
      return accessed;
    });
  }

  async #access(officer: Signer, ask: Ask): Promise<Accessed> {
    const request = await this.sign(officer, ask);
    const { connections, requests, missed } = this.parts;
    const { provider, nonce } = request.request;
    requests.keep(request);
    try {
      const answer = parseAnswer(
        await connections.json(provider, "/exchange/v1/access", request, { most: MAX_ANSWER_BYTES }),
      );
      const { ledger } = this.parts;
      const release = await ledger.head("release", request.request.release);
      const registered = release && ledger.reading().release(release.state);
      const application = await ledger.head("application", request.request.grant);
      const granted = application && ledger.reading().application(application.state).grant;
      const filed = await this.file(request, answer.record, () => checkAnswer(request, answer, registered, granted));
      const { payload, proofs } = answer;
      return { filed, payload, proofs };
    } finally {
      missed.lookFor(nonce);
    }
  }

  /** The request, signed with the officer's key. */
  async sign(officer: Signer, { subject, compared, by, ...ask }: Ask): Promise<SignedRequest> {
    const { department, channel, ledger } = this.parts;
    const position = ledger.position();
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
      ...(isMachine(readHolder(officer.certificate).roles) ? { machine: true } : {}),
      ...ask,
      ...(by === undefined ? {} : { by: [...by] as AccessRequest["fields"] }),
      ...(subject === undefined ? {} : { subject: subjectDigest(key, subject) }),
      ...(compared === undefined ? {} : { subject: comparedDigest(key, compared) }),
      ledger: { height: position.height, block: position.block as Digest, time: position.time },
      nonce: randomDigest(),
    };
    return {
      request,
      signature: await signStatement("access-request", request, officer),
      certificate: Buffer.from(officer.certificate).toString("utf8"),
      key,
      ...(subject === undefined ? {} : { subject }),
      ...(compared === undefined ? {} : { compared }),
    };
  }

  /**
   * Checks a record that answers a request, files it and lets its countersignature go out.
   * @param content checks what came with it
   * @throws ExchangeError BAD_SIGNATURE, BAD_ANSWER: then it is no record of this access, and is not filed
   */
  async file(
    request: SignedRequest,
    delivered: DeliveredRecord,
    content: () => void = () => undefined,
  ): Promise<FiledRecord> {
    const { record } = delivered.signed;
    if (!isDeepStrictEqual(record.request, request.request) || record.requestSignature !== request.signature) {
      throw new ExchangeError("BAD_ANSWER", "the provider's record is of another request");
    }
    try {
      content();
    } catch (error) {
      // Nor is it countersigned later, when it is asked for by itself.
      this.parts.requests.settle(request.request.nonce);
      throw error;
    }
    return await this.parts.received.take(request.key, delivered);
  }
}
