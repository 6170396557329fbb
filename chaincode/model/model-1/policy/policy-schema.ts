import { type Static, Type } from "typebox";
import { Day, Instant, LegalBasisId, MspId } from "../../identifiers.js";
import { AnnouncedYear, yearOfWork } from "../../time/working-days.js";
import { DEADLINE_KINDS, type DeadlineKind } from "../deadlines.js";
import { closed, MAX_NAME, MAX_SENTENCE, text } from "../limits.js";
import { QUALITY_DIMENSIONS, QualityDimension, Ratio } from "../quality.js";

/** 用途: 信息核验, 信息查询, 数据分析, 业务协同. */
export const PURPOSES = ["verification", "lookup", "analysis", "collaboration"] as const;
export const Purpose = Type.Enum([...PURPOSES]);
export type Purpose = (typeof PURPOSES)[number];

/** A consortium of a city's and its counties' departments. */
export const MAX_MEMBERS = 200;
/** Endorsements are checked one by one on every node (k is at most 5 unless the policy says otherwise). */
const MAX_ENDORSERS = 20;

/** Entries of the register of legal bases. */
const MAX_LEGAL_BASES = 100;

const deadlineKind = Type.Unsafe<DeadlineKind>(Type.Enum([...DEADLINE_KINDS]));
const workingDaysOfRule = Type.Integer({ minimum: 1, maximum: 250 });

/** A figure, and the article of the rule it is taken from. */
export const DeadlineRule = closed({ kind: deadlineKind, workingDays: workingDaysOfRule, article: text(MAX_SENTENCE) });
export type DeadlineRule = Static<typeof DeadlineRule>;

/** An entry of the register of legal bases: what a share class or a refusal may rest on. */
export const LegalBasis = closed({ id: LegalBasisId, title: text(MAX_NAME), article: text(MAX_SENTENCE) });
export type LegalBasis = Static<typeof LegalBasis>;

/** Bytes of a policy's rules as JSON: with two more pending, and the calendar, an amendment of it still fits in an act. */
export const MAX_RULES_BYTES = 24 * 1024;

/** What of a policy rules read; the articles beside it stay in the act's body. */
const readByRules = {
  profile: text(64),
  /** The version of this model that judges acts while the policy is in force. */
  model: Type.Integer({ minimum: 1, maximum: 1000 }),
  /** k: how many departments have to endorse. */
  endorsers: Type.Union([Type.Literal("majority"), Type.Integer({ minimum: 1, maximum: MAX_ENDORSERS })]),
  purposes: Type.Array(Purpose, { minItems: 1, maxItems: PURPOSES.length, uniqueItems: true }),
  /** What every dataset has to reach, whatever its own standard says; indicators are measured against it. */
  qualityThresholds: Type.Optional(
    Type.Array(closed({ dimension: QualityDimension, atLeast: Ratio }), { maxItems: QUALITY_DIMENSIONS.length }),
  ),
  /**
   * 回签: providers refuse a consumer while more than `atMost` records that are older than `withinMinutes`, by the
   * ledger's time, lack its countersignature; absent: they only say so.
   */
  countersigning: Type.Optional(
    closed({
      withinMinutes: Type.Integer({ minimum: 10, maximum: 10_080 }),
      atMost: Type.Integer({ minimum: 0, maximum: 10_000 }),
    }),
  ),
  /** Whether a later notice on days that a running deadline counts moves its date, or the date stands. */
  laterNotices: Type.Enum(["recompute", "stand"]),
};

const extensionDays = Type.Integer({ minimum: 1, maximum: 60 });
const emergencyDays = Type.Integer({ minimum: 1, maximum: 90 });
const article = text(MAX_SENTENCE);

const rules = {
  ...readByRules,
  deadlines: Type.Array(DeadlineRule, { maxItems: DEADLINE_KINDS.length }),
  /** 核查延期: working days a verification may be extended by, once, with reasons; absent: not at all. */
  verificationExtension: Type.Optional(closed({ workingDays: extensionDays, article })),
  emergency: closed({ maxCalendarDays: emergencyDays, article }),
  legalBases: Type.Array(LegalBasis, { maxItems: MAX_LEGAL_BASES }),
};

/** What the bureau decides, whole: a later policy replaces all of it. The calendar is announced year by year instead. */
export const PolicyRules = closed(rules);
export type PolicyRules = Static<typeof PolicyRules>;

/** 公布工作日历: what a notice of the State Council says of a year; at once in force. */
export const AnnounceYear = closed({ ...yearOfWork, notice: text(MAX_SENTENCE) });
export type AnnounceYear = Static<typeof AnnounceYear>;

/** Policy 1 opens the channel; an endorser accepts it only if it equals its own configuration. */
export const OpenPolicy = closed({
  ...rules,
  /** The year that the channel is opened in, and the next if that is announced already. */
  calendar: Type.Array(AnnounceYear, { minItems: 1, maxItems: 2 }),
  bureau: MspId,
  founders: Type.Array(MspId, { minItems: 1, maxItems: MAX_MEMBERS, uniqueItems: true }),
  /** A channel whose clock may be advanced at will, for stories and tests; every page says so. */
  demo: Type.Boolean(),
  opened: Instant,
});
export type OpenPolicy = Static<typeof OpenPolicy>;

export const AmendPolicy = closed({ ...rules, from: Day });
export type AmendPolicy = Static<typeof AmendPolicy>;

/** 移交牵头部门: whom the bureau offers its role; itself to take an offer back. */
export const HandOverBureau = closed({ department: MspId });
export const TakeOverBureau = closed({});

const RulesInForce = closed({
  ...readByRules,
  deadlines: Type.Array(closed({ kind: deadlineKind, workingDays: workingDaysOfRule }), {
    maxItems: DEADLINE_KINDS.length,
  }),
  verificationExtension: Type.Optional(closed({ workingDays: extensionDays })),
  emergency: closed({ maxCalendarDays: emergencyDays }),
  legalBases: Type.Array(LegalBasisId, { maxItems: MAX_LEGAL_BASES }),
});
export type RulesInForce = Static<typeof RulesInForce>;

/** The rules without their articles. */
export function withoutArticles(rules: PolicyRules): RulesInForce {
  const { verificationExtension: extension } = rules;
  return {
    ...rules,
    deadlines: rules.deadlines.map(({ kind, workingDays }) => ({ kind, workingDays })),
    ...(extension === undefined ? {} : { verificationExtension: { workingDays: extension.workingDays } }),
    emergency: { maxCalendarDays: rules.emergency.maxCalendarDays },
    legalBases: rules.legalBases.map(({ id }) => id),
  };
}

/** A policy in force now or from a later day, and the act whose body it is. */
const DatedPolicy = closed({ from: Instant, act: Type.Integer({ minimum: 1 }), rules: RulesInForce });

/** What is in force now, and at most this many decided for later; all have to fit. */
export const MAX_PENDING_POLICIES = 2;
/** Notices on one year: the first, and changes of it. */
export const MAX_NOTICES = 3;
/** Years that the ledger keeps before the last one: no open deadline can still count days of an earlier one. */
export const YEARS_KEPT = 3;

export const PolicyState = closed({
  status: Type.Literal("inForce"),
  bureau: MspId,
  /** Whom the bureau has offered its role, when, and the motion that had admitted it lately: who is admitted again is another. */
  offered: Type.Optional(
    closed({ department: MspId, at: Instant, admittedBy: Type.Optional(Type.Integer({ minimum: 1 })) }),
  ),
  /** The consortium's motion that this bureau took over by, if one did: it counts once. */
  entrusted: Type.Optional(Type.Integer({ minimum: 1 })),
  founders: Type.Array(MspId, { maxItems: MAX_MEMBERS }),
  demo: Type.Boolean(),
  opened: Instant,
  /** By year, then by notice. The years follow each other without a gap. */
  calendar: Type.Array(AnnouncedYear, { minItems: 1, maxItems: (1 + YEARS_KEPT) * MAX_NOTICES }),
  versions: Type.Array(DatedPolicy, { minItems: 1, maxItems: 1 + MAX_PENDING_POLICIES }),
});
export type PolicyState = Static<typeof PolicyState>;
