import { messageOf } from "@wanlian/protocol/errors.js";
import type { Response } from "@wanlian/protocol/messages/proposal.js";
import type { ProposalContext } from "../dialogue/invocation.js";
import { PeerError } from "../errors.js";

/** The version by which system chaincodes endorse. */
export const SYSTEM_VERSION = "syscc";

/** A chaincode that is part of the peer. */
export interface SystemChaincode {
  readonly name: string;
  /** Answers with a status of its own; what is thrown becomes a 500. */
  invoke(args: readonly Uint8Array[], context: ProposalContext): Promise<Response>;
}

export const success = (payload: Uint8Array = new Uint8Array(0)): Response => ({ status: 200, message: "", payload });

export const failure = (message: string, status = 500): Response => ({
  status,
  message,
  payload: new Uint8Array(0),
});

/** Runs a system chaincode; what it throws is its answer. */
export async function runSystemChaincode(
  chaincode: SystemChaincode,
  args: readonly Uint8Array[],
  context: ProposalContext,
): Promise<Response> {
  try {
    return await chaincode.invoke(args, context);
  } catch (error) {
    return failure(messageOf(error), error instanceof PeerError && error.code === "NOT_FOUND" ? 404 : 500);
  }
}
