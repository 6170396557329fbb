import { status } from "@grpc/grpc-js";
import { messageOf } from "@wanlian/protocol/errors.js";
import type { EndorseRequest, EndorseResponse } from "@wanlian/protocol/messages/gateway.js";
import { ChaincodeCall, type ChaincodeInterest, type ProposalResponse } from "@wanlian/protocol/messages/proposal.js";
import type { ChannelPeer } from "../planning/membership.js";
import type { EndorsementPlan } from "../planning/planner.js";
import type { Plannings } from "../planning/plannings.js";
import { preparedTransaction } from "./assembly.js";
import type { Candidates } from "./candidates.js";
import { EndorsementCollection } from "./collection.js";
import type { Endorsers } from "./endorsers.js";
import { type Detail, gatewayError } from "./errors.js";
import { type GatewayProposal, readProposal } from "./request.js";

const NO_PLAN = "no combination of peers can be derived which satisfy the endorsement policy";

/** Has a transaction endorsed by as many peers as its policies ask for (Fabric's internal/pkg/gateway/endorse.go). */
export class Endorse {
  readonly #mspId: string;
  readonly #candidates: Candidates;
  readonly #plannings: Plannings;
  readonly #endorsers: Endorsers;

  constructor(mspId: string, candidates: Candidates, plannings: Plannings, endorsers: Endorsers) {
    this.#mspId = mspId;
    this.#candidates = candidates;
    this.#plannings = plannings;
    this.#endorsers = endorsers;
  }

  /** @throws RpcError with the gateway's codes and details. */
  async run(request: EndorseRequest, signal: AbortSignal): Promise<EndorseResponse> {
    const proposal = this.#read(request);
    const collection = new EndorsementCollection(this.#endorsers, proposal.signed, signal);
    const organizations = request.endorsingOrganizations;
    const { plan, first } =
      organizations.length > 0
        ? { plan: await this.#planFor(proposal, organizations), first: undefined }
        : await this.#planByFirst(proposal, collection, signal);
    const collected = await collection.collect(plan, first);
    if (collected !== undefined) return { preparedTransaction: preparedTransaction(proposal, collected) };
    if (signal.aborted) {
      throw gatewayError(status.DEADLINE_EXCEEDED, "endorsement timeout expired while collecting endorsements");
    }
    const message = "failed to collect enough transaction endorsements, see attached details for more info";
    throw gatewayError(status.ABORTED, message, collection.details);
  }

  #read(request: EndorseRequest): GatewayProposal {
    const { proposedTransaction } = request;
    if (proposedTransaction === undefined || proposedTransaction.proposalBytes.length === 0) {
      throw gatewayError(status.INVALID_ARGUMENT, "the proposed transaction must contain a signed proposal");
    }
    try {
      return readProposal(proposedTransaction);
    } catch (error) {
      throw gatewayError(status.INVALID_ARGUMENT, messageOf(error));
    }
  }

  /** One peer of each organization that the client names; whether that satisfies the policy is the client's business. */
  async #planFor(
    { channelId, chaincode }: GatewayProposal,
    organizations: readonly string[],
  ): Promise<EndorsementPlan> {
    const found = await this.#candidates.byOrganization(channelId, chaincode);
    const missing = organizations.filter((mspId) => !found.has(mspId));
    if (missing.length > 0) {
      const message = `failed to find any endorsing peers for org(s): ${missing.join(", ")}`;
      throw gatewayError(status.UNAVAILABLE, message);
    }
    const wanted = new Set(organizations);
    return {
      groups: new Map([...found].filter(([mspId]) => wanted.has(mspId))),
      layouts: [new Map([...wanted].map((mspId) => [mspId, 1]))],
    };
  }

  /** A first endorser tells what the transaction touches; from that the plan follows. */
  async #planByFirst(
    proposal: GatewayProposal,
    collection: EndorsementCollection,
    signal: AbortSignal,
  ): Promise<{ plan: EndorsementPlan; first: ChannelPeer }> {
    const { peer: first, response } = await this.#first(proposal, signal);
    const interest = response.interest?.chaincodes.length ? response.interest : interestIn(proposal.chaincode);
    const plan = await this.#planInterest(proposal, interest);
    collection.accept(first, response);
    return { plan, first };
  }

  async #first(
    proposal: GatewayProposal,
    signal: AbortSignal,
  ): Promise<{ peer: ChannelPeer; response: ProposalResponse }> {
    const details: Detail[] = [];
    for (const peer of await this.#firstChoices(proposal)) {
      const answer = await this.#endorsers.ask(peer, proposal.signed, signal);
      if (signal.aborted) {
        throw gatewayError(status.DEADLINE_EXCEEDED, "endorsement timeout expired while collecting first endorsement");
      }
      if (answer.$case === "endorsed") return { peer, response: answer.response };
      details.push(answer.detail);
    }
    throw gatewayError(status.ABORTED, "failed to endorse transaction, see attached details for more info", details);
  }

  /** Peers of the own organization; failing these, and only where nothing secret would leave it, any that could be in a plan. */
  async #firstChoices({ channelId, chaincode, hasTransient }: GatewayProposal): Promise<readonly ChannelPeer[]> {
    const found = await this.#candidates.byOrganization(channelId, chaincode);
    const own = found.get(this.#mspId);
    if (own !== undefined) return own;
    if (hasTransient) {
      const advice = "retry specifying endorsing organization(s) to protect transient data";
      throw gatewayError(status.FAILED_PRECONDITION, `no endorsers found in the gateway's organization; ${advice}`);
    }
    const { groups, layouts } = await this.#plan(channelId, interestIn(chaincode));
    return [...(layouts[0]?.keys() ?? [])].flatMap((group) => groups.get(group) ?? []);
  }

  /** With transient data only members of the collections may see the proposal, even where they would merely write. */
  async #planInterest(
    { channelId, hasTransient }: GatewayProposal,
    interest: ChaincodeInterest,
  ): Promise<EndorsementPlan> {
    if (!hasTransient) return this.#plan(channelId, interest);
    const guarded = interest.chaincodes.filter(({ noPrivateReads }) => noPrivateReads);
    const strict = { chaincodes: interest.chaincodes.map((call) => ({ ...call, noPrivateReads: false })) };
    try {
      return await this.#plan(channelId, strict);
    } catch (error) {
      if (guarded.length === 0 || !(await this.#canPlan(channelId, interest))) throw error;
      const names = guarded.flatMap(({ collectionNames }) => collectionNames).join(" ");
      const reason = `requires endorsement from organisation(s) that are not in the distribution policy of the private data collection(s): [${names}]`;
      const advice = "retry specifying trusted endorsing organizations to protect transient data";
      throw gatewayError(status.FAILED_PRECONDITION, `${reason}; ${advice}`);
    }
  }

  async #canPlan(channelId: string, interest: ChaincodeInterest): Promise<boolean> {
    return this.#plan(channelId, interest).then(
      () => true,
      () => false,
    );
  }

  async #plan(channelId: string, interest: ChaincodeInterest): Promise<EndorsementPlan> {
    try {
      const planning = this.#plannings.of(channelId);
      if (planning !== undefined) return await planning.planner.plan(interest);
    } catch (error) {
      throw gatewayError(status.FAILED_PRECONDITION, `${NO_PLAN}: ${messageOf(error)}`);
    }
    const name = interest.chaincodes[0]?.name ?? "";
    const reason = `No metadata was found for chaincode ${name} in channel ${channelId}`;
    throw gatewayError(status.FAILED_PRECONDITION, `${NO_PLAN}: ${reason}`);
  }
}

function interestIn(chaincode: string): ChaincodeInterest {
  return { chaincodes: [ChaincodeCall.create({ name: chaincode })] };
}
