import { status } from "@grpc/grpc-js";
import { messageOf, ProtocolError } from "@wanlian/protocol/errors.js";
import type { EvaluateRequest, EvaluateResponse } from "@wanlian/protocol/messages/gateway.js";
import {
  ChaincodeAction,
  type ProposalResponse,
  ProposalResponsePayload,
} from "@wanlian/protocol/messages/proposal.js";
import type { ChannelPeer } from "../planning/membership.js";
import { byHeight, type Candidates } from "./candidates.js";
import type { Endorsers } from "./endorsers.js";
import { type Detail, gatewayError } from "./errors.js";
import { readProposal } from "./request.js";

/** Runs a transaction for its answer alone, on the best peer that runs the chaincode (Fabric's internal/pkg/gateway/evaluate.go). */
export class Evaluate {
  readonly #mspId: string;
  readonly #candidates: Candidates;
  readonly #endorsers: Endorsers;
  readonly #isJoined: (channelId: string) => boolean;

  constructor(mspId: string, candidates: Candidates, endorsers: Endorsers, isJoined: (channelId: string) => boolean) {
    this.#mspId = mspId;
    this.#candidates = candidates;
    this.#endorsers = endorsers;
    this.#isJoined = isJoined;
  }

  /** @throws RpcError with the gateway's codes and details. */
  async run(request: EvaluateRequest, signal: AbortSignal): Promise<EvaluateResponse> {
    const proposal = unpack(() => readProposal(request.proposedTransaction));
    const { channelId, chaincode, hasTransient } = proposal;
    if (!this.#isJoined(channelId)) {
      const cause = `could not get last config for channel ${channelId}`;
      throw gatewayError(status.UNAVAILABLE, `failed to get config for channel [${channelId}]: ${cause}`);
    }
    const asked = request.targetOrganizations;
    const protectedHere = hasTransient && asked.length === 0;
    const peers = await this.#peers(channelId, chaincode, protectedHere ? [this.#mspId] : asked);
    if (peers.length === 0) throw nobody(chaincode, channelId, protectedHere);
    const details: Detail[] = [];
    let code: number = status.UNAVAILABLE;
    for (const peer of peers) {
      const answer = await this.#endorsers.ask(peer, proposal.signed, signal);
      if (signal.aborted) throw gatewayError(status.DEADLINE_EXCEEDED, "evaluate timeout expired");
      if (answer.$case === "endorsed") return { result: resultOf(answer.response) };
      details.push(answer.detail);
      code = answer.code;
      if (!answer.retry) {
        throw gatewayError(code, `evaluate call to endorser returned error: ${answer.detail.message}`, details);
      }
    }
    throw gatewayError(code, "failed to evaluate transaction, see attached details for more info", details);
  }

  /** Own organization first, then the others, the highest ledger first. */
  async #peers(channelId: string, chaincode: string, organizations: readonly string[]): Promise<ChannelPeer[]> {
    const found = await this.#candidates.byOrganization(channelId, chaincode);
    const allowed = organizations.length === 0 ? [...found.keys()] : organizations;
    const own = allowed.includes(this.#mspId) ? (found.get(this.#mspId) ?? []) : [];
    const others = [...new Set(allowed)].filter((mspId) => mspId !== this.#mspId);
    return [...own, ...others.flatMap((mspId) => found.get(mspId) ?? []).sort(byHeight)];
  }
}

function unpack<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw gatewayError(status.INVALID_ARGUMENT, `failed to unpack transaction proposal: ${messageOf(error)}`);
  }
}

function nobody(chaincode: string, channelId: string, protectedHere: boolean): Error {
  const reason = `no peers available to evaluate chaincode ${chaincode} in channel ${channelId}`;
  const advice = "retry specifying target organization(s) to protect transient data";
  return gatewayError(
    status.FAILED_PRECONDITION,
    protectedHere ? `no endorsers found in the gateway's organization; ${advice}: ${reason}` : reason,
  );
}

/** The result as it was endorsed, where that can be read; the response's own payload need not be it. */
export function resultOf({ response, payload }: ProposalResponse): EvaluateResponse["result"] {
  if (response === undefined || payload.length === 0) return response;
  try {
    const { extension } = ProposalResponsePayload.decode(payload);
    return { ...response, payload: ChaincodeAction.decode(extension).response?.payload ?? response.payload };
  } catch (error) {
    // Another department's peer made it.
    if (error instanceof ProtocolError) return response;
    throw error;
  }
}
