import { NetworkError } from "../../error.js";
import { RpcError } from "../../grpc/rpc-error.js";

/** A peer or orderer gave no answer, or the connection said no: which, where, and what to look at. */
export function unreachable(name: string, address: string, cause: unknown): NetworkError {
  const reason = cause instanceof Error ? plain(cause.message) : String(cause);
  // A refusal of Fabric's own filters travels as an RPC error without a code of its own.
  if (cause instanceof RpcError && !isConnectionFailure(cause))
    return refusalOf(name, cause.message, cause.code, cause);
  return new NetworkError("UNREACHABLE", `${name} at ${address} does not answer: ${reason}`, { name, address }, cause);
}

/** The other side was reached and said no. `status` is its own kind of number: gRPC, HTTP or a response's. */
export function refusalOf(name: string, message: string, status: number, cause?: unknown): NetworkError {
  return new NetworkError("REFUSED", `${name} says no: ${message}`, { name, message, status }, cause);
}

/** gRPC codes of a call that never got an answer from the other side: CANCELLED, DEADLINE_EXCEEDED, UNAVAILABLE. */
const WITHOUT_ANSWER = new Set([1, 4, 14]);

function isConnectionFailure(error: RpcError): boolean {
  return WITHOUT_ANSWER.has(error.code);
}

/** What the connection itself said, without gRPC's account of its attempts. */
function plain(message: string): string {
  return /Last error: (?:Error: )?(.*?)\. Resolution note:/.exec(message)?.[1] ?? message;
}
