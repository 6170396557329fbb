import type { EarlyWarning } from "./early-warning.js";
import type { DatasetId, Day, Digest, Instant, MspId, OfficerNumber, TransactionId } from "./identifiers.js";
import type { CaseRef, CaseState } from "./kernel/act.js";
import type { DueDate } from "./kernel/description.js";
import type { Role } from "./roles.js";
import type { AnnouncedYear } from "./time/working-days.js";

/** The rules that apply at an instant, with what never changes on a channel. */
export interface PolicyRead {
  readonly bureau: MspId;
  readonly founders: readonly MspId[];
  readonly demo: boolean;
  readonly opened: Instant;
  readonly calendar: readonly AnnouncedYear[];
  /** Since when, and by which act of the policy case. */
  readonly from: Instant;
  readonly act: number;
  readonly profile: string;
  /** The version of the rules. */
  readonly model: number;
  readonly purposes: readonly string[];
  readonly deadlines: readonly { readonly kind: string; readonly workingDays: number }[];
  readonly emergency: { readonly maxCalendarDays: number };
  readonly laterNotices: string;
  /** k, or a majority of the members. */
  readonly endorsers: "majority" | number;
  /** From when on use is unusual, where it says so. */
  readonly earlyWarning?: EarlyWarning | undefined;
  /** What it asks of consumers' countersignatures, where it does. */
  readonly countersigning?: { readonly withinMinutes: number; readonly atMost: number } | undefined;
}

/** How often a grant can be used. */
export interface Frequency {
  readonly calls: number;
  readonly per: "day" | "month" | "total";
}

/** What was granted. */
export interface GrantRead {
  readonly fields: string[];
  readonly from: Instant;
  readonly to: Instant;
  readonly frequency: Frequency;
  /** Which fields are shown otherwise than as they are; one that is not named is shown whole. */
  readonly masks?: readonly MaskRead[] | undefined;
  /** Which rows are shown: those for which all of these hold; absent: all rows. */
  readonly filters?: readonly RowFilterRead[] | undefined;
  /** 整类授权: the provider's other datasets that it covers. */
  readonly ofClass?: ClassRead | undefined;
}

/**
 * 脱敏: how a field is shown. `whole`: as it is; `partial`: partly hidden; `coarse`: by the class that it falls into;
 * `pseudonym`: by a keyed pseudonym of consumer and purpose.
 */
export const MASK_WAYS = ["whole", "partial", "coarse", "pseudonym"] as const;
export type MaskWay = (typeof MASK_WAYS)[number];

export interface MaskRead {
  readonly field: string;
  readonly way: MaskWay;
}

/**
 * 行过滤: a row is shown if its value of the field is one of `among`, or lies from `least` to `most`, both included.
 * Compared as texts, by their UTF-16 code units, by which 9 comes after 10; or as decimal numbers, of which a value that is
 * none is never one.
 */
export interface RowFilterRead {
  readonly field: string;
  readonly compares?: "texts" | "numbers" | undefined;
  readonly among?: readonly string[] | undefined;
  readonly least?: string | undefined;
  readonly most?: string | undefined;
}

/** Datasets by where the catalogue has them: below a category, up to a grade. */
export interface ClassRead {
  readonly category: readonly string[];
  readonly maxGrade: number;
  /** Whether what came into the class after the grant is covered too. */
  readonly later: "included" | "excluded";
  /** Of those datasets: the fields with the names that were granted, or all. */
  readonly extent: "namedFields" | "allFields";
}

/** What an application asks for, and what was granted of it. */
export interface ApplicationRead {
  readonly status: string;
  readonly provider: MspId;
  readonly consumer: MspId;
  readonly dataset: DatasetId;
  readonly purpose: string;
  readonly scenario: string;
  readonly wish: { readonly fields: string[] };
  readonly grant?: GrantRead | undefined;
  readonly principal?: MspId | undefined;
  readonly mandate?: TransactionId | undefined;
}

/** An auditor's reach, or that of whoever acts in another's stead. */
export interface MandateRead {
  /** An auditor's; otherwise a proxy's. */
  readonly isAudit: boolean;
  readonly principal: MspId;
  readonly department: MspId;
  readonly officer?: OfficerNumber | undefined;
  /** Departments whose data it covers, beside datasets that it names. */
  readonly departments: readonly MspId[];
  holds(at: Instant): boolean;
  covers(dataset: DatasetId): boolean;
}

/** A tree over the ledger's blocks. */
export interface AnchoredTree {
  readonly blocks: number;
  readonly root: Digest;
}

/** A department's log, as its last anchor left it. */
export interface LogRead {
  /** `name+id+key` (C2SP signed notes). */
  readonly key: string;
  readonly size: number;
  readonly root: Digest;
  readonly anchors: number;
  /** Logs that could not go on and ended with their last anchor, and the records anchored in them. */
  readonly former?: { readonly logs: number; readonly records: number } | undefined;
  readonly anchored?: Instant | undefined;
  readonly ledger?: AnchoredTree | undefined;
}

/** What an anchor says: a signed checkpoint of the log, and the ledger tree. */
export interface AnchorRead {
  readonly checkpoint: string;
  readonly ledger: AnchoredTree;
}

/** What members vote on, and who has voted how. */
export interface MotionRead {
  /** The number of the act that made it. */
  readonly number: number;
  readonly kind: string;
  readonly subject: MspId;
  readonly mover: MspId;
  readonly moved: Instant;
  readonly inFavour: readonly MspId[];
  readonly against: readonly MspId[];
}

/** What a release registered. */
export interface ReleaseRead {
  readonly dataset: DatasetId;
  readonly provider: MspId;
  readonly fields: readonly string[];
  readonly rows: number;
  readonly rowRoot: Digest;
}

/** What is, or was, done with data, and under which grant. */
export interface Use {
  readonly consumer: MspId;
  readonly provider: MspId;
  readonly dataset: DatasetId;
  readonly release: TransactionId;
  readonly fields: readonly string[];
  readonly purpose: string;
  readonly scenario: string;
  /** 调用方式: a comparison serves verification alone. */
  readonly way: string;
  /** 平台运营企业 that works for the consumer: its code or its name. */
  readonly operator?: string;
  /** The consumer's officer or machine that asks. */
  readonly officer?: OfficerNumber;
  /** Of a derived right: in whose stead, by which mandate. */
  readonly principal?: MspId;
  readonly mandate?: TransactionId;
}

/** The cases that decide on a use, as they stood at that place of the ledger; undefined: there was no such case. */
export interface UseCases {
  readonly application: CaseState | undefined;
  readonly release: CaseState | undefined;
  /** The consumer's membership. */
  readonly member: CaseState | undefined;
  /** The one that the use cites; undefined where it cites none. */
  readonly mandate: CaseState | undefined;
  /** The catalogue's entry of the dataset, where the grant names another: then it can cover it by its class. */
  readonly dataset: CaseState | undefined;
}

/** When it is asked, by the ledger's time; and how often the grant was used before, in the period of its quota. */
export interface UseMoment {
  readonly time: Instant;
  /** Left out by whoever cannot count: then the quota is not looked at. */
  readonly calls?: number;
}

/** Why a grant does not cover a use. Stable, whatever version says it: in the record, in the answer, on the page. */
export const GRANT_REFUSALS = [
  "UNKNOWN_GRANT",
  "GRANT_NOT_GIVEN",
  "GRANT_SUSPENDED",
  "GRANT_REVOKED",
  "GRANT_NOT_YET",
  "GRANT_EXPIRED",
  "WRONG_CONSUMER",
  "WRONG_PROVIDER",
  "WRONG_DATASET",
  "OUTSIDE_CLASS",
  "UNKNOWN_RELEASE",
  "RELEASE_WITHDRAWN",
  "FIELD_NOT_GRANTED",
  "WRONG_PURPOSE",
  "WRONG_SCENARIO",
  "COMPARISON_ONLY",
  "SHOWN_IN_PART",
  "QUOTA_EXCEEDED",
  "WRONG_MANDATE",
  "MANDATE_ENDED",
  "NOT_A_MEMBER",
  "OPERATOR_NOT_ENGAGED",
  "OPERATOR_NOT_NAMED",
  "OPERATOR_OUT_OF_SCOPE",
  "OPERATOR_RESTRAINED",
  "OFFICER_RESTRAINED",
] as const;
export type GrantRefusal = (typeof GRANT_REFUSALS)[number];

/** Who asks for the report of an assessment, and for what kind of report. */
export interface ReportReader {
  readonly department: MspId;
  readonly isBureau: boolean;
  /** The department's own on the dataset, or on classes of its provider's. */
  readonly applications: readonly CaseState[];
  /** The dataset as the catalogue has it. */
  readonly entry: CaseState | undefined;
  /** Whether the report shows rows of the data that fail. */
  readonly showsRows: boolean;
  readonly time: Instant;
}

/** That a department stated a month of its use. */
export interface UsageStatement {
  readonly department: MspId;
  /** `2026-10`. */
  readonly month: string;
  /** Of the act, by its own version. */
  readonly body: unknown;
}

/** Served accesses and rows, as one side has them. */
export interface UsageFigures {
  readonly served: number;
  readonly rows: number;
}

/** Figures of the same use that its two sides state differently. */
export interface UsageDifference {
  readonly month: string;
  readonly dataset: DatasetId;
  readonly provider: MspId;
  readonly consumer: MspId;
  readonly call: string;
  readonly purpose: string;
  readonly scenario: string;
  readonly provided: UsageFigures;
  readonly used: UsageFigures;
}

/** What departments state of one use of a month. No record of anybody's is in it. */
export interface UsageTotal {
  readonly month: string;
  readonly dataset: DatasetId;
  readonly provider: MspId;
  readonly consumer: MspId;
  readonly call: string;
  readonly purpose: string;
  readonly scenario: string;
  readonly served: number;
  /** Refused, failed or broken off, as the provider says; the consumer, where the provider says nothing. */
  readonly refused: number;
  readonly rows: number;
  /** Of those served, how many the other side does not state alike, or has not stated yet. */
  readonly unconfirmed: number;
}

/** An act that counted, with its time. */
export interface CountedAct extends CaseRef {
  readonly type: string;
  readonly time: Instant;
  readonly body: unknown;
  readonly state: CaseState;
}

/** Whole days in China Standard Time, both included. */
export interface Period {
  readonly from: Day;
  readonly to: Day;
}

/** For each indicator in its order: how many of how many. */
export interface DepartmentFigures {
  readonly department: MspId;
  readonly met: number[];
  readonly total: number[];
}

/** A date that had passed at the period's end without what was due. */
export interface OverdueDate extends CaseRef {
  readonly department: MspId;
  readonly kind: string;
  readonly due: Instant;
}

/** What a period comes to by the ledger alone. */
export interface Evaluation extends Period {
  /** The version of the indicators. */
  readonly indicators: 1;
  readonly figures: DepartmentFigures[];
  readonly overdue: OverdueDate[];
}

/** Takes the acts that count, each case's in their order, and says what a period comes to by them. */
export interface Evaluator {
  /** Acts after the period's last day change nothing. */
  take(act: CountedAct): void;
  /** Undefined before there is a policy. */
  result(): Evaluation | undefined;
}

/** How evaluations are made and compared. */
export interface EvaluationReading {
  /** The indicators' names, in their order. */
  readonly indicators: readonly string[];
  /** Begins one of a period. */
  of(period: Period): Evaluator;
  /** What an act that publishes it says. */
  published(evaluation: Evaluation): Readonly<Record<string, unknown>>;
  /** The digest under which it would stand on the ledger. */
  digest(evaluation: Evaluation): Digest;
}

/** Of a date that is counted in working days: what the calendar moves. */
export type CountedDate = Omit<DueDate, "kind"> & { readonly workingDays: number };

/**
 * How a version's states are read by whoever acts on the ledger without judging it: nodes, auditors, verifiers, pages.
 * The version in force at the place that is spoken of reads all states as they stood there, whichever version made
 * them; an act's body is read by the version that the act names (docs/decisions/105-how-states-are-read.md).
 */
export interface Reading {
  /** Nodes tick the clock once it is this old. */
  readonly tickSeconds: number;
  /** Kinds of dates that the bureau has to keep, whoever it is by then. */
  readonly owedByBureau: readonly string[];
  policy(policy: CaseState, time?: Instant): PolicyRead;
  /** k: how many departments have to endorse a transaction, for a number of active members. */
  requiredEndorsers(policy: Pick<PolicyRead, "endorsers">, activeMembers: number): number;
  /** Who belongs to the consortium. @param consortium undefined before its first act */
  roster(consortium: CaseState | undefined, policy: CaseState): readonly MspId[];
  /** The consortium's motions, as its last act left them. */
  motions(consortium: CaseState): MotionRead[];
  /** A date that somebody has to keep, by the calendar as it is. @param policy undefined before there is one */
  dateNow<D extends CountedDate>(date: D, policy: CaseState | undefined): D;
  application(application: CaseState): ApplicationRead;
  /** Whether access is allowed at an instant, as far as the grant goes. */
  grantHolds(application: CaseState, at: Instant): boolean;
  /** Whether a dataset is in the class that a grant covers beside the dataset that it names, where the version knows it. */
  coversClass?(application: CaseState, dataset: CaseState | undefined): boolean;
  /** From when on calls count against a grant's quota, at an instant. */
  quotaStart(grant: Pick<GrantRead, "frequency" | "from">, at: Instant): Instant;
  /** Whether somebody with these roles may ask for data under the department's grants. */
  mayUse(roles: readonly Role[]): boolean;
  /** The one rule of what a grant covers. Undefined: it covers the use. */
  refusalOfUse(use: Use, cases: UseCases, moment: UseMoment): GrantRefusal | undefined;
  /** The release that an objection is open on, whose data carries its label; undefined where it is open no more. */
  openOn(objection: CaseState): TransactionId | undefined;
  mandate(mandate: CaseState): MandateRead;
  log(log: CaseState): LogRead;
  /** @param body of an act that anchors, by its own version */
  anchor(body: unknown): AnchorRead;
  release(release: CaseState): ReleaseRead;
  /** Whether a department may be handed the report of an assessment; never where the version has none. */
  mayHaveReport(assessment: CaseState, reader: ReportReader): boolean;
  /** `host:port` at which a member's exchange is reached; undefined where it does not say so on the ledger. */
  exchangeAddress(member: CaseState): string | undefined;
  /** Whether a company's work ended to which the officer belongs, where the version knows who belongs to one. */
  isDismissed?(member: CaseState, officer: OfficerNumber, at: Instant): boolean;
  /** What is stated of use, where the version knows it: where provider and consumer differ. */
  usageDifferences?(statements: readonly UsageStatement[]): UsageDifference[];
  /** What the city's departments state of their use, each use once, where the version knows it. */
  usageTotals?(statements: readonly UsageStatement[]): UsageTotal[];
  /** Where the version knows evaluations. */
  readonly evaluations?: EvaluationReading;
  /** @param body of the act that registered a release, by its own version */
  fieldDigests(body: unknown): readonly { readonly name: string; readonly digest: Digest }[];
}
