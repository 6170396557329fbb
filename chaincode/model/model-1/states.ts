import type { ApplicationState } from "./application/application-schema.js";
import type { ClockState } from "./clock/clock.js";
import type { ConsortiumState } from "./consortium/consortium.js";
import type { DatasetState } from "./dataset/dataset-schema.js";
import type { DemandState } from "./demand/demand.js";
import type { LogState } from "./log/log.js";
import type { MandateState } from "./mandate/mandate.js";
import type { MemberState } from "./member/member.js";
import type { ObjectionState } from "./objection/objection-schema.js";
import type { PolicyState } from "./policy/policy-schema.js";
import type { ReleaseOrigin, ReleaseState } from "./release/release-schema.js";
import type { SuggestionState } from "./suggestion/suggestion.js";

export interface States {
  policy: PolicyState;
  clock: ClockState;
  consortium: ConsortiumState;
  member: MemberState;
  mandate: MandateState;
  dataset: DatasetState;
  release: ReleaseState;
  demand: DemandState;
  application: ApplicationState;
  objection: ObjectionState;
  suggestion: SuggestionState;
  log: LogState;
}

/** What of a noun's cases others may rely on as their origin: no act after the first changes it. */
export interface Origins {
  release: ReleaseOrigin;
}

/** Every kind of case. The name is the contract's name and the first part of the key. */
export type NounName = keyof States;

/** The state of a noun's cases. */
export type StateOf<N extends NounName> = States[N];
