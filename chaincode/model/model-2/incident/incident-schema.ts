import { type Static, Type } from "typebox";
import { DatasetId, Digest, Instant, MspId, OfficerNumber, TransactionId } from "../../identifiers.js";
import { closed } from "../../kernel/schema.js";
import { Text } from "../../model-1/limits.js";
import { Deadlines } from "../deadlines.js";
import { Stage } from "../life-cycle.js";
import { OperatorCode } from "../member/people-schema.js";

/** 越权使用, 批量探测, 泄露, 篡改, 丢失, 其他. */
const IncidentKind = Type.Enum(["overreach", "probing", "leak", "tampering", "loss", "other"]);
/** 一般, 较大, 重大, 特别重大: from 1 to 4. */
const Severity = Type.Integer({ minimum: 1, maximum: 4 });

/** What is known when it is reported; the account itself goes from node to node. */
const reported = {
  kind: IncidentKind,
  severity: Severity,
  /** Whose conduct it is about, as far as that is known. */
  concerned: Type.Optional(MspId),
  dataset: Type.Optional(DatasetId),
  /** The grant that was used, or should have been. */
  grant: Type.Optional(TransactionId),
};

export const ReportIncident = closed({
  ...reported,
  /** When it was noticed. */
  noticed: Instant,
  account: Text,
  /** Of what shows it: records, warnings, evidence files. */
  evidence: Type.Optional(Digest),
});
export type ReportIncident = Static<typeof ReportIncident>;

export const InvestigateIncident = closed({ note: Type.Optional(Text) });

/** 责任: at which stage of the data's life, whose, and by which principle: 谁管理谁负责, 谁使用谁负责. */
const responsibility = {
  stage: Stage,
  responsible: MspId,
  principle: Type.Enum(["manages", "uses"]),
  officer: Type.Optional(OfficerNumber),
  company: Type.Optional(OperatorCode),
};
export const AssignResponsibility = closed({ ...responsibility, reasons: Text });
export const ContestResponsibility = closed({ reasons: Text });
export const RemedyIncident = closed({ measures: Text, evidence: Type.Optional(Digest) });
export const CloseIncident = closed({ outcome: Type.Enum(["remedied", "notRemedied"]), reasons: Text });
export const RejectIncident = closed({ reasons: Text });

export const INCIDENT_STATUSES = [
  "reported",
  "investigating",
  "assigned",
  "contested",
  "remedied",
  "closed",
  "rejected",
] as const;

export const IncidentState = closed({
  status: Type.Enum([...INCIDENT_STATUSES]),
  ...reported,
  author: MspId,
  officer: OfficerNumber,
  provider: Type.Optional(MspId),
  /** Who answers for it. */
  responsible: Type.Optional(MspId),
  responsibility: Type.Optional(closed(responsibility)),
  /** It was contested once: what the bureau then says stands. */
  contested: Type.Optional(Type.Literal(true)),
  outcome: Type.Optional(Type.Enum(["remedied", "notRemedied"])),
  deadlines: Deadlines,
});
export type IncidentState = Static<typeof IncidentState>;
