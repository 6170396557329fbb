import type { Instant, MspId } from "../../identifiers.js";
import type { AnnouncedYear } from "../../time/working-days.js";
import type { PolicyState, RulesInForce } from "./policy-schema.js";

/** The rules that apply at an instant, with what never changes on a channel. */
export interface PolicyInForce extends RulesInForce {
  readonly bureau: MspId;
  readonly founders: readonly MspId[];
  readonly demo: boolean;
  readonly opened: Instant;
  /** Every notice that can still matter; it holds whichever version of the rules is in force. */
  readonly calendar: readonly AnnouncedYear[];
  /** Since when, and by which act of the policy case. */
  readonly from: Instant;
  readonly act: number;
}

/** The policy in force at an instant; before the clock's first tick, the one the channel was opened with. */
export function policyAt(state: PolicyState, time: Instant = state.opened): PolicyInForce {
  const { bureau, founders, demo, opened, calendar } = state;
  const begun = state.versions.filter((version) => version.from <= time);
  const version = begun.at(-1) ?? state.versions[0];
  if (!version) throw new RangeError("a policy state holds at least one version");
  return { ...version.rules, bureau, founders, demo, opened, calendar, from: version.from, act: version.act };
}

/**
 * k: how many departments have to endorse a transaction, for a number of active members. Never more than there are:
 * when members leave, those who stay can still act.
 */
export function requiredEndorsers(policy: Pick<RulesInForce, "endorsers">, activeMembers: number): number {
  const MOST_BY_DEFAULT = 5;
  const majority = Math.floor(activeMembers / 2) + 1;
  const wanted = policy.endorsers === "majority" ? Math.min(MOST_BY_DEFAULT, majority) : policy.endorsers;
  return Math.max(1, Math.min(wanted, activeMembers));
}
