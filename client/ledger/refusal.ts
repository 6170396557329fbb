import { status } from "@grpc/grpc-js";
import { type AccessDetail, type LedgerAccessCode, LedgerAccessError } from "./connector.js";

/** How a contract's refusal begins in an endorser's words, as the Gateway service passes them on. */
const CONTRACT_ANSWER = /^chaincode response \d+, /;

/** How a peer refuses a signer: revoked, of no member, or with a certificate that has ended. Asking again changes nothing. */
const SIGNER_REFUSED = /access denied: channel \[|proposal client identity expired/;

/** The same words where an endorser's answer comes without the Gateway service. */
export const contractAnswer = (status: number, message: string): string => `chaincode response ${status}, ${message}`;

export const isContractAnswer = ({ message }: AccessDetail): boolean => CONTRACT_ANSWER.test(message);

/** Whether all that every peer says is that it does not take the signer. */
export const refuseSigner = (details: readonly AccessDetail[]): boolean =>
  details.length > 0 && details.every(({ message }) => SIGNER_REFUSED.test(message));

/** The contracts' own words in a refusal, without what the peer puts before them. */
export function contractWords(error: LedgerAccessError): string[] {
  return error.details.filter(isContractAnswer).map(({ message }) => message.replace(CONTRACT_ANSWER, ""));
}

/** An error that says in plain words what stood in the way; `otherwise` speaks where no peer or orderer did. */
export function accessFailure(
  code: LedgerAccessCode,
  details: readonly AccessDetail[],
  otherwise: string,
  cause?: unknown,
): LedgerAccessError {
  const words = details.map(({ department, message }) => `${department || "orderer"}: ${message}`).join("; ");
  return new LedgerAccessError(code, `${plain(code)}: ${words || otherwise}`, { details, cause });
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

/** Whether a call ended without anybody having judged it. */
export function isUnreachable(code: number): boolean {
  switch (code) {
    case status.UNAVAILABLE:
    case status.DEADLINE_EXCEEDED:
    case status.CANCELLED:
    case status.RESOURCE_EXHAUSTED:
      return true;
    default:
      return false;
  }
}
