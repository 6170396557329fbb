import { type Checkpoint, openCheckpoint } from "@wanlian/model/checkpoint.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { Digest, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import { equalHashes, GrowingTree, leafHash, verifyConsistency, verifyInclusion } from "@wanlian/model/merkle.js";
import { parseVerifierKey } from "@wanlian/model/note.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import {
  type AuditFilter,
  type AuditRequest,
  hexOf,
  type LogView,
  randomDigest,
  readRecord,
  type SignedAuditRequest,
  signStatement,
  type ViewedRecord,
} from "../access/index.js";
import type { Signer } from "../core/index.js";
import { damaged, LogError, TreeReader } from "../log/index.js";
import type { Anchor, LedgerBook } from "../read/index.js";
import type { DepartmentConnections } from "../transport/index.js";
import { type AuditedEntry, parseAuditAnswer } from "./audit-answer.js";

/** Pages of one department's log in one audit: 5 million entries. */
const MAX_PAGES = 10_000;

export interface AuditorParts {
  readonly channel: string;
  readonly department: MspId;
  readonly book: LedgerBook;
  readonly connections: DepartmentConnections;
}

/** Asks departments' nodes for their logs under a mandate, and takes nothing that is not proven to be in them. */
export class Auditor {
  readonly #parts: AuditorParts;

  constructor(parts: AuditorParts) {
    this.#parts = parts;
  }

  /**
   * What the mandate lets one department's node show, all pages of it, under one checkpoint.
   * @throws ExchangeError UNREACHABLE, BAD_ANSWER; LogError LOG_DAMAGED; LedgerError BAD_SIGNATURE, NOT_FOUND
   */
  async view(auditor: Signer, node: MspId, mandate: TransactionId, filter: AuditFilter = {}): Promise<LogView> {
    const state = (await this.#parts.book.read("log", node))?.state;
    if (state === undefined) throw new LedgerError("NOT_FOUND", `${node} has no log on the ledger`);
    const key = parseVerifierKey(state.key);
    const pages: { note: string; checkpoint: Checkpoint; entries: readonly AuditedEntry[] }[] = [];
    const certificates = new Map<Digest, string>();
    let from: number | undefined = 0;
    while (from !== undefined && pages.length < MAX_PAGES) {
      const question = await this.#sign(auditor, node, mandate, filter, from);
      const answer = parseAuditAnswer(await this.#parts.connections.json(node, "/audit/v1/records", question));
      for (const [id, pem] of Object.entries(answer.certificates)) certificates.set(id as Digest, pem);
      const checkpoint = openCheckpoint(answer.checkpoint, key);
      pages.push({ note: answer.checkpoint, checkpoint, entries: answer.entries });
      from = answer.next;
    }
    const last = pages.at(-1);
    if (last === undefined) throw damaged(node, "no answer");
    const entries = pages.flatMap(({ checkpoint, entries }) => entries.map((entry) => proven(node, entry, checkpoint)));
    return {
      department: node,
      checkpoint: last.checkpoint,
      note: last.note,
      complete: isComplete(entries, last.checkpoint),
      records: entries.flatMap(({ record }) => (record === undefined ? [] : [record])),
      questions: entries.filter(({ record }) => record === undefined).length,
      certificates,
    };
  }

  /**
   * Whether a log extends an anchored tree, by its hash tiles, which every member may fetch.
   * @throws ExchangeError UNREACHABLE; LogError LOG_DAMAGED
   */
  async extends({ department, checkpoint }: LogView, anchor: Pick<Anchor, "size" | "root">): Promise<boolean> {
    if (checkpoint.size < anchor.size) return false;
    if (anchor.size === 0) return true;
    const reader = new TreeReader((path) => this.#parts.connections.get(department, `/log/v1/${path}`), checkpoint);
    const proof = await reader.consistency(anchor.size);
    const oldRoot = Buffer.from(anchor.root, "hex");
    return verifyConsistency({ oldSize: anchor.size, oldRoot, size: checkpoint.size, root: checkpoint.root, proof });
  }

  async #sign(
    auditor: Signer,
    node: MspId,
    mandate: TransactionId,
    filter: AuditFilter,
    from: number,
  ): Promise<SignedAuditRequest> {
    const { channel, department, book } = this.#parts;
    const certificate = Certificate.fromPem(auditor.certificate);
    const { height, block, time } = book.position();
    const request: AuditRequest = {
      schema: 1,
      kind: "audit",
      channel,
      node,
      department,
      officer: certificate.commonName as AuditRequest["officer"],
      certificate: certificate.fingerprint as Digest,
      mandate,
      filter,
      from,
      ledger: { height, block: block as Digest, time },
      nonce: randomDigest(),
    };
    return {
      request,
      signature: await signStatement("audit-request", request, auditor),
      certificate: Buffer.from(auditor.certificate).toString("utf8"),
    };
  }
}

interface ProvenEntry {
  readonly leaf: Uint8Array;
  readonly position: number;
  readonly record: ViewedRecord | undefined;
}

/** @throws LogError LOG_DAMAGED: not in the tree that the node signed */
function proven(node: MspId, shown: AuditedEntry, { size, root }: Checkpoint): ProvenEntry {
  const entry = Buffer.from(shown.entry, "base64");
  const leaf = leafHash(entry);
  const proof = shown.proof.map((hash) => Buffer.from(hash, "hex"));
  if (!verifyInclusion({ index: shown.position, size, leaf, proof, root })) {
    throw new LogError("LOG_DAMAGED", `${node} shows an entry ${shown.position} that is not in its log`);
  }
  const signed = readRecord(entry);
  const { position, receipt, key } = shown;
  const record = signed && { position, id: hexOf(leaf), signed, receipt, key, proof: shown.proof, entry };
  return { leaf, position, record };
}

/** A question is filed before its answer's checkpoint, so a complete log ends with the questions themselves. */
function isComplete(entries: readonly ProvenEntry[], { size, root }: Checkpoint): boolean {
  if (entries.length !== size || entries.some(({ position }, at) => position !== at)) return false;
  const tree = new GrowingTree();
  for (const { leaf } of entries) tree.append(leaf);
  return equalHashes(tree.root(), root);
}
