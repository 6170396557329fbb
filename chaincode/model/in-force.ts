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
  const policy = heads(POLICY_CASE).state as AnyPolicy | undefined;
  if (policy === undefined) return undefined;
  const time = timeOn(heads) ?? policy.opened;
  const version = policy.versions.findLast(({ from }) => from <= time) ?? policy.versions[0];
  if (version === undefined) throw new RangeError("a policy state holds at least one version");
  return { version: version.rules.model, demo: policy.demo };
}

/** The ledger's time on these heads; undefined before clock 1. */
export const timeOn = (heads: Heads): Instant | undefined => (heads(CLOCK_CASE).state as AnyClock | undefined)?.time;
