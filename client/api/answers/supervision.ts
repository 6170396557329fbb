import { Type } from "typebox";
import { answer, Count, Digest, Instant } from "./answer.js";

const Period = {
  from: Type.String({ description: "First day, included." }),
  to: Type.String({ description: "Last day, included." }),
};
const Pair = Type.Array(Count, { minItems: 2, maxItems: 2, description: "How many of how many." });
const counted = {
  indicator: Type.String(),
  met: Type.Integer({ minimum: 0, description: "How many of them were in time." }),
  total: Type.Integer({ minimum: 0, description: "How many there were." }),
};

const Figure = answer("Figure", { department: Type.String(), ...counted });
const CityFigure = answer("CityFigure", counted);

const OverdueOfPeriod = answer("OverdueOfPeriod", {
  noun: Type.String(),
  case: Type.String(),
  department: Type.String(),
  kind: Type.String(),
  due: Instant,
});

const FigureDifference = answer("FigureDifference", {
  department: Type.String(),
  indicator: Type.String(),
  published: Type.Optional(Pair),
  computed: Type.Optional(Pair),
});

const WordOnFigures = answer("WordOnFigures", {
  department: Type.String(),
  said: Type.Unsafe<"confirmed" | "contested" | "nothing">(
    Type.Enum(["confirmed", "contested", "nothing"], { description: "What its last word was." }),
  ),
  time: Type.Optional(Instant),
  digest: Type.Optional(Type.String({ description: "Under which it computes the figures." })),
  figure: Type.Optional(
    Type.Partial(Type.Object({ department: Type.String(), ...counted }), { description: "The figure that it names." }),
  ),
});

const Publication = answer("Publication", {
  case: Type.String(),
  status: Type.String(),
  time: Instant,
  digest: Digest,
  same: Type.Boolean({ description: "Whether it is what this node computes." }),
  overdue: Type.Integer({ minimum: 0, description: "How many it says are overdue." }),
  differences: Type.Array(FigureDifference, { description: "Figures that this node computes otherwise." }),
  words: Type.Array(WordOnFigures, { description: "What each department says of it." }),
});

/** What a period comes to, of the city or a department. */
export const SupervisionReport = answer("SupervisionReport", {
  ...Period,
  department: Type.Optional(Type.String({ description: "Absent: the city's report." })),
  departments: Type.Array(Type.Object({ department: Type.String(), name: Type.String() }), {
    description: "In the order of the figures.",
  }),
  indicators: Type.Array(Type.String(), { description: "In their order." }),
  digest: Digest,
  figures: Type.Array(Figure, { description: "By department and indicator." }),
  city: Type.Array(CityFigure, { description: "Of all departments together." }),
  overdue: Type.Array(OverdueOfPeriod, { description: "What had passed at the period's end without what was due." }),
  publications: Type.Array(Publication, { description: "What was published of this very period, the last first." }),
});

const computed = {
  ...Period,
  digest: Digest,
  overdue: Type.Array(OverdueOfPeriod, { description: "What had passed at the period's end without what was due." }),
};

export const ComputedEvaluation = answer("ComputedEvaluation", {
  ...computed,
  body: Type.Record(Type.String(), Type.Unknown(), { description: "What publishing it would say." }),
  items: Type.Array(Figure),
});

export const CheckedEvaluation = answer("CheckedEvaluation", {
  ...computed,
  same: Type.Boolean({ description: "Whether this node computes the same." }),
  publishedOverdue: Type.Integer({ minimum: 0, description: "How many it says are overdue." }),
  items: Type.Array(FigureDifference),
});

const UsageFigures = answer("UsageFigures", {
  served: Type.Integer({ minimum: 0, description: "Accesses that were served." }),
  rows: Count,
});

export const UsageDifference = answer("UsageDifference", {
  month: Type.String(),
  dataset: Type.String(),
  provider: Type.String(),
  consumer: Type.String(),
  call: Type.String(),
  purpose: Type.String(),
  scenario: Type.String(),
  provided: UsageFigures,
  used: UsageFigures,
});

export const CityUse = answer("CityUse", {
  month: Type.String({ description: "`2026-10`" }),
  of: Type.String({ description: "Which dataset, department, type, purpose or scenario." }),
  served: Count,
  refused: Count,
  rows: Count,
  unconfirmed: Type.Integer({
    minimum: 0,
    description: "Of those served, how many the other side does not state alike, or has not stated yet.",
  }),
});

const UsageCount = answer("UsageCount", {
  call: Type.String(),
  purpose: Type.String(),
  scenario: Type.String(),
  served: Type.Integer({ minimum: 0, description: "Accesses that were served." }),
  refused: Type.Integer({ minimum: 0, description: "Accesses that were refused, failed or broke off." }),
  rows: Count,
});

const UsageLine = answer("UsageLine", {
  side: Type.Unsafe<"provided" | "used">(Type.Enum(["provided", "used"])),
  dataset: Type.String(),
  counterpart: Type.String(),
  counts: Type.Array(UsageCount),
});

/** A month by the node's own log, beside what was stated of it. */
export const UsageDraft = answer("UsageDraft", {
  month: Type.String(),
  department: Type.String(),
  isStated: Type.Boolean({ description: "Whether anything was stated of the month." }),
  log: Type.Object({ from: Count, to: Count }, { description: "Positions of the log that the figures stand on." }),
  lines: Type.Array(UsageLine),
  open: Type.Array(UsageLine, { description: "Lines that were not stated, or otherwise." }),
  bodies: Type.Array(Type.Record(Type.String(), Type.Unknown()), { description: "What is to be filed, act by act." }),
  leftOut: Type.Integer({ minimum: 0, description: "Figures that no line has room for." }),
});
