import { ensure } from "../../errors.js";
import type { LegalBasisId } from "../../identifiers.js";
import type { PolicyInForce } from "./policy-in-force.js";

/**
 * A basis in law that the register on the ledger knows: without it, data may neither be withheld nor refused (R2, R3).
 * @throws LedgerError NO_LEGAL_BASIS
 */
export function checkLegalBasis(policy: PolicyInForce, basis: LegalBasisId | undefined): LegalBasisId {
  ensure(basis !== undefined, "NO_LEGAL_BASIS", "this needs its legal basis; name an entry of the policy's register");
  const known = policy.legalBases.includes(basis);
  ensure(known, "NO_LEGAL_BASIS", `the policy's register of legal bases has no "${basis}"`);
  return basis;
}
