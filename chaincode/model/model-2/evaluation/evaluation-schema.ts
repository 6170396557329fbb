import { type Static, Type } from "typebox";
import { Day, Digest, Instant, MspId } from "../../identifiers.js";
import { closed, count } from "../../kernel/schema.js";
import { Text } from "../../model-1/limits.js";
import { MAX_MEMBERS } from "../../model-1/policy/policy-schema.js";
import { INDICATORS } from "./indicators.js";

const Indicator = Type.Enum([...INDICATORS]);
const perIndicator = Type.Array(count(), { minItems: INDICATORS.length, maxItems: INDICATORS.length });

/** 评价: of each department, for each indicator in its order, how many of how many. */
const figures = Type.Array(closed({ department: MspId, met: perIndicator, total: perIndicator }), {
  minItems: 1,
  maxItems: MAX_MEMBERS,
});

export const PublishEvaluation = closed({
  from: Day,
  to: Day,
  /** The version of the indicators. */
  indicators: Type.Literal(1),
  figures,
  /** Dates that had passed at the period's end without what was due: which they are, every node lists. */
  overdue: count(),
});
export type PublishEvaluation = Static<typeof PublishEvaluation>;

export const ConfirmEvaluation = closed({ digest: Digest });
/** With one figure as the department's node has it. */
export const ContestEvaluation = closed({
  digest: Digest,
  department: Type.Optional(MspId),
  indicator: Type.Optional(Indicator),
  met: Type.Optional(count()),
  total: Type.Optional(count()),
  reasons: Type.Optional(Text),
});
export const WithdrawEvaluation = closed({ reasons: Text });

export const EvaluationState = closed({
  status: Type.Enum(["published", "withdrawn"]),
  author: MspId,
  from: Day,
  to: Day,
  published: Instant,
  /** SHA-256 of what was published, as canonical JSON. */
  digest: Digest,
  confirmedBy: Type.Array(MspId, { maxItems: MAX_MEMBERS }),
  contestedBy: Type.Array(MspId, { maxItems: MAX_MEMBERS }),
});
export type EvaluationState = Static<typeof EvaluationState>;
