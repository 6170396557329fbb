import { LedgerError, parseLedgerError } from "@wanlian/model/errors.js";
import type { CaseRef } from "@wanlian/model/kernel/act.js";
import { caseName } from "@wanlian/model/kernel/key.js";
import { TxValidationCode } from "@wanlian/protocol/messages/transaction.js";
import { SubmissionError } from "../core/index.js";
import { contractWords, LedgerAccessError } from "../ledger/index.js";

/** Contracts' refusals that say no more than that somebody is ahead or behind: the next attempt may well pass. */
const TRANSIENT_REFUSALS: ReadonlySet<string> = new Set(["MOVED", "NOT_YET", "VOID_BASIS"]);

/**
 * Codes of a transaction that somebody else came before: what it read has moved (11), somebody was first to write under
 * its number (12), the same id claimed by another's invalid transaction (4, 8) or by the same one before (9).
 */
const CONFLICT_CODES: ReadonlySet<number> = new Set([
  TxValidationCode.MVCC_READ_CONFLICT,
  TxValidationCode.PHANTOM_READ_CONFLICT,
  TxValidationCode.DUPLICATE_TXID,
  TxValidationCode.BAD_PROPOSAL_TXID,
  TxValidationCode.BAD_CREATOR_SIGNATURE,
]);

/** Whether an invalid transaction lost against another. */
export const isConflict = (code: number): boolean => CONFLICT_CODES.has(code);

/** A configuration changes at once; whoever falls between twice in a row has another problem. */
const ATTEMPTS_UNDER_A_CHANGING_POLICY = 2;

/**
 * Whether an invalid transaction may have been endorsed under a policy that has changed since: a department joined or left between
 * endorsement and commit. It is endorsed anew then, by those who count now.
 */
export function mayHaveChangedPolicy(code: number, attempt: number): boolean {
  return code === TxValidationCode.ENDORSEMENT_POLICY_FAILURE && attempt <= ATTEMPTS_UNDER_A_CHANGING_POLICY;
}

export function codeName(code: number): string {
  const known = Object.entries(TxValidationCode).find(([, value]) => value === code);
  return known === undefined ? `code ${code}` : known[0];
}

/** What an endorsement that failed means: try again, or the error for the officer. */
export function endorsementFailure(error: unknown): { readonly retry: boolean; readonly error: unknown } {
  if (error instanceof LedgerError)
    return { retry: TRANSIENT_REFUSALS.has(error.code), error: refusal(error, undefined) };
  if (!(error instanceof LedgerAccessError)) return { retry: false, error };
  switch (error.code) {
    case "REFUSED": {
      const refusals = contractWords(error).map(parseLedgerError);
      const known = refusals.filter((parsed) => parsed !== undefined);
      const lasting = known.find(({ code }) => !TRANSIENT_REFUSALS.has(code));
      const first = lasting ?? known[0];
      if (first === undefined) {
        return { retry: false, error: new SubmissionError("NO_ENDORSEMENT", error.message, { cause: error }) };
      }
      return { retry: lasting === undefined, error: refusal(first, error) };
    }
    case "UNAVAILABLE":
      return { retry: true, error: new SubmissionError("LEDGER_UNAVAILABLE", error.message, { cause: error }) };
    default:
      return { retry: true, error: new SubmissionError("NO_ENDORSEMENT", error.message, { cause: error }) };
  }
}

function refusal({ code, message, details }: LedgerError, cause: Error | undefined): SubmissionError {
  return new SubmissionError(code, message, { details, cause });
}

export function movedError(own: CaseRef, act: number, seen: number): SubmissionError {
  const decidedOn = seen === 0 ? "before it began" : `after its act ${seen}`;
  const name = caseName(own);
  return new SubmissionError(
    "MOVED",
    `${name} has moved to act ${act} since you decided ${decidedOn}; look at it and decide again.`,
    { details: { noun: own.noun, case: own.case, act, seen } },
  );
}
