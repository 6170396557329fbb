import { canonicalBytes } from "@wanlian/model/canonical.js";
import type { MspId } from "@wanlian/model/identifiers.js";
import { releaseRoot } from "@wanlian/model/release/release-root.js";
import type { RowProof } from "@wanlian/model/release/row-proof.js";
import { isMachine } from "@wanlian/model/roles.js";
import { addSeconds } from "@wanlian/model/time/instant.js";
import {
  type CertificateStore,
  checkGrant,
  comparedDigest,
  type FiledRecord,
  type Identities,
  isFresh,
  keyedDigest,
  MAX_LOOKUP_ROWS,
  MAX_ROWS_BYTES,
  maskedFields,
  type Reason,
  type RefusalReason,
  type ReplayGuard,
  type Ruling,
  type Signatory,
  type SignedRequest,
  type Subject,
  subjectDigest,
} from "../../access/index.js";
import { ExchangeError } from "../../core/index.js";
import type { LedgerPresent } from "../../read/index.js";
import { traced } from "../../traces/index.js";
import type { AwaitedReceipts } from "../receipts/awaited-receipts.js";
import type { Row } from "../sources/source.js";
import type { KeyRuns } from "./key-runs.js";
import type { ProvenRows, ProvenSource, Showing } from "./proven-source.js";
import type { ProvenSources } from "./proven-sources.js";
import type { Quotas } from "./quota.js";
import type { RecordKeeper } from "./record-keeper.js";
import type { Pseudonyms } from "./shown/pseudonyms.js";
import { showsAll } from "./shown/shown-rows.js";

/** What comes back beside the record; its canonical JSON is what the record's digest is of. */
export type Payload =
  | { readonly fields: readonly string[]; readonly rows: readonly Row[]; readonly more: boolean }
  | { readonly match: boolean };

export interface Answer {
  readonly filed: FiledRecord;
  /** Only where it was served through the gateway. */
  readonly payload: Payload | undefined;
  /** Of the payload's rows, that they are the release's. */
  readonly proofs?: readonly RowProof[];
}

export interface DeskParts {
  readonly department: MspId;
  readonly channel: string;
  readonly identities: Identities;
  readonly ledger: LedgerPresent;
  readonly keeper: RecordKeeper;
  readonly certificates: CertificateStore;
  readonly quotas: Quotas;
  readonly replay: ReplayGuard;
  readonly sources: ProvenSources;
  readonly awaited: AwaitedReceipts;
  /** Where keys that are gone through one after the other are counted. */
  readonly runs: KeyRuns;
  readonly pseudonyms: Pseudonyms;
}

/** A request that somebody of the consumer's did sign, with what the ledger and this node say to it. */
export interface Decision {
  readonly request: SignedRequest;
  readonly ruling: Ruling;
  readonly refusal: RefusalReason | undefined;
}

/**
 * The provider's side of an access: decides by the node's own copy of the ledger, and files the record before anything
 * is given away. A request without a valid officer's signature is nobody's: it is refused without a record.
 */
export class ProviderDesk {
  readonly #parts: DeskParts;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /**
   * Answers a look-up or a verification, or files an access that takes another road than the gateway.
   * @param from the department whose connection it came over
   * @throws ExchangeError WRONG_DEPARTMENT, BAD_SIGNATURE, NOT_READY: without a record
   */
  async access(from: MspId, signed: SignedRequest): Promise<Answer> {
    const decision = await this.decide(from, signed);
    const { request } = signed;
    if (decision.refusal !== undefined) return await this.#refuse(decision, decision.refusal);
    // These are streams, which have routes of their own.
    if (request.way === "comparison") return await this.#refuse(decision, "SUBJECT_MISMATCH");
    if (request.road !== "gateway") {
      // Another road is told what the release is, and not how to show it.
      if (!showsAll(decision.ruling.grant ?? {})) return await this.#refuse(decision, "SHOWN_IN_PART");
      return await this.#fileElsewhere(decision);
    }
    try {
      const { payload, proofs } = await this.#look(decision, signed.subject ?? {});
      const bytes = canonicalBytes(payload);
      const rows = "rows" in payload ? payload.rows.length : 0;
      const response = keyedDigest(signed.key, bytes);
      const outcome = { kind: "access", result: "served", rows, bytes: bytes.length, response } as const;
      return { filed: await this.#parts.keeper.file(signed, decision.ruling, outcome), payload, proofs };
    } catch (error) {
      return await this.#fail(decision, failureOf(error));
    }
  }

  /** @throws ExchangeError WRONG_DEPARTMENT, BAD_SIGNATURE, NOT_READY */
  async decide(from: MspId, signed: SignedRequest): Promise<Decision> {
    return await traced("decide", { of: signed.request.way }, async (note) => {
      const decision = await this.#decide(from, signed);
      if (decision.refusal !== undefined) note({ reason: decision.refusal });
      return decision;
    });
  }

  async #decide(from: MspId, signed: SignedRequest): Promise<Decision> {
    const { request } = signed;
    const { department, channel, ledger } = this.#parts;
    if (request.channel !== channel || request.provider !== department || request.consumer !== from) {
      const message = `the request is ${request.consumer}'s to ${request.provider} on ${request.channel}; it came from ${from}`;
      throw new ExchangeError("WRONG_DEPARTMENT", message);
    }
    const officer = await this.#officer(signed);
    if (!(await ledger.reached(request.ledger.height)) || !ledger.position().ready) {
      throw new ExchangeError("NOT_READY", "the node is behind the ledger, or the ledger's clock stands still");
    }
    const ruling = await checkGrant(request, ledger);
    const refusal =
      (await this.#refusal(signed, officer, ruling)) ??
      ruling.refusal ??
      this.#countersigned(from, ruling) ??
      (await this.#quota(ruling, signed));
    return { request: signed, ruling, refusal };
  }

  /** Reads the release that was asked for. @throws ExchangeError SOURCE_MISSING; as `read` does */
  async use<T>({ request: { request } }: Decision, read: (source: ProvenSource) => Promise<T>): Promise<T> {
    const { dataset, release: id } = request;
    const { ledger } = this.#parts;
    const release = await ledger.head("release", id);
    if (release === undefined) throw new ExchangeError("SOURCE_MISSING", `there is no release ${id}`);
    const { rowRoot } = ledger.reading().release(release.state);
    return await traced("read", {}, () => this.#parts.sources.use({ dataset, release: id, rowRoot }, read));
  }

  /** What was read of the release that was asked for is not what it registered. */
  tellChanged({ request: { request } }: Decision): void {
    this.#parts.sources.tellChanged(request);
  }

  async #officer({ request, certificate, signature }: SignedRequest): Promise<Signatory> {
    const { identities, certificates } = this.#parts;
    const officer = await identities.check(request.consumer, certificate, "access-request", request, signature);
    if (officer.officer !== request.officer || officer.certificate.fingerprint !== request.certificate) {
      throw new ExchangeError("BAD_SIGNATURE", `${officer.officer} signed a request that names ${request.officer}`);
    }
    if (isMachine(officer.roles) !== (request.machine ?? false)) {
      throw new ExchangeError("BAD_SIGNATURE", `whether ${officer.officer} is a machine, the request says otherwise`);
    }
    await certificates.keep(officer.certificate);
    return officer;
  }

  async #refusal(
    signed: SignedRequest,
    officer: Signatory,
    { position, grant }: Ruling,
  ): Promise<RefusalReason | undefined> {
    const { ledger, replay } = this.#parts;
    const { request, subject, key } = signed;
    const asked = request.ledger;
    if ((await ledger.blockHash(asked.height - 1)) !== asked.block) return "CHAIN_DIFFERS";
    if (!isFresh(asked.time, position)) return "REQUEST_EXPIRED";
    if (!replay.admit(request.nonce, position.time)) return "REPLAYED";
    if (!ledger.reading().mayUse(officer.roles)) return "NOT_A_USER";
    if (request.way === "comparison") return isOfRequest(signed) ? undefined : "SUBJECT_MISMATCH";
    if (request.by !== undefined || signed.compared !== undefined) return "SUBJECT_MISMATCH";
    if (request.way === "download") return subject === undefined ? undefined : "SUBJECT_MISMATCH";
    if (subject === undefined || subjectDigest(key, subject) !== request.subject) return "SUBJECT_MISMATCH";
    // Whether a row has a value tells as much of a field as returning it.
    const by = Object.keys(subject);
    if (grant === undefined) return undefined;
    if (!by.every((field) => grant.fields.includes(field))) return "FIELD_NOT_GRANTED";
    const masked = maskedFields(grant);
    return by.some((field) => masked.has(field)) ? "SHOWN_IN_PART" : undefined;
  }

  /** Where the policy says so, who does not countersign gets nothing more until it does. */
  #countersigned(consumer: MspId, { countersigning, position }: Ruling): RefusalReason | undefined {
    if (countersigning === undefined) return undefined;
    const before = addSeconds(position.time, -60 * countersigning.withinMinutes);
    const { awaited } = this.#parts;
    return awaited.isBehind(consumer, before, countersigning.atMost) ? "RECEIPTS_MISSING" : undefined;
  }

  async #quota({ grant, position }: Ruling, { request }: SignedRequest): Promise<RefusalReason | undefined> {
    if (grant === undefined) return "GRANT_NOT_GIVEN";
    const { quotas, ledger } = this.#parts;
    const start = ledger.reading().quotaStart(grant, position.time);
    return (await quotas.take(request.grant, grant, start)) ? undefined : "QUOTA_EXCEEDED";
  }

  async #look(decision: Decision, subject: Subject): Promise<Pick<ProvenRows, "proofs"> & { payload: Payload }> {
    this.#parts.runs.note(decision.request.request, subject);
    const { request } = decision.request;
    const { fields, way } = request;
    const { masks, filters } = decision.ruling.grant ?? {};
    const showing: Showing = {
      ...{ fields, masks, filters },
      pseudonym: (field, value) => this.#parts.pseudonyms.of(request, field, value),
    };
    if (way === "verification") {
      const { proofs } = await this.use(decision, (source) => source.find(subject, { ...showing, fields: [] }, 1));
      return { payload: { match: proofs.length > 0 }, proofs };
    }
    const looked = await this.use(decision, (source) => source.find(subject, showing, MAX_LOOKUP_ROWS + 1));
    const { rows, proofs } = looked;
    const given = fitting(rows, proofs);
    return {
      payload: { fields, rows: rows.slice(0, given), more: looked.more || rows.length > given },
      proofs: proofs.slice(0, given),
    };
  }

  /** A file handed over, or the platform's delivery: what the release registered of those fields is what went out. */
  async #fileElsewhere(decision: Decision): Promise<Answer> {
    const { request } = decision.request;
    const { ledger, keeper } = this.#parts;
    const registered = (await ledger.releaseFields(request.release)) ?? [];
    const release = await ledger.head("release", request.release);
    const fields = request.fields.flatMap((name) => registered.filter((field) => field.name === name));
    const outcome = {
      kind: "access",
      result: "served",
      rows: release === undefined ? 0 : ledger.reading().release(release.state).rows,
      bytes: 0,
      response: releaseRoot(fields),
    } as const;
    return { filed: await keeper.file(decision.request, decision.ruling, outcome), payload: undefined };
  }

  async #refuse({ request, ruling }: Decision, reason: Reason): Promise<Answer> {
    const outcome = { kind: "access", result: "refused", reason, rows: 0, bytes: 0 } as const;
    return { filed: await this.#parts.keeper.file(request, ruling, outcome), payload: undefined };
  }

  async #fail({ request, ruling }: Decision, reason: Reason): Promise<Answer> {
    const outcome = { kind: "access", result: "failed", reason, rows: 0, bytes: 0 } as const;
    return { filed: await this.#parts.keeper.file(request, ruling, outcome), payload: undefined };
  }
}

/** Whether what is compared is what the officer signed, by fields that are asked for. */
function isOfRequest({ request, subject, compared, key }: SignedRequest): boolean {
  const { by = [], fields } = request;
  if (subject !== undefined || compared === undefined || request.road !== "gateway") return false;
  return (
    by.length > 0 && by.every((field) => fields.includes(field)) && comparedDigest(key, compared) === request.subject
  );
}

/** How many of the rows an answer can hold with their proofs. */
function fitting(rows: readonly Row[], proofs: readonly RowProof[]): number {
  let bytes = 0;
  for (const [at, row] of rows.entries()) {
    const { salts = "", hidden = "", path = "" } = proofs[at] ?? {};
    bytes += Buffer.byteLength(JSON.stringify(row)) + salts.length + hidden.length + path.length;
    if (at >= MAX_LOOKUP_ROWS || bytes > MAX_ROWS_BYTES) return at;
  }
  return rows.length;
}

/** @throws whatever is not a source's failure: that is this node's own, and is not put on the source */
export function failureOf(error: unknown): Reason {
  if (!(error instanceof ExchangeError)) throw error;
  switch (error.code) {
    case "SOURCE_CHANGED":
      return "SOURCE_CHANGED";
    case "SOURCE_DIFFERS":
      return "SOURCE_DIFFERS";
    case "SOURCE_SLOW":
      return "SOURCE_SLOW";
    case "SOURCE_MALFORMED":
    case "SOURCE_TOO_LARGE":
    case "SOURCE_MISSING":
    case "FIELD_UNKNOWN":
      return "SOURCE_FAILED";
    default:
      throw error;
  }
}
