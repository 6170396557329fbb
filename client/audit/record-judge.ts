import { LedgerError } from "@wanlian/model/errors.js";
import type { Digest, MspId } from "@wanlian/model/identifiers.js";
import { refusalOfUse } from "@wanlian/model/model-1/application/coverage.js";
import {
  type AccessRecord,
  openingOf,
  type Receipt,
  readSignature,
  reasonOf,
  type Signatories,
  type SignedRecord,
  statementBytes,
  statementPrefix,
} from "../access/index.js";
import type { LedgerPast } from "../read/index.js";
import type { Because, FindingFacts } from "./finding.js";
import type { ShownCertificates } from "./shown-certificates.js";

/** What is wrong with a record itself, whoever's log it stands in. */
export interface JudgedRecord {
  readonly provider: MspId;
  readonly consumer: MspId;
  readonly kind: AccessRecord["kind"];
  readonly opening: Digest | undefined;
  readonly reason: string | undefined;
  readonly grant: string;
  /** Of the ledger, as the provider had it. */
  readonly height: number;
  readonly time: string;
  /** Whoever has it in its log has checked who signed it. */
  readonly forged: readonly FindingFacts[];
  /** What the provider says that it checked, against what the ledger says. */
  readonly unfounded: readonly FindingFacts[];
  /** False where a certificate was not there: another node may have it. */
  readonly settled: boolean;
}

export interface JudgeParts {
  readonly history: LedgerPast;
  /** By the channel's configuration as it was at a height of the ledger. */
  readonly signatoriesAt: (height: number) => Promise<Signatories>;
  readonly certificates: ShownCertificates;
}

const NOT_THERE = "its certificate is not there";

/** Judges records one by one: by their signatures, and by the auditor's own copy of the ledger. */
export class RecordJudge {
  readonly #parts: JudgeParts;

  constructor(parts: JudgeParts) {
    this.#parts = parts;
  }

  /** @param entry the bytes that the record was read from */
  async judge(entry: Uint8Array, signed: SignedRecord): Promise<JudgedRecord> {
    const { record } = signed;
    const { request, checked } = record;
    const signatories = await this.#parts.signatoriesAt(checked.height);
    const at = new Date(checked.time);
    const [byOfficer, byNode, unfounded] = await Promise.all([
      this.#signedBy(signatories, at, {
        ...{ department: request.consumer, certificate: request.certificate, role: "user", officer: request.officer },
        bytes: statementBytes("access-request", request),
        signature: record.requestSignature,
      }),
      this.#signedBy(signatories, at, {
        ...{ department: request.provider, certificate: record.certificate, role: "node", officer: undefined },
        bytes: signedPart(entry, signed),
        signature: signed.signature,
      }),
      this.#unfounded(record),
    ]);
    const forged: FindingFacts[] = [];
    if (byOfficer !== undefined)
      forged.push({ kind: "REQUEST_FORGED", consumer: request.consumer, because: byOfficer });
    if (byNode !== undefined) forged.push({ kind: "RECORD_FORGED", provider: request.provider, because: byNode });
    return {
      ...{ provider: request.provider, consumer: request.consumer, grant: request.grant, kind: record.kind },
      ...{ opening: openingOf(record), reason: reasonOf(record), height: checked.height, time: checked.time },
      ...{ forged, unfounded },
      settled: byOfficer?.said !== NOT_THERE && byNode?.said !== NOT_THERE,
    };
  }

  /** Whether a receipt is the consumer's node's for a record. */
  async countersigned({ request, checked }: AccessRecord, id: Digest, receipt: Receipt): Promise<boolean> {
    const signatories = await this.#parts.signatoriesAt(checked.height);
    const why = await this.#signedBy(signatories, new Date(checked.time), {
      ...{ department: request.consumer, certificate: receipt.certificate, role: "node", officer: undefined },
      bytes: statementBytes("access-receipt", { record: id }),
      signature: receipt.signature,
    });
    return why === undefined;
  }

  /** Served, although the ledger did not grant it at a height. */
  async notGranted(record: AccessRecord, height: number): Promise<readonly FindingFacts[]> {
    if (!isServed(record)) return [];
    const { request } = record;
    const rule = await this.#parts.history.ruleAt(request, height);
    const granted = rule !== undefined && refusalOfUse(request, rule.cases, rule) === undefined;
    return granted ? [] : [{ kind: "NOT_GRANTED", grant: request.grant }];
  }

  async #unfounded(record: AccessRecord): Promise<readonly FindingFacts[]> {
    const { height, block } = record.checked;
    const known = await this.#parts.history.blockHash(height - 1);
    const differs: FindingFacts[] = known === block ? [] : [{ kind: "CHAIN_DIFFERS", block: height - 1, hash: block }];
    return [...differs, ...(await this.notGranted(record, height))];
  }

  /** @returns why not, if it is not signed by an officer of that department, number and role */
  async #signedBy(signatories: Signatories, at: Date, claim: SignatureClaim): Promise<Because | undefined> {
    const { department, certificate, role, officer, bytes, signature } = claim;
    const pem = this.#parts.certificates.find(certificate);
    if (pem === undefined) return { code: "BAD_SIGNATURE", said: NOT_THERE };
    try {
      const signatory = signatories.signatory(department, pem);
      if (signatory.certificate.notAfter < at) return bad(`the certificate of ${signatory.officer} had expired`);
      const der = readSignature(signature);
      if (officer !== undefined && signatory.officer !== officer) return bad(`${signatory.officer} is not ${officer}`);
      if (!signatory.roles.includes(role)) return bad(`${signatory.officer} of ${department} has no role ${role}`);
      if (der !== undefined && (await signatory.identity.verify(bytes, der))) return undefined;
      return bad(`the signature is not that of ${signatory.officer} of ${department}`);
    } catch (error) {
      if (error instanceof LedgerError) return { code: error.code, said: error.message };
      throw error;
    }
  }
}

interface SignatureClaim {
  readonly department: string;
  readonly certificate: Digest;
  readonly role: "user" | "node";
  /** Undefined: whoever has the role. */
  readonly officer: string | undefined;
  readonly bytes: Uint8Array;
  readonly signature: string;
}

/** An opening let data out, however it ended. */
function isServed({ kind, result }: AccessRecord): boolean {
  return result === "served" || (kind === "opening" && result === "opened");
}

const BEFORE = Buffer.byteLength('{"record":');
const BETWEEN = Buffer.byteLength(',"signature":""}');

/** The record's canonical JSON stands in its entry's as it is: `{"record":…,"signature":"…"}`. */
function signedPart(entry: Uint8Array, { signature }: SignedRecord): Uint8Array {
  return Buffer.concat([
    statementPrefix("access-record"),
    entry.subarray(BEFORE, entry.length - BETWEEN - signature.length),
  ]);
}

function bad(said: string): Because {
  return { code: "BAD_SIGNATURE", said };
}
