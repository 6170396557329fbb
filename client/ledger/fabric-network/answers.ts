import { type AccessDetail, LedgerAccessError } from "../connector.js";
import { accessFailure, contractAnswer, isContractAnswer, isUnreachable, refuseSigner } from "../refusal.js";
import type { EndorsementAnswers, EndorsementError, ProposalResponse } from "./sdk.js";

/** From this status on a chaincode's answer is a refusal (fabric-shim: ERRORTHRESHOLD). */
const ERROR_THRESHOLD = 400;

/**
 * What the peers agree on.
 * @throws LedgerAccessError where they refuse, differ, or do not answer
 */
export function agreed(
  { responses, errors }: EndorsementAnswers,
  departmentOf: (peer: string) => string,
): ProposalResponse {
  const unsettled = errors.flatMap((error) => error.endorsements ?? [error]);
  const details = [...responses, ...unsettled].flatMap((answer) => complaint(answer, departmentOf));
  if (details.some(isContractAnswer)) throw accessFailure("REFUSED", details.filter(isContractAnswer), "");
  if (refuseSigner(details)) throw accessFailure("REFUSED", details, "");
  const [first] = responses;
  if (first === undefined || errors.length > 0) {
    const judged = unsettled.some((answer) => !(answer instanceof Error) || hasJudged(answer));
    const otherwise = errors.map(({ message }) => message).join("; ");
    throw accessFailure(judged ? "NO_ENDORSEMENT" : "UNAVAILABLE", details, otherwise, errors[0]);
  }
  if (responses.some(({ payload }) => Buffer.compare(payload, first.payload) !== 0)) {
    throw new LedgerAccessError("NO_ENDORSEMENT", "too few departments endorse: their answers differ");
  }
  return first;
}

/** Whether a peer said no, rather than nothing. */
const hasJudged = ({ code }: EndorsementError): boolean => code !== undefined && !isUnreachable(code);

function complaint(
  answer: ProposalResponse | EndorsementError,
  departmentOf: (peer: string) => string,
): AccessDetail[] {
  const peer = { address: answer.peer ?? "", department: departmentOf(answer.peer ?? "") };
  if (answer instanceof Error) return [{ ...peer, message: answer.details ?? answer.message }];
  const { status, message } = answer.response;
  return status < ERROR_THRESHOLD ? [] : [{ ...peer, message: contractAnswer(status, message) }];
}
