import { Type } from "typebox";
import { answer, Count, Digest, Instant } from "./answer.js";

const Ratio = Type.Integer({ description: "Ten-thousandths." });
const Severity = Type.Unsafe<"error" | "warning" | "note">(
  Type.Enum(["error", "warning", "note"], { description: "What failing it means." }),
);

/** A stage of a dataset's life, as its entry has it and as a release passed it. */
const StageQuality = answer("StageQuality", {
  stage: Type.String(),
  responsible: Type.Optional(Type.String({ description: "As the entry names it now." })),
  unit: Type.Optional(Type.String()),
  standard: Type.Optional(Type.String()),
  passedBy: Type.Optional(Type.String({ description: "Who was responsible when the release passed it." })),
  assessment: Type.Optional(
    Type.Object(
      { case: Type.String(), status: Type.String(), passed: Type.Boolean(), total: Type.Optional(Ratio) },
      { description: "The check that the release cites there." },
    ),
  ),
});

export const StagesOf = answer("StagesOf", {
  release: Type.Optional(Type.String({ description: "The one whose passing is shown; absent where there is none." })),
  items: Type.Array(StageQuality, { description: "In order." }),
});

const StatedScore = answer("StatedScore", {
  assessment: Type.String(),
  kind: Type.String(),
  author: Type.String(),
  passed: Type.Boolean(),
  total: Type.Optional(Ratio),
  scores: Type.Array(Type.Object({ dimension: Type.String(), ratio: Ratio })),
});

/** A release with the checks of its very data. */
export const ReleaseScores = answer("ReleaseScores", {
  release: Type.String(),
  status: Type.String(),
  registered: Instant,
  checks: Type.Array(StatedScore, { description: "Those that stand." }),
});

const RuleResult = Type.Partial(
  answer("RuleResult", {
    id: Type.String({ description: "The rule's name." }),
    check: Type.String({ description: "What kind of rule it is." }),
    dimension: Type.String(),
    severity: Severity,
    weight: Type.Number({ description: "In the score." }),
    checked: Type.Integer({ minimum: 0, description: "Rows that it looked at." }),
    failing: Type.Integer({ minimum: 0, description: "Rows of them that fail." }),
    rate: Type.Union([Ratio, Type.Null()], {
      description: "Ten-thousandths; null where there was nothing to look at.",
    }),
    passed: Type.Boolean(),
    sample: Type.Array(Type.Array(Type.Union([Type.String(), Type.Null()])), { description: "Some that fail." }),
    sampleColumns: Type.Array(Type.String(), { description: "What the sample's cells are." }),
  }),
  { title: "RuleResult" },
);

/** As its author stated it: a node holds it against the digest on the ledger, and asks nothing of its form. */
const Report = Type.Partial(
  answer("Report", {
    format: Type.String(),
    engine: Type.String({ description: "What has to be the same for the report to be the same to the byte." }),
    rules: Type.Object({ id: Type.String({ description: "The rules' name." }), revision: Count, digest: Digest }),
    table: Type.Object({ digest: Digest, rows: Count }, { description: "What was checked." }),
    asOf: Type.String({ description: "The day for which freshness was judged." }),
    verdict: Type.Unsafe<"passed" | "failed">(Type.Enum(["passed", "failed"], { description: "Of the whole." })),
    scores: Type.Object({
      total: Type.Union([Ratio, Type.Null()], { description: "Ten-thousandths." }),
      dimensions: Type.Record(Type.String(), Ratio, { description: "Ten-thousandths, by dimension." }),
    }),
    results: Type.Array(RuleResult, { description: "Rule by rule." }),
  }),
  { title: "Report" },
);

/** A quality check's report, with who stated it. */
export const QualityReport = answer("QualityReport", {
  author: Type.String(),
  digest: Digest,
  report: Report,
});

const RuleOutcome = answer("RuleOutcome", {
  rule: Type.String(),
  dimension: Type.String(),
  severity: Severity,
  outcome: Type.Unsafe<"passed" | "failed" | "missing" | "needsColumns" | "needsTable">(
    Type.Enum(["passed", "failed", "missing", "needsColumns", "needsTable"]),
  ),
  message: Type.Object({ zh: Type.String(), en: Type.String() }),
});

const SourceOutcome = answer("SourceOutcome", {
  grant: Type.String(),
  outcome: Type.Unsafe<"agrees" | "differs" | "absent" | "refused" | "noAnswer">(
    Type.Enum(["agrees", "differs", "absent", "refused", "noAnswer"]),
  ),
  differing: Type.Optional(Type.Array(Type.String(), { description: "Fields that the other side has otherwise." })),
  records: Type.Optional(Type.Array(Type.String(), { description: "Records of the accesses that it took." })),
  reason: Type.Optional(Type.String({ description: "Why it was refused." })),
  code: Type.Optional(Type.String({ description: "Why there is no answer." })),
});

export const QuickCheckAnswer = answer("QuickCheckAnswer", {
  passed: Type.Boolean(),
  rules: Type.Array(RuleOutcome, { description: "What each rule says." }),
  sources: Type.Array(SourceOutcome, { description: "What each source says." }),
});
