import { signCheckpoint } from "@wanlian/model/checkpoint.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { Digest, MspId } from "@wanlian/model/identifiers.js";
import { leafHash } from "@wanlian/model/merkle.js";
import type { NoteSigner } from "@wanlian/model/note.js";
import type { MandateRead } from "@wanlian/model/reading.js";
import {
  type AccessIndex,
  type AuditPageRequest,
  type CertificateStore,
  encodeAuditEntry,
  hexOf,
  type Identities,
  isFresh,
  type RecordLog,
  readEntry,
  type SignedAuditRequest,
  type Vault,
} from "../../access/index.js";
import type { AccessLog, TreeReader } from "../../log/index.js";
import type { LedgerPresent } from "../../read/index.js";
import { coversEntry } from "../coverage.js";
import { encodePage, PAGE_BYTES, PAGE_ENTRIES, type PagedEntry } from "./page.js";
import type { CertificatesAsked, CertificatesShown, RecordShown } from "./shown-record.js";

export interface AnswerParts {
  readonly department: MspId;
  readonly channel: string;
  readonly ledger: LedgerPresent;
  readonly identities: Identities;
  readonly certificates: CertificateStore;
  readonly log: AccessLog;
  readonly records: RecordLog;
  readonly index: AccessIndex;
  readonly vault: Vault;
  readonly logSigner: NoteSigner;
}

/** A question that is on record and may be answered from a tree, as far as a mandate goes. */
interface Admitted {
  readonly reader: TreeReader;
  readonly mandate: MandateRead;
}

/** Questions under way; one that was forgotten is put again. */
const MAX_ADMITTED = 200;

/** The node's answers to auditors. Each question is in the log before it is answered. */
export class AnswerDesk {
  readonly #parts: AnswerParts;
  readonly #admitted = new Map<Digest, TreeReader>();

  constructor(parts: AnswerParts) {
    this.#parts = parts;
  }

  /**
   * Entries from a place on, each in its place: whole where the mandate covers it, else its hash.
   * @throws LedgerError NOT_PERMITTED, NOT_FOUND; ExchangeError BAD_SIGNATURE
   */
  async page(from: MspId, { question, from: start, most = PAGE_ENTRIES }: AuditPageRequest): Promise<Buffer> {
    const { reader, mandate } = await this.#admit(from, question);
    const { size } = reader.head;
    if (start >= size) throw new LedgerError("NOT_FOUND", `the log has ${size} entries`);
    const { department, vault, logSigner } = this.#parts;
    const end = Math.min(size, start + Math.min(most, PAGE_ENTRIES));
    const receipts = vault.receipts(start, end);
    const entries: PagedEntry[] = [];
    let bytes = 0;
    for await (const entry of reader.records(start, end)) {
      const receipt = receipts[entries.length];
      const shown = coversEntry(mandate, department, entry);
      entries.push(shown ? { entry, receipt } : { leaf: leafHash(entry), entry: undefined, receipt: undefined });
      bytes += shown ? entry.length : 0;
      if (bytes > PAGE_BYTES) break;
    }
    const proof = await reader.range({ start, end: start + entries.length });
    const checkpoint = signCheckpoint(reader.head, logSigner);
    return encodePage({ checkpoint, start, entries, proof: proof.map(hexOf) });
  }

  /** @throws LedgerError NOT_PERMITTED, NOT_FOUND; ExchangeError BAD_SIGNATURE */
  async record(from: MspId, question: SignedAuditRequest): Promise<RecordShown> {
    const { reader, mandate } = await this.#admit(from, question);
    const { department, index, vault, certificates, logSigner } = this.#parts;
    const { asks } = question.request;
    if (asks.what !== "record") throw new LedgerError("INVALID_INPUT", "the question is not for one record");
    await index.catchUp();
    const position = await index.positionOf(asks.record);
    const entry = position === undefined ? undefined : await reader.record(position);
    const read = entry && readEntry(entry);
    if (position === undefined || entry === undefined || read === undefined || !("signed" in read)) {
      throw new LedgerError("NOT_FOUND", `the log has no record ${asks.record}`);
    }
    if (!coversEntry(mandate, department, entry)) {
      throw new LedgerError("NOT_PERMITTED", `the mandate does not cover record ${asks.record}`);
    }
    const { key, receipt } = vault.read(position);
    const { record } = read.signed;
    const named = [record.certificate, record.request.certificate, ...(receipt ? [receipt.certificate] : [])];
    return {
      checkpoint: signCheckpoint(reader.head, logSigner),
      position,
      entry: Buffer.from(entry).toString("base64"),
      proof: (await reader.inclusion(position)).map(hexOf),
      ...(receipt === undefined ? {} : { receipt }),
      ...(key === undefined ? {} : { key }),
      certificates: await pemOf(certificates, named),
    };
  }

  /** For whoever knows them by name: from records that it was shown. */
  async certificates({ certificates }: CertificatesAsked): Promise<CertificatesShown> {
    return { certificates: await pemOf(this.#parts.certificates, certificates) };
  }

  /** On record once, however many pages it has; its mandate is looked at each time. */
  async #admit(from: MspId, question: SignedAuditRequest): Promise<Admitted> {
    const { request, signature } = question;
    const entry = encodeAuditEntry({ request, signature });
    const id = hexOf(leafHash(entry));
    const known = this.#admitted.get(id);
    if (known !== undefined && request.department === from) {
      return { reader: known, mandate: await this.#mandate(question) };
    }
    const mandate = await this.#check(from, question);
    await this.#parts.log.append(entry);
    const reader = await this.#reader(request.asks);
    const [oldest] = this.#admitted.keys();
    if (this.#admitted.size >= MAX_ADMITTED && oldest !== undefined) this.#admitted.delete(oldest);
    this.#admitted.set(id, reader);
    return { reader, mandate };
  }

  async #check(from: MspId, question: SignedAuditRequest): Promise<MandateRead> {
    const { department, channel, ledger, identities, certificates } = this.#parts;
    const { request, signature, certificate } = question;
    if (request.department !== from || request.node !== department || request.channel !== channel) {
      throw refused("the question is not this department's to this node");
    }
    const auditor = await identities.check(from, certificate, "audit-request", request, signature);
    if (auditor.officer !== request.officer || auditor.certificate.fingerprint !== request.certificate) {
      throw refused(`${auditor.officer} of ${from} signed a question that names ${request.officer}`);
    }
    if (!auditor.roles.includes("auditor")) throw refused(`${auditor.officer} of ${from} is no auditor`);
    await ledger.reached(request.ledger.height);
    if (!isFresh(request.ledger.time, ledger.position())) throw refused("the question was signed too long ago");
    const mandate = await this.#mandate(question);
    await certificates.keep(auditor.certificate);
    return mandate;
  }

  async #mandate({ request }: SignedAuditRequest): Promise<MandateRead> {
    const { ledger } = this.#parts;
    const held = await ledger.head("mandate", request.mandate);
    const mandate = held && ledger.reading().mandate(held.state);
    const own =
      mandate?.isAudit === true && mandate.department === request.department && mandate.officer === request.officer;
    if (mandate === undefined || !own) throw refused(`mandate ${request.mandate} is not that of ${request.officer}`);
    if (!mandate.holds(ledger.position().time)) throw refused(`mandate ${request.mandate} is not in force`);
    return mandate;
  }

  /** Of the tree as it is now, the question in it; or of the one that was shown before. */
  async #reader(asks: SignedAuditRequest["request"]["asks"]): Promise<TreeReader> {
    const { log, records } = this.#parts;
    const head = await log.publish();
    const size = asks.what === "entries" ? (asks.size ?? head.size) : head.size;
    if (size > head.size) throw new LedgerError("NOT_FOUND", `the log has ${head.size} entries`);
    return size === head.size ? records.reader() : await records.readerOf(size);
  }
}

async function pemOf(store: CertificateStore, ids: readonly Digest[]): Promise<Record<Digest, string>> {
  const pems = await Promise.all(ids.map(async (id) => [id, await store.read(id)] as const));
  return Object.fromEntries(pems.filter((entry): entry is [Digest, string] => entry[1] !== undefined));
}

function refused(why: string): LedgerError {
  return new LedgerError("NOT_PERMITTED", why);
}
