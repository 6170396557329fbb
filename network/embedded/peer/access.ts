import type { Identity } from "@wanlian/protocol/identities/identity.js";
import { Classification, type MSPPrincipal, MSPRole, MSPRoleType } from "@wanlian/protocol/messages/policies.js";
import type { SignedData } from "@wanlian/protocol/policies/policy.js";
import type { Channels } from "./channels.js";
import type { ProposalView } from "./endorser/proposal.js";
import { PeerError } from "./errors.js";
import type { LocalMsp } from "./local-msp.js";

const READERS = "/Channel/Application/Readers";
const WRITERS = "/Channel/Application/Writers";

/** Fabric's default policy for each thing that can be asked of a peer on a channel; a channel's ACLs may name others. */
const DEFAULT_POLICIES = {
  "peer/Propose": WRITERS,
  "peer/ChaincodeToChaincode": WRITERS,
  "gateway/CommitStatus": READERS,
  "gateway/ChaincodeEvents": READERS,
  "event/Block": READERS,
  "event/FilteredBlock": READERS,
  "qscc/GetChainInfo": READERS,
  "qscc/GetBlockByNumber": READERS,
  "qscc/GetBlockByHash": READERS,
  "qscc/GetTransactionByID": READERS,
  "qscc/GetBlockByTxID": READERS,
  "cscc/GetConfigBlock": READERS,
  "cscc/GetChannelConfig": READERS,
  "_lifecycle/CheckCommitReadiness": WRITERS,
  "_lifecycle/CommitChaincodeDefinition": WRITERS,
  "_lifecycle/QueryChaincodeDefinition": WRITERS,
  "_lifecycle/QueryChaincodeDefinitions": WRITERS,
} as const;

export type Resource = keyof typeof DEFAULT_POLICIES;

export const isResource = (name: string): name is Resource => Object.hasOwn(DEFAULT_POLICIES, name);

/** What this peer's own organization asks of those who administer or ask the peer itself. */
export type LocalRole = "Admins" | "Members";

/** Who may ask this peer for what. */
export class AccessControl {
  readonly #channels: Channels;
  readonly #local: LocalMsp;

  constructor(channels: Channels, local: LocalMsp) {
    this.#channels = channels;
    this.#local = local;
  }

  /** @throws PeerError ACCESS_DENIED unless the signature is by somebody whom the channel's policy for the resource accepts. */
  async check(resource: Resource, channelId: string, signed: SignedData): Promise<void> {
    const { policy, path } = this.#policy(resource, channelId);
    if (!(await policy.evaluate([signed]))) throw unsatisfied(channelId, path);
  }

  /** Discovery is for the channel's writers, and for its peers. */
  async checkDiscovery(channelId: string, signed: SignedData): Promise<void> {
    const config = this.#channels.get(channelId)?.ledger.config;
    if (config === undefined) throw new PeerError("ACCESS_DENIED", `channel '${channelId}' not found`);
    const identity = config.msps.deserialize(signed.identity);
    const isPeer = identity.satisfies(rolePrincipal(identity.mspId, MSPRoleType.PEER));
    const path = isPeer ? READERS : WRITERS;
    if (!(await config.policies.policy(path)?.evaluate([signed]))) throw unsatisfied(channelId, path);
  }

  /** What peers leave with each other is for the channel's peers alone. Returns who signed. */
  async checkPeer(channelId: string, signed: SignedData): Promise<Identity> {
    const config = this.#channels.get(channelId)?.ledger.config;
    if (config === undefined) throw new PeerError("ACCESS_DENIED", `channel '${channelId}' not found`);
    const identity = config.msps.deserialize(signed.identity);
    const isPeer = identity.satisfies(rolePrincipal(identity.mspId, MSPRoleType.PEER));
    if (!isPeer || !(await config.policies.policy(READERS)?.evaluate([signed]))) throw unsatisfied(channelId, READERS);
    return identity;
  }

  /** The same for an identity whose signature has been verified. */
  checkIdentity(resource: Resource, channelId: string, identity: Identity): void {
    const { policy, path } = this.#policy(resource, channelId);
    if (!policy.accepts([identity])) throw unsatisfied(channelId, path);
  }

  /** @throws PeerError ACCESS_DENIED unless the signer has the role in this peer's own organization. */
  async checkLocal(role: LocalRole, signed: SignedData): Promise<void> {
    const denied = (reason: string): PeerError =>
      new PeerError("ACCESS_DENIED", `${reason} during channelless check policy with policy [${role}]`);
    let identity: Identity;
    try {
      identity = this.#local.deserialize(signed.identity);
    } catch (error) {
      throw new PeerError("ACCESS_DENIED", denied("Failed deserializing proposal creator").message, { cause: error });
    }
    const wanted = role === "Admins" ? MSPRoleType.ADMIN : MSPRoleType.MEMBER;
    if (!identity.satisfies(rolePrincipal(this.#local.mspId, wanted))) {
      throw denied(`Failed verifying that proposal's creator satisfies local MSP principal`);
    }
    if (!(await identity.verify(signed.data, signed.signature))) {
      throw denied("Failed verifying proposal's creator signature");
    }
  }

  #policy(resource: Resource, channelId: string) {
    const config = this.#channels.get(channelId)?.ledger.config;
    if (config === undefined) {
      throw new PeerError("ACCESS_DENIED", `Failed to get policy manager for channel [${channelId}]`);
    }
    const path = absolute(config.acl(resource) ?? DEFAULT_POLICIES[resource]);
    const policy = config.policies.policy(path);
    if (policy === undefined)
      throw new PeerError("ACCESS_DENIED", `Failed to get policy [${path}] of channel [${channelId}]`);
    return { policy, path };
  }
}

function rolePrincipal(mspId: string, role: number): MSPPrincipal {
  const principal = MSPRole.encode({ mspIdentifier: mspId, role });
  return { principalClassification: Classification.ROLE, principal };
}

/** A proposal as a policy sees it. */
export function signedDataOf({ creator, signed }: ProposalView): SignedData {
  return { identity: creator, data: signed.proposalBytes, signature: signed.signature };
}

const absolute = (path: string): string => (path.startsWith("/") ? path : `/Channel/Application/${path}`);

function unsatisfied(channelId: string, path: string): PeerError {
  const where = `during check policy on channel [${channelId}] with policy [${path}]`;
  return new PeerError(
    "ACCESS_DENIED",
    `failed evaluating policy on signed data ${where}: [signature set did not satisfy policy]`,
  );
}
