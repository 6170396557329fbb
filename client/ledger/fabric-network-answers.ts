import { equalBytes } from "@wanlian/protocol/bytes.js";
import type { EndorsementResponse, ProposalResponse } from "fabric-common";
import { type AccessDetail, LedgerAccessError } from "./connector.js";

/** From here on an endorser's answer is a refusal, and carries no endorsement. */
const REFUSED = 400;

/** What the endorsers said no with; undefined if all that were asked endorsed the same. */
export function refusalsOf({ responses, errors }: ProposalResponse): LedgerAccessError | undefined {
  const refused = responses.filter(({ response }) => response.status >= REFUSED);
  if (refused.length > 0) return refusal(refused);
  if (errors.length > 0) return unreachable(errors);
  const [first, ...others] = responses;
  if (first === undefined) return new LedgerAccessError("NO_ENDORSEMENT", "nobody endorses");
  return others.every(({ payload }) => equalBytes(payload, first.payload))
    ? undefined
    : new LedgerAccessError("NO_ENDORSEMENT", "what the departments endorse differs");
}

/** The first peer's answer to a query. @throws LedgerAccessError */
export function firstAnswer({ responses, errors }: ProposalResponse): Uint8Array {
  const [first] = responses;
  if (first === undefined) throw unreachable(errors);
  if (first.response.status >= REFUSED) throw refusal([first]);
  return first.response.payload;
}

/** Puts what the library throws into the connector's terms. */
export function accessError(error: unknown): unknown {
  if (error instanceof LedgerAccessError || error instanceof TypeError || !(error instanceof Error)) return error;
  const answers = "endorsements" in error && Array.isArray(error.endorsements) ? error.endorsements : [];
  const refused = answers.filter(isRefusal);
  if (refused.length > 0) return refusal(refused);
  const planless = /endorsement plan|layouts|Discovery|Endorsement has failed/i.test(error.message);
  return new LedgerAccessError(planless ? "NO_ENDORSEMENT" : "UNAVAILABLE", error.message, [], error);
}

function isRefusal(answer: unknown): answer is EndorsementResponse {
  if (typeof answer !== "object" || answer === null || !("response" in answer)) return false;
  const { response } = answer;
  if (typeof response !== "object" || response === null || !("status" in response)) return false;
  return typeof response.status === "number" && response.status >= REFUSED;
}

/** In the words that the Gateway service would report it with, so that both are read alike. */
function refusal(answers: readonly EndorsementResponse[]): LedgerAccessError {
  const details: AccessDetail[] = answers.map(({ connection, response }) => ({
    address: connection.url,
    department: connection.name,
    message: `chaincode response ${response.status}, ${response.message}`,
  }));
  const words = details.map(({ department, message }) => `${department}: ${message}`).join("; ");
  return new LedgerAccessError("REFUSED", `the contract refuses: ${words}`, details);
}

function unreachable(errors: readonly Error[]): LedgerAccessError {
  const words = errors.map(({ message }) => message).join("; ") || "no peer answers";
  return new LedgerAccessError("UNAVAILABLE", words, [], errors[0]);
}
