import { status } from "@grpc/grpc-js";
import { EndorseError, GatewayError } from "@hyperledger/fabric-gateway";
import type { AccessDetail, LedgerAccessCode } from "../connector.js";
import { accessFailure, isContractAnswer, isUnreachable, refuseSigner } from "../refusal.js";

/** Puts what the gateway throws into the connector's terms. Anything else is passed on. */
export function accessError(error: unknown): unknown {
  if (!(error instanceof GatewayError)) return error;
  const details = error.details.map(({ address, mspId, message }) => ({ address, department: mspId, message }));
  return accessFailure(codeOf(error, details), details, error.message, error);
}

function codeOf(error: GatewayError, details: readonly AccessDetail[]): LedgerAccessCode {
  if (error.name === "SubmitError") {
    // ABORTED is the orderer's own word (status 4xx); everything else may have reached one.
    return error.code === status.ABORTED || error.code === status.INVALID_ARGUMENT ? "REJECTED" : "UNAVAILABLE";
  }
  if (details.some(isContractAnswer) || refuseSigner(details)) return "REFUSED";
  if (isUnreachable(error.code)) return "UNAVAILABLE";
  switch (error.code) {
    case status.ABORTED:
    case status.FAILED_PRECONDITION:
      return "NO_ENDORSEMENT";
    default:
      return error instanceof EndorseError ? "NO_ENDORSEMENT" : "UNAVAILABLE";
  }
}
