import { type Static, Type } from "typebox";
import { Day, Instant, LegalBasisId, MspId } from "../../identifiers.js";
import { Calendar } from "../../time/working-days.js";
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

/** A figure, and the article of the rule it is taken from. */
export const DeadlineRule = closed({
  kind: Type.Unsafe<DeadlineKind>(Type.Enum([...DEADLINE_KINDS])),
  workingDays: Type.Integer({ minimum: 1, maximum: 250 }),
  article: text(MAX_SENTENCE),
});
export type DeadlineRule = Static<typeof DeadlineRule>;

/** An entry of the register of legal bases: what a share class or a refusal may rest on. */
export const LegalBasis = closed({ id: LegalBasisId, title: text(MAX_NAME), article: text(MAX_SENTENCE) });
export type LegalBasis = Static<typeof LegalBasis>;

const rules = {
  profile: text(64),
  /** The version of this model that judges acts while the policy is in force. */
  model: Type.Integer({ minimum: 1, maximum: 1000 }),
  /** k: how many departments have to endorse. */
  endorsers: Type.Union([Type.Literal("majority"), Type.Integer({ minimum: 1, maximum: MAX_ENDORSERS })]),
  deadlines: Type.Array(DeadlineRule, { maxItems: DEADLINE_KINDS.length }),
  /** 核查延期: working days a verification may be extended by, once, with reasons; absent: not at all. */
  verificationExtension: Type.Optional(
    closed({ workingDays: Type.Integer({ minimum: 1, maximum: 60 }), article: text(MAX_SENTENCE) }),
  ),
  emergency: closed({ maxCalendarDays: Type.Integer({ minimum: 1, maximum: 90 }), article: text(MAX_SENTENCE) }),
  purposes: Type.Array(Purpose, { minItems: 1, maxItems: PURPOSES.length, uniqueItems: true }),
  legalBases: Type.Array(LegalBasis, { maxItems: 100 }),
  /** What every dataset has to reach, whatever its own standard says; indicators are measured against it. */
  qualityThresholds: Type.Optional(
    Type.Array(closed({ dimension: QualityDimension, atLeast: Ratio }), { maxItems: QUALITY_DIMENSIONS.length }),
  ),
  calendar: Calendar,
};

/** What the bureau decides, whole: a later policy replaces all of it. */
export const PolicyRules = closed(rules);
export type PolicyRules = Static<typeof PolicyRules>;

/** Policy 1 opens the channel; an endorser accepts it only if it equals its own configuration. */
export const OpenPolicy = closed({
  ...rules,
  bureau: MspId,
  founders: Type.Array(MspId, { minItems: 1, maxItems: MAX_MEMBERS, uniqueItems: true }),
  /** A channel whose clock may be advanced at will, for stories and tests; every page says so. */
  demo: Type.Boolean(),
  opened: Instant,
});
export type OpenPolicy = Static<typeof OpenPolicy>;

export const AmendPolicy = closed({ ...rules, from: Day });
export type AmendPolicy = Static<typeof AmendPolicy>;

/** A policy in force now or from a later day. */
const DatedPolicy = closed({ from: Instant, act: Type.Integer({ minimum: 1 }), rules: PolicyRules });

/** What is in force now, and at most this many decided for later; each holds the calendar, and all have to fit. */
export const MAX_PENDING_POLICIES = 2;

export const PolicyState = closed({
  status: Type.Literal("inForce"),
  bureau: MspId,
  founders: Type.Array(MspId),
  demo: Type.Boolean(),
  opened: Instant,
  versions: Type.Array(DatedPolicy, { minItems: 1, maxItems: 1 + MAX_PENDING_POLICIES }),
});
export type PolicyState = Static<typeof PolicyState>;
