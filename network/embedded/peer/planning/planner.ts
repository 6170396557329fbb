import { toHex } from "@wanlian/protocol/bytes.js";
import type { ChannelBundle } from "@wanlian/protocol/configuration/channel-bundle.js";
import type { Identity } from "@wanlian/protocol/identities/identity.js";
import {
  ApplicationPolicy,
  type MSPPrincipal,
  MSPRole,
  MSPRoleType,
  SignaturePolicyEnvelope,
} from "@wanlian/protocol/messages/policies.js";
import type { ChaincodeCall, ChaincodeInterest } from "@wanlian/protocol/messages/proposal.js";
import { implicitCollectionOwner } from "../../ledger/definitions.js";
import { PeerError } from "../errors.js";
import { staticCollections } from "../lifecycle/definition.js";
import type { ChaincodeDirectory, ChaincodeFacts } from "./chaincode-facts.js";
import { signaturePolicyOf } from "./channel-policy.js";
import type { ChannelPeer } from "./membership.js";
import { countsOf, mergeSets, type PrincipalSet, satisfyingSets } from "./principals.js";

/** How many peers of each group are needed. */
export type Layout = ReadonlyMap<string, number>;

/** Whose endorsements satisfy all policies of a transaction: any one of the layouts. */
export interface EndorsementPlan {
  readonly groups: ReadonlyMap<string, readonly ChannelPeer[]>;
  readonly layouts: readonly Layout[];
}

/** Finds the sets of peers that can endorse what a transaction touches (Fabric's discovery/endorsement/endorsement.go). */
export class EndorsementPlanner {
  readonly #chaincodes: ChaincodeDirectory;
  readonly #config: () => ChannelBundle;
  readonly #peers: () => readonly ChannelPeer[];

  constructor(chaincodes: ChaincodeDirectory, config: () => ChannelBundle, peers: () => readonly ChannelPeer[]) {
    this.#chaincodes = chaincodes;
    this.#config = config;
    this.#peers = peers;
  }

  /** @throws PeerError NO_ENDORSERS when there is no such set of peers. */
  async plan(interest: ChaincodeInterest): Promise<EndorsementPlan> {
    const config = this.#config();
    const calls = await this.#lookUp(interest, config);
    const sets = this.#principalSets(calls, config);
    const identities = new Map(this.#peers().map((peer) => [peer, identityOf(peer, config)]));
    const eligible = [...identities].filter(([, identity]) => calls.every((call) => mayRead(call, identity)));
    const satisfying = new Map<string, ChannelPeer[]>();
    for (const { key, principal } of sets.flat()) {
      if (satisfying.has(key)) continue;
      satisfying.set(
        key,
        eligible.filter(([, identity]) => identity?.satisfies(principal)).map(([peer]) => peer),
      );
    }
    const possible = sets.map(countsOf).filter((counts) => everyGroup(counts, satisfying));
    if (possible.length === 0) throw noEndorsers("no peer combination can satisfy the endorsement policy");
    const running = new Map(
      [...satisfying].map(([key, peers]) => [
        key,
        peers.filter(({ mspId }) => calls.every(({ facts }) => facts.runners.has(mspId))),
      ]),
    );
    const layouts = possible.filter((counts) => everyGroup(counts, running));
    if (layouts.length === 0) throw noEndorsers("required chaincodes are not installed on sufficient peers");
    return named(running, layouts);
  }

  /** Peers that can run all the chaincodes of an interest and may read its collections. */
  async members(interest: ChaincodeInterest): Promise<readonly ChannelPeer[]> {
    const config = this.#config();
    const calls = await this.#lookUp(interest, config);
    return this.#peers().filter(
      (peer) =>
        calls.every(({ facts }) => facts.runners.has(peer.mspId)) &&
        calls.every((call) => mayRead(call, identityOf(peer, config))),
    );
  }

  async #lookUp({ chaincodes }: ChaincodeInterest, config: ChannelBundle): Promise<KnownCall[]> {
    const calls: KnownCall[] = [];
    for (const call of chaincodes) {
      const facts = await this.#chaincodes.find(call.name);
      if (facts?.policy === undefined) {
        throw noEndorsers(`No metadata was found for chaincode ${call.name} in channel ${config.channelId}`);
      }
      calls.push({ call, facts });
    }
    return calls;
  }

  #principalSets(calls: readonly KnownCall[], config: ChannelBundle): readonly PrincipalSet[] {
    const ways = new Map<string, readonly PrincipalSet[]>();
    for (const known of calls) {
      for (const [name, sets] of waysOf(known, config)) {
        if (sets.length === 0) throw noEndorsers("endorsement policy cannot be satisfied");
        ways.set(name, sets);
      }
      for (const policy of known.call.keyPolicies) {
        const sets = satisfyingSets(policy);
        if (sets.length === 0) throw noEndorsers("state based endorsement policy cannot be satisfied");
        ways.set(nameOf(policy), sets);
      }
    }
    const [first, ...rest] = ways.values();
    if (first === undefined) throw noEndorsers("no principal sets remained after filtering");
    return rest.reduce<readonly PrincipalSet[]>(mergeSets, first);
  }
}

interface KnownCall {
  readonly call: ChaincodeCall;
  readonly facts: ChaincodeFacts;
}

/** By its content, so that a policy that several chaincodes have is asked for once. */
const nameOf = (policy: SignaturePolicyEnvelope): string => toHex(SignaturePolicyEnvelope.encode(policy));

/** How to satisfy the chaincode's policy, or those of the collections that are named; none where single keys' policies replace it. */
function waysOf({ call, facts }: KnownCall, config: ChannelBundle): [string, readonly PrincipalSet[]][] {
  const { policy, ways } = facts;
  const own: [string, readonly PrincipalSet[]] = [policy === undefined ? "" : nameOf(policy), ways];
  if (call.collectionNames.length === 0) {
    if (!call.disregardNamespacePolicy) return [own];
    if (call.keyPolicies.length > 0) return [];
    throw noEndorsers(
      `requested to disregard chaincode ${call.name}'s policy but key and collection policies are missing`,
    );
  }
  return call.collectionNames.map((name) => {
    const special = collectionPolicy(name, facts, config);
    return special === undefined ? own : [nameOf(special), satisfyingSets(special)];
  });
}

function collectionPolicy(
  name: string,
  facts: ChaincodeFacts,
  config: ChannelBundle,
): SignaturePolicyEnvelope | undefined {
  const owner = implicitCollectionOwner(name);
  if (owner !== undefined) return memberPolicy(owner);
  const found = staticCollections(facts.definition.collections).find((one) => one.name === name);
  return found?.endorsementPolicy && signaturePolicyOf(ApplicationPolicy.encode(found.endorsementPolicy), config);
}

/** Any member of an organization. */
function memberPolicy(mspId: string): SignaturePolicyEnvelope {
  const member = MSPRole.encode({ mspIdentifier: mspId, role: MSPRoleType.MEMBER });
  return {
    version: 0,
    rule: { signedBy: 0, nOutOf: undefined },
    identities: [{ principalClassification: 0, principal: member }],
  };
}

/** Where private values are read, only peers of the collection's members can give them. */
function mayRead({ call, facts }: KnownCall, identity: Identity | undefined): boolean {
  if (call.noPrivateReads) return true;
  return call.collectionNames.every((name) => {
    const members = membersOf(name, facts);
    return members.some((principal) => identity?.satisfies(principal));
  });
}

function membersOf(name: string, facts: ChaincodeFacts): readonly MSPPrincipal[] {
  const owner = implicitCollectionOwner(name);
  if (owner !== undefined) return memberPolicy(owner).identities;
  const found = staticCollections(facts.definition.collections).find((one) => one.name === name);
  return found?.memberOrgsPolicy?.signaturePolicy?.identities ?? [];
}

function identityOf({ identity }: ChannelPeer, config: ChannelBundle): Identity | undefined {
  try {
    return config.msps.deserialize(identity);
  } catch {
    // A peer of an organization that has left the channel satisfies nothing.
    return undefined;
  }
}

function everyGroup(counts: ReadonlyMap<string, number>, peers: ReadonlyMap<string, readonly unknown[]>): boolean {
  return [...counts].every(([key, count]) => (peers.get(key)?.length ?? 0) >= count);
}

/** Groups have short names that say nothing, as in Fabric. */
function named(groups: ReadonlyMap<string, ChannelPeer[]>, layouts: ReadonlyMap<string, number>[]): EndorsementPlan {
  const names = new Map([...groups.keys()].map((key, index) => [key, `G${index}`]));
  const nameOf = (key: string): string => names.get(key) ?? key;
  const used = new Set(layouts.flatMap((layout) => [...layout.keys()]));
  return {
    groups: new Map([...groups].filter(([key]) => used.has(key)).map(([key, peers]) => [nameOf(key), peers])),
    layouts: layouts.map((layout) => new Map([...layout].map(([key, count]) => [nameOf(key), count]))),
  };
}

const noEndorsers = (reason: string): PeerError => new PeerError("NO_ENDORSERS", reason);
