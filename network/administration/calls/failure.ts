import { NetworkError } from "../../error.js";
import { RpcError } from "../../grpc/rpc-error.js";
import type { Address } from "../../topology/topology.js";
import { type Endpoint, endpointName } from "./connection.js";

type Named = Pick<Endpoint, "mspId" | "name">;

/** A peer or orderer gave no answer, or the connection said no: which, where, and what to look at. */
export function unreachable({ mspId, name }: Named, address: Address, cause: unknown): NetworkError {
  const reason = cause instanceof Error ? plain(cause.message) : String(cause);
  // A refusal of Fabric's own filters travels as an RPC error without a code of its own.
  if (cause instanceof RpcError && !isConnectionFailure(cause))
    return refusalOf({ mspId, name }, cause.message, cause.code, cause);
  const who = endpointName({ mspId, name });
  return new NetworkError(
    "UNREACHABLE",
    { zh: `${who.zh}（${address}）没有应答：${reason}`, en: `${who.en} at ${address} does not answer: ${reason}` },
    { details: { mspId, name, address }, cause },
  );
}

/** The connection ended before there was an answer. */
export function hungUp({ mspId, name }: Named): NetworkError {
  const who = endpointName({ mspId, name });
  return new NetworkError(
    "UNREACHABLE",
    { zh: `${who.zh} 没有应答就断开了连接。`, en: `${who.en} hung up without an answer.` },
    { details: { mspId, name } },
  );
}

/**
 * The other side was reached and said no; `message` is in its own words. `status` is its own kind of number: gRPC, HTTP or a
 * response's.
 */
export function refusalOf({ mspId, name }: Named, message: string, status: number, cause?: unknown): NetworkError {
  const who = endpointName({ mspId, name });
  return new NetworkError(
    "REFUSED",
    { zh: `${who.zh} 拒绝：${message}`, en: `${who.en} says no: ${message}` },
    { details: { mspId, name, message, status }, cause },
  );
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
