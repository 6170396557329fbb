import { DEADLINE_KINDS, type DeadlineKind, type LaterDeadlineKind, OWED_BY_BUREAU } from "../model-1/deadlines.js";
import type { LaterRelation } from "../model-1/table.js";

/** What can be due by version 2, beside what can by version 1. */
export const LATER_DEADLINE_KINDS = [
  /** 事件调查: from the report to who answers for it. Owed by the bureau. */
  "incidentInvestigation",
  /** 事件整改: what the responsible department does about it. */
  "incidentRemedy",
  /** 事件办结: the bureau's word on what was done. */
  "incidentClosing",
] as const satisfies readonly LaterDeadlineKind[];

export const DEADLINE_KINDS_2 = [...DEADLINE_KINDS, ...LATER_DEADLINE_KINDS] as const;

/** What the bureau owes, whoever it is by then. */
export const OWED_BY_BUREAU_2: readonly DeadlineKind[] = [
  ...OWED_BY_BUREAU,
  "incidentInvestigation",
  "incidentClosing",
];

/** What a department can be to a case, beside what it can by version 1: whom an incident is about, who answers for it. */
export const LATER_RELATIONS = ["concerned", "responsible"] as const satisfies readonly LaterRelation[];
