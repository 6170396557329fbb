import type { Instant } from "./identifiers.js";
import type { CaseRef, CaseState } from "./kernel/act.js";
import type { Heads } from "./kernel/heads.js";

/**
 * What no version of the model can change, because it says which version that is: where policy and clock stand, and the
 * few members of their states that are read before any version can be asked.
 */
export const POLICY_CASE: CaseRef = { noun: "policy", case: "policy" };
export const CLOCK_CASE: CaseRef = { noun: "clock", case: "clock" };

interface AnyPolicy extends CaseState {
  readonly opened: Instant;
  readonly demo: boolean;
  /** Ascending by `from`; never empty. */
  readonly versions: readonly { readonly from: Instant; readonly rules: { readonly model: number } }[];
}

interface AnyClock extends CaseState {
  readonly time: Instant;
}

/** A channel that has been opened, as it is at a place on its ledger. */
export interface InForce {
  /** Of the model. */
  readonly version: number;
  /** Whether the channel's clock may be advanced at will. */
  readonly demo: boolean;
}

/** What is in force on these heads; undefined before the channel was opened. */
export function inForce(heads: Heads): InForce | undefined {
  const policy = heads(POLICY_CASE).state;
  return policy && inForceAt(policy, timeOn(heads));
}

/** What a policy puts in force at an instant. @param time undefined before clock 1 */
export function inForceAt(policy: CaseState, time: Instant | undefined): InForce {
  const { opened, demo, versions } = policy as AnyPolicy;
  const at = time ?? opened;
  const version = versions.findLast(({ from }) => from <= at) ?? versions[0];
  if (version === undefined) throw new RangeError("a policy state holds at least one version");
  return { version: version.rules.model, demo };
}

/** The versions of the model that a policy decides on, the one in force among them, each with its day. */
export const versionsOf = (policy: CaseState): readonly { readonly from: Instant; readonly version: number }[] =>
  (policy as AnyPolicy).versions.map(({ from, rules }) => ({ from, version: rules.model }));

/** The ledger's time on these heads; undefined before clock 1. */
export const timeOn = (heads: Heads): Instant | undefined => {
  const clock = heads(CLOCK_CASE).state;
  return clock && timeOf(clock);
};

/** The ledger's time by a state of its clock. */
export const timeOf = (clock: CaseState): Instant => (clock as AnyClock).time;
