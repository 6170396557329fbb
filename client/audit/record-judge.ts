import { LedgerError } from "@wanlian/model/errors.js";
import type { Digest, MspId } from "@wanlian/model/identifiers.js";
import type { SignatureKey } from "@wanlian/protocol/identities/signature-key.js";
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
import type { SignatureClaim } from "./signatures/signature-task.js";
import type { SignatureThreads } from "./signatures/signature-threads.js";

/** What is wrong with a record itself, whoever's log it stands in. */
export interface JudgedRecord {
  readonly provider: MspId;
  readonly consumer: MspId;
  readonly kind: AccessRecord["kind"];
  readonly opening: Digest | undefined;
  readonly reason: string | undefined;
  /** Of the ledger, as the provider had it. */
  readonly height: number;
  readonly time: string;
  /** Whoever has it in its log has checked who signed it. */
  readonly forged: readonly FindingFacts[];
  /** The provider's signature, which is not verified yet; undefined where it cannot be right. */
  readonly owed: OpenClaim | undefined;
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
  readonly signatures: Pick<SignatureThreads, "hold">;
}

/** Certificates of which it is remembered whose they are, by each configuration of the channel. */
const MAX_SIGNERS = 20_000;
const NOT_THERE = "its certificate is not there";

/** Judges records one by one: by their signatures, and by the auditor's own copy of the ledger. */
export class RecordJudge {
  readonly #parts: JudgeParts;
  /** By the configuration that vouches for them, then by department and certificate. */
  readonly #signers = new WeakMap<Signatories, Map<string, Signer | Because>>();

  constructor(parts: JudgeParts) {
    this.#parts = parts;
  }

  /**
   * In their order. Judged together, since their officers' signatures are verified together; their providers' are still
   * owed.
   */
  async judge(given: readonly GivenRecord[]): Promise<JudgedRecord[]> {
    const signatories = await this.#signatoriesOf(given);
    const claims: SignatureClaim[] = [];
    const open = given.map(({ entry, signed }) => {
      const { record, signature } = signed;
      const { request, checked } = record;
      const from = signatories.get(checked.height) as Signatories;
      const at = new Date(checked.time);
      const byOfficer = this.#claim(from, at, {
        ...{ department: request.consumer, certificate: request.certificate, role: "user", officer: request.officer },
        ...{ signed: requestIn(entry), signature: record.requestSignature },
      });
      const byNode = this.#claim(from, at, {
        ...{ department: request.provider, certificate: record.certificate, role: "node", officer: undefined },
        ...{ signed: recordIn(entry, signed), signature },
      });
      return { record, byOfficer: note(byOfficer, claims), byNode };
    });
    const [verdicts, unfounded] = await Promise.all([
      this.#parts.signatures.hold(claims),
      Promise.all(given.map(({ signed }) => this.#unfounded(signed.record))),
    ]);
    return open.map(({ record, byOfficer, byNode }, at) =>
      judgedOf(record, whyNot(byOfficer, verdicts), byNode, unfounded[at] as readonly FindingFacts[]),
    );
  }

  /** Whether a receipt is the consumer's node's for a record. */
  async countersigned({ request, checked }: AccessRecord, id: Digest, receipt: Receipt): Promise<boolean> {
    const signatories = await this.#parts.signatoriesAt(checked.height);
    const claim = this.#claim(signatories, new Date(checked.time), {
      ...{ department: request.consumer, certificate: receipt.certificate, role: "node", officer: undefined },
      ...{ signed: [statementBytes("access-receipt", { record: id })], signature: receipt.signature },
    });
    if ("said" in claim) return false;
    const [holds] = await this.#parts.signatures.hold([claim]);
    return holds === true;
  }

  /** Served, although the ledger did not grant it at a height. */
  async notGranted(record: AccessRecord, height: number): Promise<readonly FindingFacts[]> {
    if (!isServed(record)) return NOTHING;
    const { request } = record;
    const rule = await this.#parts.history.ruleAt(request, height);
    const granted = rule !== undefined && rule.reading.refusalOfUse(request, rule.cases, rule) === undefined;
    return granted ? NOTHING : [{ kind: "NOT_GRANTED", grant: request.grant }];
  }

  async #unfounded(record: AccessRecord): Promise<readonly FindingFacts[]> {
    const { height, block } = record.checked;
    const known = await this.#parts.history.blockHash(height - 1);
    const notGranted = await this.notGranted(record, height);
    if (known !== block) return [{ kind: "CHAIN_DIFFERS", block: height - 1, hash: block }, ...notGranted];
    const misstated = await this.#misstated(record.checked);
    return misstated.length === 0 ? notGranted : [...misstated, ...notGranted];
  }

  /** Time and policy are the provider's word: nobody else's signature depends on them. */
  async #misstated({ height, time, policy }: AccessRecord["checked"]): Promise<readonly FindingFacts[]> {
    const rules = await this.#parts.history.rulesAt(height);
    if (rules === undefined || (rules.time === time && rules.policy.act === policy)) return NOTHING;
    const misstated: FindingFacts[] = [];
    if (rules.time !== time) misstated.push({ kind: "TIME_DIFFERS", stated: time, was: rules.time });
    if (rules.policy.act !== policy) misstated.push({ kind: "POLICY_DIFFERS", stated: policy, was: rules.policy.act });
    return misstated;
  }

  async #signatoriesOf(given: readonly GivenRecord[]): Promise<ReadonlyMap<number, Signatories>> {
    const heights = new Set(given.map(({ signed }) => signed.record.checked.height));
    const read = async (height: number) => [height, await this.#parts.signatoriesAt(height)] as const;
    return new Map(await Promise.all([...heights].map(read)));
  }

  /** What is to be verified, if it may be signed by an officer of that department, number and role; else why not. */
  #claim(signatories: Signatories, at: Date, claim: Claim): OpenClaim | Because {
    const { department, certificate, role, officer, signed, signature } = claim;
    const signer = this.#signer(signatories, department, certificate);
    if ("said" in signer) return signer;
    if (signer.notAfter < at) return bad(`the certificate of ${signer.officer} had expired`);
    if (officer !== undefined && signer.officer !== officer) return bad(`${signer.officer} is not ${officer}`);
    if (!signer.roles.includes(role)) return bad(`${signer.officer} of ${department} has no role ${role}`);
    const der = readSignature(signature);
    const other = signer.other;
    return signer.key === undefined || der === undefined ? other : { key: signer.key, signed, signature: der, other };
  }

  /** Whose a certificate is; or why nobody's. */
  #signer(signatories: Signatories, department: string, certificate: Digest): Signer | Because {
    const known = this.#signers.get(signatories) ?? new Map<string, Signer | Because>();
    this.#signers.set(signatories, known);
    const name = `${department} ${certificate}`;
    const remembered = known.get(name);
    if (remembered !== undefined) return remembered;
    const pem = this.#parts.certificates.find(certificate);
    if (pem === undefined) return { code: "BAD_SIGNATURE", said: NOT_THERE };
    if (known.size >= MAX_SIGNERS) known.clear();
    const made = readSigner(signatories, department, pem);
    known.set(name, made);
    return made;
  }
}

/** A record as it was read from its entry. */
export interface GivenRecord {
  readonly entry: Uint8Array;
  readonly signed: SignedRecord;
}

export interface OpenClaim extends SignatureClaim {
  /** What is said if it does not hold. */
  readonly other: Because;
}

/** A claim among those that are verified together, or why it cannot hold. */
type Noted = Because | { readonly place: number; readonly other: Because };

function note(claim: OpenClaim | Because, claims: SignatureClaim[]): Noted {
  return "said" in claim ? claim : { place: claims.push(claim) - 1, other: claim.other };
}

function whyNot(noted: Noted, verdicts: readonly boolean[]): Because | undefined {
  if ("said" in noted) return noted;
  return verdicts[noted.place] === true ? undefined : noted.other;
}

function judgedOf(
  record: AccessRecord,
  byOfficer: Because | undefined,
  byNode: OpenClaim | Because,
  unfounded: readonly FindingFacts[],
): JudgedRecord {
  const { kind, request, checked } = record;
  const { provider, consumer } = request;
  const { height, time } = checked;
  const [owed, notByNode] = "said" in byNode ? [undefined, byNode] : [byNode, undefined];
  const forged = byOfficer === undefined && notByNode === undefined ? NOTHING : forgeries(record, byOfficer, notByNode);
  const settled = byOfficer?.said !== NOT_THERE && notByNode?.said !== NOT_THERE;
  const [opening, reason] = [openingOf(record), reasonOf(record)];
  // One literal: of millions, whatever is spread together takes five times as long to make.
  return { provider, consumer, kind, opening, reason, height, time, forged, owed, unfounded, settled };
}

const NOTHING: readonly FindingFacts[] = [];

function forgeries(
  { request: { consumer, provider } }: AccessRecord,
  byOfficer: Because | undefined,
  byNode: Because | undefined,
): readonly FindingFacts[] {
  const forged: FindingFacts[] = [];
  if (byOfficer !== undefined) forged.push({ kind: "REQUEST_FORGED", consumer, because: byOfficer });
  if (byNode !== undefined) forged.push({ kind: "RECORD_FORGED", provider, because: byNode });
  return forged;
}

interface Signer {
  readonly officer: string;
  readonly roles: readonly string[];
  readonly notAfter: Date;
  /** What is said of a signature that is not the certificate's. */
  readonly other: Because;
  /** Undefined: of a kind that no signature can be right with. */
  readonly key: SignatureKey | undefined;
}

function readSigner(signatories: Signatories, department: string, pem: string): Signer | Because {
  try {
    const { officer, roles, certificate, identity } = signatories.signatory(department, pem);
    const other = bad(`the signature is not that of ${officer} of ${department}`);
    return { officer, roles, notAfter: certificate.notAfter, other, key: identity.signatureKey };
  } catch (error) {
    if (error instanceof LedgerError) return { code: error.code, said: error.message };
    throw error;
  }
}

interface Claim {
  readonly department: string;
  readonly certificate: Digest;
  readonly role: "user" | "node";
  /** Undefined: whoever has the role. */
  readonly officer: string | undefined;
  readonly signed: readonly Uint8Array[];
  readonly signature: string;
}

/** An opening let data out, however it ended. */
function isServed({ kind, result }: AccessRecord): boolean {
  return result === "served" || (kind === "opening" && result === "opened");
}

const BEFORE_RECORD = Buffer.byteLength('{"record":');
const BEHIND_RECORD = Buffer.byteLength(',"signature":""}');
const RECORD_PREFIX = statementPrefix("access-record");

/** The record's canonical JSON stands in its entry's as it is: `{"record":…,"signature":"…"}`. */
function recordIn(entry: Uint8Array, { signature }: SignedRecord): readonly Uint8Array[] {
  const end = entry.length - BEHIND_RECORD - signature.length;
  return [RECORD_PREFIX, entry.subarray(BEFORE_RECORD, end)];
}

const BEFORE_REQUEST = Buffer.from(',"request":');
const BEHIND_REQUEST = Buffer.from(',"requestSignature":"');
const REQUEST_PREFIX = statementPrefix("access-request");

/**
 * So does the request's in the record's, between members whose names nothing before and in it has. Within texts their
 * quotation marks are written otherwise, so that no text can pass for them.
 */
function requestIn(entry: Uint8Array): readonly Uint8Array[] {
  const bytes = Buffer.from(entry.buffer, entry.byteOffset, entry.length);
  const start = bytes.indexOf(BEFORE_REQUEST) + BEFORE_REQUEST.length;
  return [REQUEST_PREFIX, bytes.subarray(start, bytes.indexOf(BEHIND_REQUEST, start))];
}

function bad(said: string): Because {
  return { code: "BAD_SIGNATURE", said };
}
