import type { Digest, TransactionId } from "@wanlian/model/identifiers.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import {
  type AccessRecord,
  type CertificateStore,
  type FiledRecord,
  type RecordLog,
  type Ruling,
  randomDigest,
  type SignedRequest,
  signStatement,
  type Vault,
} from "../../access/index.js";
import type { Signer } from "../../core/index.js";
import { traced } from "../../traces/index.js";
import { outcomeFacts } from "../outcome-facts.js";
import type { AwaitedReceipts } from "../receipts/awaited-receipts.js";

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** What only the record's kind knows: how the access ended, or that it began. */
export type Outcome = Without<AccessRecord, keyof Common>;
/** What every record says, of whatever kind. */
type Common = Pick<
  AccessRecord,
  "schema" | "request" | "requestSignature" | "checked" | "objections" | "certificate" | "nonce"
>;

/** What a record says of a request, and the key to be kept beside it. */
export interface RecordedRequest extends Pick<SignedRequest, "request" | "signature"> {
  /** Undefined where it was lost. */
  readonly key: Digest | undefined;
}

const MAX_OBJECTIONS = 100;

/** Makes the provider's records: signed by its node, and durable in its log when they are given. */
export class RecordKeeper {
  readonly #signer: Signer;
  readonly #log: RecordLog;
  readonly #vault: Vault;
  readonly #certificates: CertificateStore;
  readonly #awaited: AwaitedReceipts;
  readonly #own: Certificate;

  constructor(parts: {
    signer: Signer;
    log: RecordLog;
    vault: Vault;
    certificates: CertificateStore;
    awaited: AwaitedReceipts;
  }) {
    this.#signer = parts.signer;
    this.#log = parts.log;
    this.#vault = parts.vault;
    this.#certificates = parts.certificates;
    this.#awaited = parts.awaited;
    this.#own = Certificate.fromPem(parts.signer.certificate);
  }

  /** PEM of the certificate that signs. */
  get certificate(): string {
    return Buffer.from(this.#signer.certificate).toString("utf8");
  }

  async file({ request, signature, key }: RecordedRequest, ruling: Ruling, outcome: Outcome): Promise<FiledRecord> {
    const { position, act, policy, objections } = ruling;
    const record: AccessRecord = {
      schema: 1,
      request,
      requestSignature: signature,
      checked: { act, policy, height: position.height, block: position.block as Digest, time: position.time },
      ...outcome,
      objections: objections.slice(0, MAX_OBJECTIONS) as TransactionId[],
      certificate: await this.#certificates.keep(this.#own),
      nonce: randomDigest(),
    };
    const signed = { record, signature: await signStatement("access-record", record, this.#signer) };
    const filed = await traced("record", outcomeFacts(record), () =>
      this.#log.append(signed, (position) => {
        if (key !== undefined) this.#vault.keepKey(position, key);
      }),
    );
    this.#awaited.await(filed);
    return filed;
  }
}
