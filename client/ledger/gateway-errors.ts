import { status } from "@grpc/grpc-js";
import { EndorseError, GatewayError } from "@hyperledger/fabric-gateway";
import { type AccessDetail, type LedgerAccessCode, LedgerAccessError } from "./connector.js";

/** How a contract's refusal begins in an endorser's words. */
const CONTRACT_ANSWER = /^chaincode response \d+, /;

/** How a peer refuses a signer: revoked, of no member, or with a certificate that has ended. Asking again changes nothing. */
const SIGNER_REFUSED = /access denied: channel \[|proposal client identity expired/;

/** Puts what the gateway throws into the connector's terms. Anything else is passed on. */
export function accessError(error: unknown): unknown {
  if (!(error instanceof GatewayError)) return error;
  const details = error.details.map(({ address, mspId, message }) => ({ address, department: mspId, message }));
  const code = codeOf(error, details);
  const words = details.map(({ department, message }) => `${department || "orderer"}: ${message}`).join("; ");
  return new LedgerAccessError(code, `${plain(code)}: ${words || error.message}`, details, error);
}

function codeOf(error: GatewayError, details: readonly AccessDetail[]): LedgerAccessCode {
  if (error.name === "SubmitError") {
    // ABORTED is the orderer's own word (status 4xx); everything else may have reached one.
    return error.code === status.ABORTED || error.code === status.INVALID_ARGUMENT ? "REJECTED" : "UNAVAILABLE";
  }
  if (details.some(({ message }) => CONTRACT_ANSWER.test(message))) return "REFUSED";
  if (details.length > 0 && details.every(({ message }) => SIGNER_REFUSED.test(message))) return "REFUSED";
  switch (error.code) {
    case status.UNAVAILABLE:
    case status.DEADLINE_EXCEEDED:
    case status.CANCELLED:
    case status.RESOURCE_EXHAUSTED:
      return "UNAVAILABLE";
    case status.ABORTED:
    case status.FAILED_PRECONDITION:
      return "NO_ENDORSEMENT";
    default:
      return error instanceof EndorseError ? "NO_ENDORSEMENT" : "UNAVAILABLE";
  }
}

function plain(code: LedgerAccessCode): string {
  switch (code) {
    case "REFUSED":
      return "it is refused";
    case "NO_ENDORSEMENT":
      return "too few departments endorse";
    case "UNAVAILABLE":
      return "the ledger cannot be reached";
    case "REJECTED":
      return "the orderer refuses";
  }
}

/** The contracts' own words in a refusal, without what the peer puts before them. */
export function contractWords(error: LedgerAccessError): string[] {
  return error.details
    .filter(({ message }) => CONTRACT_ANSWER.test(message))
    .map(({ message }) => message.replace(CONTRACT_ANSWER, ""));
}
