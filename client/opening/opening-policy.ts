import type { Instant, MspId } from "@wanlian/model/identifiers.js";
import type { DeadlineKind, LaterDeadlineKind } from "@wanlian/model/model-1/deadlines.js";
import type { OpenPolicy } from "@wanlian/model/model-1/policy/policy-schema.js";
import { PURPOSES } from "@wanlian/model/model-1/policy/policy-schema.js";
import { nanyang2022 } from "@wanlian/model/model-1/profiles/nanyang-2022.js";
import { dayOf, yearOf } from "@wanlian/model/time/instant.js";
import { stateCouncilCalendar } from "./calendar.js";

/** What the plan leaves to the bureau. */
const BUREAU_DECISION = "数据局决定（试点）";

/** As version 1 has it, with what later versions let it name. */
export type OpeningPolicy = Omit<OpenPolicy, "deadlines"> & {
  readonly deadlines: readonly (Omit<OpenPolicy["deadlines"][number], "kind"> & {
    readonly kind: DeadlineKind | LaterDeadlineKind;
  })[];
};

/** The version of the rules that knows incidents. */
const INCIDENTS_SINCE = 2;
const OF_INCIDENTS: OpeningPolicy["deadlines"] = [
  { kind: "incidentInvestigation", workingDays: 5, article: BUREAU_DECISION },
  { kind: "incidentRemedy", workingDays: 10, article: BUREAU_DECISION },
  { kind: "incidentClosing", workingDays: 5, article: BUREAU_DECISION },
];

export interface Opening {
  /** The first is the data bureau. */
  readonly departments: readonly string[];
  readonly opened: Instant;
  /** `demo`: the clock passes by ticks, as the story needs it. `world`: it follows the world's. */
  readonly clock: "demo" | "world";
  /** The version of the rules that it begins with. */
  readonly model: number;
}

/** The body of policy 1. Each department's contracts are given it as a file, and endorse no other. */
export function openingPolicy({ departments, opened, clock, model }: Opening): OpeningPolicy {
  const founders = departments as readonly string[] as readonly MspId[];
  const [bureau] = founders;
  if (bureau === undefined) throw new RangeError("a channel needs a department to open it");
  return {
    profile: nanyang2022.name,
    model,
    endorsers: "majority",
    deadlines: [
      ...nanyang2022.deadlines,
      { kind: "supplement", workingDays: 10, article: BUREAU_DECISION },
      { kind: "emergencyReview", workingDays: 5, article: BUREAU_DECISION },
      { kind: "renewalReply", workingDays: 5, article: BUREAU_DECISION },
      { kind: "objectionCorrection", workingDays: 10, article: BUREAU_DECISION },
      { kind: "objectionConfirmation", workingDays: 5, article: BUREAU_DECISION },
      { kind: "disputeSettlement", workingDays: 10, article: BUREAU_DECISION },
      ...(model < INCIDENTS_SINCE ? [] : OF_INCIDENTS),
    ],
    emergency: { maxCalendarDays: 7, article: BUREAU_DECISION },
    purposes: [...PURPOSES],
    legalBases: [...nanyang2022.legalBases],
    laterNotices: "stand",
    calendar: stateCouncilCalendar(yearOf(dayOf(opened))),
    bureau,
    founders: [...founders],
    demo: clock === "demo",
    opened,
  };
}
