import type { Instant, TransactionId } from "@wanlian/model/identifiers.js";
import { type ApplicationState, grantHolds } from "@wanlian/model/model-1/application/application-schema.js";
import { mandateCovers, mandateHolds } from "@wanlian/model/model-1/mandate/mandate.js";
import { policyAt } from "@wanlian/model/model-1/policy/policy-in-force.js";
import type { Case, LedgerBook, LedgerPosition } from "../read/index.js";
import type { AccessRequest } from "./access-request.js";
import type { RefusalReason } from "./refusal.js";

/** What the ledger says of a request. */
export interface Ruling {
  readonly position: LedgerPosition;
  /** The last act of the grant's case; 0 if there is none. */
  readonly act: number;
  readonly policy: number;
  readonly objections: readonly TransactionId[];
  readonly grant: NonNullable<ApplicationState["grant"]> | undefined;
  readonly refusal: RefusalReason | undefined;
}

/** Attempts at a look that no block interrupts; beyond, the last one stands, and its height is what it says. */
const MAX_LOOKS = 5;

/**
 * Checks a request against the ledger: consumer, dataset, release, fields, purpose, scenario, period, mandate. Quota,
 * freshness and replay are the caller's, since they are not on the ledger.
 */
export async function checkGrant(request: AccessRequest, book: LedgerBook): Promise<Ruling> {
  for (let look = 1; ; look += 1) {
    const position = book.position();
    const ruling = await lookUp(request, book, position);
    if (look === MAX_LOOKS || book.position().height === position.height) return ruling;
  }
}

async function lookUp(request: AccessRequest, book: LedgerBook, position: LedgerPosition): Promise<Ruling> {
  const [application, release, member, policy, objections, mandate] = await Promise.all([
    book.read("application", request.grant),
    book.read("release", request.release),
    book.read("member", request.consumer),
    book.read("policy", "policy"),
    book.openObjections(request.release),
    request.mandate === undefined ? undefined : book.read("mandate", request.mandate),
  ]);
  const refusal =
    (member?.state.status === "active" ? undefined : "NOT_A_MEMBER") ??
    refusalOfGrant(request, application, position.time) ??
    refusalOfRelease(request, release) ??
    refusalOfMandate(request, application, mandate, position.time);
  return {
    position,
    act: application?.act ?? 0,
    policy: policy === undefined ? 0 : policyAt(policy.state, position.time).act,
    objections: [...objections].sort(),
    grant: application?.state.grant,
    refusal,
  };
}

function refusalOfGrant(
  request: AccessRequest,
  application: Case<"application"> | undefined,
  now: Instant,
): RefusalReason | undefined {
  if (application === undefined) return "UNKNOWN_GRANT";
  const { state } = application;
  if (state.consumer !== request.consumer) return "WRONG_CONSUMER";
  if (state.provider !== request.provider) return "WRONG_PROVIDER";
  if (state.dataset !== request.dataset) return "WRONG_DATASET";
  if (state.status === "suspended") return "GRANT_SUSPENDED";
  if (state.status === "revoked") return "GRANT_REVOKED";
  const { grant } = state;
  if (grant === undefined || state.status !== "granted") return "GRANT_NOT_GIVEN";
  if (now < grant.from) return "GRANT_NOT_YET";
  if (!grantHolds(state, now)) return "GRANT_EXPIRED";
  if (!request.fields.every((field) => grant.fields.includes(field))) return "FIELD_NOT_GRANTED";
  if (state.purpose !== request.purpose) return "WRONG_PURPOSE";
  return state.scenario === request.scenario ? undefined : "WRONG_SCENARIO";
}

function refusalOfRelease(request: AccessRequest, release: Case<"release"> | undefined): RefusalReason | undefined {
  if (release === undefined || release.state.dataset !== request.dataset) return "UNKNOWN_RELEASE";
  if (release.state.status !== "registered") return "RELEASE_WITHDRAWN";
  // The catalogue may have gained fields since: a release has those of its own version.
  return request.fields.every((field) => release.state.fields.includes(field)) ? undefined : "FIELD_NOT_GRANTED";
}

/** A derived right shows principal and mandate at every access, and ends with the mandate. */
function refusalOfMandate(
  request: AccessRequest,
  application: Case<"application"> | undefined,
  mandate: Case<"mandate"> | undefined,
  now: Instant,
): RefusalReason | undefined {
  const derived = application?.state;
  if (derived?.mandate !== request.mandate || derived?.principal !== request.principal) return "WRONG_MANDATE";
  if (request.mandate === undefined) return undefined;
  if (mandate === undefined || !mandateCovers(mandate.state, request.dataset)) return "WRONG_MANDATE";
  return mandateHolds(mandate.state, now) ? undefined : "MANDATE_ENDED";
}
