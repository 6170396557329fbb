import { type Static, Type } from "typebox";
import { DatasetId, Digest, MspId, OfficerNumber, TransactionId } from "../../identifiers.js";
import { closed, count, text } from "../../kernel/schema.js";
import { MAX_NAME, Text } from "../../model-1/limits.js";
import { QUALITY_DIMENSIONS, QualityDimension, Ratio } from "../../model-1/quality.js";

/** Rules of one set. */
const MAX_RULES = 1000;
const rulesCount = count(MAX_RULES);

/** 规则集: the file of rules by its id and revision, and the digest of what it says. */
const RuleSet = closed({
  id: text(MAX_NAME),
  revision: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  digest: Digest,
});

/** What became of the rules: `errors` of the `failed` ones are of severity error. By no rule nothing is checked. */
const Outcomes = closed({
  rules: Type.Integer({ minimum: 1, maximum: MAX_RULES }),
  failed: rulesCount,
  errors: rulesCount,
});

const Scores = Type.Array(closed({ dimension: QualityDimension, ratio: Ratio }), {
  maxItems: QUALITY_DIMENSIONS.length,
});

/** What was looked at, by which rules, and what was found; the report itself stays with its author. */
const found = {
  dataset: DatasetId,
  /** The root over the data's field digests, as a release registers it. */
  root: Digest,
  rows: count(),
  rules: RuleSet,
  /** Of the report as canonical JSON: whoever has the same data, rules and engine gets the same. */
  report: Digest,
  engine: text(MAX_NAME),
  outcomes: Outcomes,
  scores: Scores,
  /** Weighted over all rules; absent where no rule had anything to look at. */
  total: Type.Optional(Ratio),
};

export const ASSESSMENT_KINDS = ["selfCheck", "acceptance"] as const;

export const StateAssessment = closed({
  /** 自查: by the provider, before a release or of one. 验收: by a consumer, of a release that it was granted. */
  kind: Type.Enum([...ASSESSMENT_KINDS]),
  ...found,
  release: Type.Optional(TransactionId),
  /** The grant under which a consumer got the data. */
  grant: Type.Optional(TransactionId),
  /** 不足说明: what falls short, and why it is released all the same. */
  shortfall: Type.Optional(Text),
});
export type StateAssessment = Static<typeof StateAssessment>;

export const WithdrawAssessment = closed({ reasons: Text });

export const AssessmentState = closed({
  status: Type.Enum(["stated", "withdrawn"]),
  kind: Type.Enum([...ASSESSMENT_KINDS]),
  dataset: DatasetId,
  provider: MspId,
  /** The department that states it. */
  author: MspId,
  officer: OfficerNumber,
  root: Digest,
  release: Type.Optional(TransactionId),
  /** No rule of severity error failed. */
  passed: Type.Boolean(),
  /** It says what falls short. */
  explained: Type.Boolean(),
  total: Type.Optional(Ratio),
});
export type AssessmentState = Static<typeof AssessmentState>;
