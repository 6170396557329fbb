import { openCheckpoint } from "@wanlian/model/checkpoint.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { Digest, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import { leafHash, verifyConsistency, verifyInclusion } from "@wanlian/model/merkle.js";
import { parseVerifierKey, type VerifierKey } from "@wanlian/model/note.js";
import type { LogRead } from "@wanlian/model/reading.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import {
  type AuditAsks,
  type AuditFilter,
  type AuditRequest,
  type Receipt,
  randomDigest,
  type SignedAuditRequest,
  signStatement,
} from "../access/index.js";
import { LogError, type Signer } from "../core/index.js";
import { mostBytesAt, TreeReader } from "../log/index.js";
import type { Anchor, LedgerPresent } from "../read/index.js";
import type { DepartmentConnections } from "../transport/index.js";
import { parseRecordShown } from "./answering/shown-record.js";
import { AskedLog, type Patience, type Resumed } from "./asked-log.js";

export interface AuditorParts {
  readonly channel: string;
  readonly department: MspId;
  readonly ledger: LedgerPresent;
  readonly connections: Pick<DepartmentConnections, "json" | "bytes" | "get">;
  readonly patience?: Patience;
}

/** Who asks, and under which mandate. */
export interface Mandated {
  readonly signer: Signer;
  readonly mandate: TransactionId;
  readonly filter: AuditFilter;
}

/** One record of a department's log, proven to be in it, with what the node keeps beside it. */
export interface TakenRecord {
  readonly department: MspId;
  readonly position: number;
  readonly entry: Uint8Array;
  readonly receipt: Receipt | undefined;
  readonly key: Digest | undefined;
  readonly certificates: ReadonlyMap<Digest, string>;
}

/** Asks departments' nodes for their logs under a mandate, and takes nothing that is not proven to be in them. */
export class Auditor {
  readonly #parts: AuditorParts;

  constructor(parts: AuditorParts) {
    this.#parts = parts;
  }

  /**
   * A department's log, from its beginning or from where an audit broke off.
   * @throws ExchangeError UNREACHABLE, BROKEN_OFF, BAD_ANSWER; LogError LOG_DAMAGED; LedgerError BAD_SIGNATURE, NOT_FOUND
   */
  async ask(mandated: Mandated, node: MspId, resumed?: Resumed): Promise<AskedLog> {
    const { connections, patience } = this.#parts;
    const ask = (size: number | undefined) =>
      this.#sign(mandated, node, { what: "entries", ...(size === undefined ? {} : { size }) });
    const parts = { node, key: await this.#key(node), connections, ask, ...(patience && { patience }) };
    return await AskedLog.begin(parts, resumed);
  }

  /** @throws as `ask`; LedgerError NOT_FOUND */
  async record(mandated: Mandated, node: MspId, id: Digest): Promise<TakenRecord> {
    const key = await this.#key(node);
    const question = await this.#sign(mandated, node, { what: "record", record: id });
    const shown = parseRecordShown(await this.#parts.connections.json(node, "/audit/v1/record", question));
    const { size, root } = openCheckpoint(shown.checkpoint, key);
    const entry = Buffer.from(shown.entry, "base64");
    const leaf = leafHash(entry);
    const proof = shown.proof.map((hash) => Buffer.from(hash, "hex"));
    const isAsked = Buffer.from(leaf).toString("hex") === id;
    if (!isAsked || !verifyInclusion({ index: shown.position, size, leaf, proof, root })) {
      throw new LogError("LOG_DAMAGED", `${node} shows a record ${id} that is not in its log`);
    }
    const certificates = new Map(Object.entries(shown.certificates)) as Map<Digest, string>;
    return {
      ...{ department: node, position: shown.position, entry, certificates },
      ...{ receipt: shown.receipt, key: shown.key },
    };
  }

  /**
   * Whether a log extends an anchored tree, by its hash tiles, which every member may fetch.
   * @throws ExchangeError UNREACHABLE; LogError LOG_DAMAGED
   */
  async extends({ node, head }: AskedLog, anchor: Pick<Anchor, "size" | "root">): Promise<boolean> {
    if (head.size < anchor.size) return false;
    if (anchor.size === 0) return true;
    const reader = new TreeReader(
      (path) => this.#parts.connections.get(node, `/log/v1/${path}`, mostBytesAt(path)),
      head,
    );
    const proof = await reader.consistency(anchor.size);
    const oldRoot = Buffer.from(anchor.root, "hex");
    return verifyConsistency({ oldSize: anchor.size, oldRoot, ...head, proof });
  }

  /** What the ledger says of logs of the department's that could not go on; undefined where there was none. */
  async formerLogs(node: MspId): Promise<LogRead["former"]> {
    const { ledger } = this.#parts;
    const held = await ledger.head("log", node);
    return held && ledger.reading().log(held.state).former;
  }

  async #key(node: MspId): Promise<VerifierKey> {
    const { ledger } = this.#parts;
    const held = await ledger.head("log", node);
    if (held === undefined) throw new LedgerError("NOT_FOUND", `${node} has no log on the ledger`);
    return parseVerifierKey(ledger.reading().log(held.state).key);
  }

  async #sign({ signer, mandate, filter }: Mandated, node: MspId, asks: AuditAsks): Promise<SignedAuditRequest> {
    const { channel, department, ledger } = this.#parts;
    const certificate = Certificate.fromPem(signer.certificate);
    const { height, block, time } = ledger.position();
    const request: AuditRequest = {
      schema: 1,
      kind: "audit",
      ...{ channel, node, department, mandate, filter, asks },
      officer: certificate.commonName as AuditRequest["officer"],
      certificate: certificate.fingerprint as Digest,
      ledger: { height, block: block as Digest, time },
      nonce: randomDigest(),
    };
    return {
      request,
      signature: await signStatement("audit-request", request, signer),
      certificate: Buffer.from(signer.certificate).toString("utf8"),
    };
  }
}
