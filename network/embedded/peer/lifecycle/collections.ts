import { messageOf } from "@wanlian/protocol/errors.js";
import type { MspManager } from "@wanlian/protocol/identities/identity.js";
import type { CollectionConfigPackage, StaticCollectionConfig } from "@wanlian/protocol/messages/collections.js";
import {
  Classification,
  type MSPPrincipal,
  MSPRole,
  OrganizationUnit,
  type SignaturePolicy,
} from "@wanlian/protocol/messages/policies.js";
import { CompiledSignaturePolicy } from "@wanlian/protocol/policies/signature-policy.js";
import { PeerError } from "../errors.js";
import { staticCollections } from "./definition.js";

/** What Fabric's pattern admits, without its nested repetition: that takes JavaScript exponential time on a name that does not match. */
const NAME = /^[A-Za-z0-9-][A-Za-z0-9_-]*$/;

/** Checks the collections of a definition that is being proposed (Fabric's core/chaincode/lifecycle/scc.go). @throws PeerError */
export function checkCollections(
  proposed: CollectionConfigPackage | undefined,
  committed: CollectionConfigPackage | undefined,
  msps: MspManager,
): void {
  const collections = staticCollections(proposed);
  const seen = new Set<string>();
  for (const collection of collections) {
    const { name } = collection;
    if (!NAME.test(name)) {
      const allowed = "Names can only consist of alphanumerics, '_', and '-' and cannot begin with '_'";
      throw invalid(`invalid collection name '${name}'. ${allowed}`);
    }
    if (seen.has(name)) throw invalid(`collection-name: ${name} -- found duplicate in collection configuration`);
    seen.add(name);
    checkPeerCounts(collection);
    checkMembers(collection, msps);
  }
  checkAgainst(collections, staticCollections(committed));
}

function checkPeerCounts({ name, maximumPeerCount: most, requiredPeerCount: least }: StaticCollectionConfig): void {
  if (most < least) {
    const rule = `maximum peer count (${most}) cannot be less than the required peer count (${least})`;
    throw invalid(`collection-name: ${name} -- ${rule}`);
  }
  if (least < 0) throw invalid(`collection-name: ${name} -- requiredPeerCount (${least}) cannot be less than zero`);
}

function checkMembers({ name, memberOrgsPolicy }: StaticCollectionConfig, msps: MspManager): void {
  if (memberOrgsPolicy === undefined) throw invalid(`collection member policy is not set for collection '${name}'`);
  const policy = memberOrgsPolicy.signaturePolicy;
  if (policy === undefined) throw invalid(`collection member org policy is empty for collection '${name}'`);
  try {
    new CompiledSignaturePolicy(policy, msps);
  } catch (error) {
    const message = `invalid member org policy for collection '${name}': ${messageOf(error)}`;
    throw new PeerError("SIMULATION", message, { cause: error });
  }
  checkOnlyOrs(name, policy.rule);
  for (const principal of policy.identities) checkPrincipal(name, principal, msps);
}

function checkOnlyOrs(name: string, rule: SignaturePolicy | undefined): void {
  const choice = rule?.nOutOf;
  if (choice === undefined) return;
  if (choice.n !== 1) {
    const reason = `signature policy is not an OR concatenation, NOutOf ${choice.n}`;
    throw invalid(`collection-name: ${name} -- error in member org policy: ${reason}`);
  }
  for (const inner of choice.rules) checkOnlyOrs(name, inner);
}

function checkPrincipal(name: string, { principalClassification, principal }: MSPPrincipal, msps: MspManager): void {
  if (principalClassification === Classification.IDENTITY) {
    try {
      msps.deserialize(principal);
    } catch (error) {
      const message = `collection-name: ${name} -- contains an identity that is not part of the channel`;
      throw new PeerError("SIMULATION", message, { cause: error });
    }
    return;
  }
  const mspId = organizationOf(principalClassification, principal);
  if (mspId === undefined) {
    throw invalid(`collection-name: ${name} -- principal type ${principalClassification} is not supported`);
  }
  if (!msps.mspIds.includes(mspId)) {
    throw invalid(`collection-name: ${name} -- collection member '${mspId}' is not part of the channel`);
  }
}

function organizationOf(classification: number, principal: Uint8Array): string | undefined {
  if (classification === Classification.ROLE) return MSPRole.decode(principal).mspIdentifier;
  if (classification === Classification.ORGANIZATION_UNIT) return OrganizationUnit.decode(principal).mspIdentifier;
  return undefined;
}

/** A collection stays, and its lifetime of data with it. */
function checkAgainst(proposed: StaticCollectionConfig[], committed: StaticCollectionConfig[]): void {
  if (committed.length > 0 && proposed.length === 0) {
    throw invalid("the proposed collection config does not contain previously defined collections");
  }
  for (const { name, blockToLive } of committed) {
    const next = proposed.find((one) => one.name === name);
    if (next === undefined) {
      throw invalid(`existing collection [${name}] missing in the proposed collection configuration`);
    }
    if (next.blockToLive !== blockToLive) {
      throw invalid(`the BlockToLive in an existing collection [${name}] modified. Existing value [${blockToLive}]`);
    }
  }
}

const invalid = (message: string): PeerError => new PeerError("SIMULATION", message);
