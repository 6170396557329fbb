import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { GrantRead, PolicyRead } from "@wanlian/model/reading.js";
import type { AccessRequest, RefusalReason } from "@wanlian/verify";
import type { LedgerPosition, LedgerPresent } from "../read/index.js";

/** What the ledger says of a request. */
export interface Ruling {
  readonly position: LedgerPosition;
  /** The last act of the grant's case; 0 if there is none. */
  readonly act: number;
  readonly policy: number;
  readonly objections: readonly TransactionId[];
  readonly grant: GrantRead | undefined;
  readonly refusal: RefusalReason | undefined;
  /** What the policy asks of consumers' countersignatures, where it does. */
  readonly countersigning: PolicyRead["countersigning"];
}

/** Attempts at a look that no block interrupts; beyond, the last one stands, and its height is what it says. */
const MAX_LOOKS = 5;

/**
 * Checks a request against the ledger by the one rule of what a grant covers. Quota, freshness and replay are the
 * caller's, since they are not on the ledger.
 */
export async function checkGrant(request: AccessRequest, ledger: LedgerPresent): Promise<Ruling> {
  for (let look = 1; ; look += 1) {
    const position = ledger.position();
    const ruling = await lookUp(request, ledger, position);
    if (look === MAX_LOOKS || ledger.position().height === position.height) return ruling;
  }
}

async function lookUp(request: AccessRequest, ledger: LedgerPresent, position: LedgerPosition): Promise<Ruling> {
  const [application, release, member, policy, objections, mandate] = await Promise.all([
    ledger.head("application", request.grant),
    ledger.head("release", request.release),
    ledger.head("member", request.consumer),
    ledger.head("policy", "policy"),
    ledger.openObjections(request.release),
    request.mandate === undefined ? undefined : ledger.head("mandate", request.mandate),
  ]);
  const reading = ledger.reading();
  const names = application && reading.application(application.state).dataset;
  const dataset = names === request.dataset ? undefined : await ledger.head("dataset", request.dataset);
  const cases = {
    application: application?.state,
    release: release?.state,
    member: member?.state,
    mandate: mandate?.state,
    dataset: dataset?.state,
  };
  const inForce = policy && reading.policy(policy.state, position.time);
  return {
    position,
    act: application?.act ?? 0,
    policy: inForce?.act ?? 0,
    countersigning: inForce?.countersigning,
    objections: [...objections].sort(),
    grant: application && reading.application(application.state).grant,
    refusal: reading.refusalOfUse(request, cases, { time: position.time }),
  };
}
