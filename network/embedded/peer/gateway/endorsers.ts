import { status } from "@grpc/grpc-js";
import { messageOf } from "@wanlian/protocol/errors.js";
import type { ProposalResponse, SignedProposal } from "@wanlian/protocol/messages/proposal.js";
import { RpcError } from "../../../grpc/rpc-error.js";
import { Endorser as EndorserService } from "../../../grpc/services.js";
import { STREAM_TERMINATED } from "../dialogue/stream.js";
import type { Neighbours } from "../discovery/neighbours.js";
import { type Endorser, ProposalRefused } from "../endorser/endorser.js";
import type { ChannelPeer } from "../planning/membership.js";
import { type Detail, rpcErrorText } from "./errors.js";

/** How long one endorser may take. */
const ENDORSEMENT_TIMEOUT_MS = 30_000;

/** What an endorser answered, as the gateway sees it (Fabric's internal/pkg/gateway/apiutils.go). */
export type Answer =
  | { readonly $case: "endorsed"; readonly response: ProposalResponse }
  | {
      readonly $case: "failed";
      readonly code: number;
      readonly detail: Detail;
      /** Another peer may do better. */
      readonly retry: boolean;
    };

/** Asks peers to endorse: this one directly, the others over the network. */
export class Endorsers {
  readonly #local: Endorser;
  readonly #neighbours: Neighbours;

  constructor(local: Endorser, neighbours: Neighbours) {
    this.#local = local;
    this.#neighbours = neighbours;
  }

  async ask(peer: ChannelPeer, proposal: SignedProposal, signal: AbortSignal): Promise<Answer> {
    const failed = (code: number, message: string, retry: boolean): Answer => ({
      $case: "failed",
      code,
      detail: { address: peer.address, mspId: peer.mspId, message },
      retry,
    });
    let response: ProposalResponse;
    try {
      response = peer.isLocal
        ? await this.#local.processProposal(proposal)
        : await this.#remote(peer, proposal, signal);
    } catch (error) {
      if (error instanceof ProposalRefused) return failed(status.FAILED_PRECONDITION, error.message, false);
      const message = error instanceof RpcError ? rpcErrorText(error) : messageOf(error);
      return failed(status.UNAVAILABLE, message, true);
    }
    const { status: code, message } = response.response ?? { status: 500, message: "no response" };
    if (code >= 200 && code < 400) return { $case: "endorsed", response };
    if (code === 500 && response.payload.length === 0) {
      if (message.endsWith(STREAM_TERMINATED)) this.#neighbours.suspect(peer);
      return failed(status.ABORTED, message, true);
    }
    return failed(status.UNKNOWN, `chaincode response ${code}, ${message}`, false);
  }

  async #remote(peer: ChannelPeer, proposal: SignedProposal, signal: AbortSignal): Promise<ProposalResponse> {
    const client = this.#neighbours.client(peer.address);
    if (client === undefined) throw new RpcError(status.UNAVAILABLE, `not connected to ${peer.address}`);
    try {
      return await client.unary(EndorserService.processProposal, proposal, {
        timeoutMs: ENDORSEMENT_TIMEOUT_MS,
        signal,
      });
    } catch (error) {
      if (error instanceof RpcError && error.code === status.UNAVAILABLE) this.#neighbours.suspect(peer);
      throw error;
    }
  }
}
