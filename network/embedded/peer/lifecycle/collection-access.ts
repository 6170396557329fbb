import type { ChannelBundle } from "@wanlian/protocol/configuration/channel-bundle.js";
import type { StaticCollectionConfig } from "@wanlian/protocol/messages/collections.js";
import { implicitCollectionOwner } from "../../ledger/definitions.js";
import type { Channels } from "../channels.js";
import type { Invocation } from "../dialogue/invocation.js";
import type { CollectionAccess } from "../dialogue/state-requests.js";
import { PeerError } from "../errors.js";
import type { CollectionCheck, Simulator } from "../simulation/simulator.js";
import { readDefinition, staticCollections } from "./definition.js";
import { LIFECYCLE } from "./layout.js";
import { publicState } from "./states.js";

/** The namespace of the lifecycle before Fabric 2; asking it is part of what Fabric's peers read. */
const LEGACY_LIFECYCLE = "lscc";

/** Whether a chaincode has a collection: one that its definition names, or the implicit one of an organization of the channel. */
export function collectionCheck(config: ChannelBundle): CollectionCheck {
  return async (namespace, collection, simulator) => {
    const explicit = namespace === LIFECYCLE ? [] : await definedCollections(namespace, simulator);
    const owner = implicitCollectionOwner(collection);
    if (owner !== undefined) return config.applications.some(({ mspId }) => mspId === owner);
    return explicit.some(({ name }) => name === collection);
  };
}

async function definedCollections(namespace: string, simulator: Simulator): Promise<StaticCollectionConfig[]> {
  const definition = await readDefinition(namespace, publicState(simulator));
  if (definition !== undefined) return staticCollections(definition.collections);
  await simulator.get(LEGACY_LIFECYCLE, namespace);
  throw new PeerError("SIMULATION", `collection config not defined for chaincode [${namespace}]`);
}

/** Lets only clients of a collection's members read or write it where its definition says so (Fabric's core/common/privdata/store.go). */
export class MemberOnlyAccess implements CollectionAccess {
  readonly #channels: Channels;
  readonly #decided = new WeakMap<Invocation, Map<string, { read: boolean; write: boolean }>>();

  constructor(channels: Channels) {
    this.#channels = channels;
  }

  async check(invocation: Invocation, state: Simulator, collection: string, act: "read" | "write"): Promise<void> {
    let decided = this.#decided.get(invocation);
    if (decided === undefined) {
      decided = new Map();
      this.#decided.set(invocation, decided);
    }
    let allowed = decided.get(collection);
    if (allowed === undefined) {
      allowed = await this.#allowed(invocation, state, collection);
      decided.set(collection, allowed);
    }
    if (allowed[act]) return;
    const where = `chaincodeName:${invocation.namespace} collectionName: ${collection}`;
    throw new PeerError("SIMULATION", `tx creator does not have ${act} access permission on privatedata in ${where}`);
  }

  async #allowed(
    { namespace, context }: Invocation,
    state: Simulator,
    collection: string,
  ): Promise<{ read: boolean; write: boolean }> {
    const definition = await readDefinition(namespace, publicState(state));
    if (implicitCollectionOwner(collection) !== undefined) return { read: true, write: true };
    const found = staticCollections(definition?.collections).find(({ name }) => name === collection);
    if (found === undefined) {
      throw new PeerError(
        "SIMULATION",
        `collection ${context.channelId}/${namespace}/${collection} could not be found`,
      );
    }
    if (!found.memberOnlyRead && !found.memberOnlyWrite) return { read: true, write: true };
    const config = this.#channels.get(context.channelId)?.ledger.config;
    const creator = config?.msps.deserialize(context.proposal.creator);
    const principals = found.memberOrgsPolicy?.signaturePolicy?.identities ?? [];
    const member = principals.some((principal) => creator?.satisfies(principal));
    return { read: member || !found.memberOnlyRead, write: member || !found.memberOnlyWrite };
  }
}
