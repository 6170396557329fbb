/** Whose private data a collection holds. */
import type { Identity } from "@wanlian/protocol/identities/identity.js";
import type { StaticCollectionConfig } from "@wanlian/protocol/messages/collections.js";
import { Classification, type MSPPrincipal, MSPRole, OrganizationUnit } from "@wanlian/protocol/messages/policies.js";
import { implicitCollectionOwner } from "./definitions.js";
import type { EndorsementPolicies } from "./policies.js";

/** A collection of a chaincode: one that every organization has by itself, or one that the chaincode's definition names. */
export type Collection =
  | { readonly kind: "implicit"; readonly owner: string }
  | { readonly kind: "defined"; readonly config: StaticCollectionConfig };

/** The collection as the last block has it; undefined where there is none. */
export async function findCollection(
  policies: EndorsementPolicies,
  namespace: string,
  name: string,
): Promise<Collection | undefined> {
  const owner = implicitCollectionOwner(name);
  if (owner !== undefined) return { kind: "implicit", owner };
  const config = (await policies.definition(namespace))?.collections.find((one) => one.name === name);
  return config && { kind: "defined", config };
}

/** After how many blocks its private data end; 0 for never. */
export const blocksToLive = (collection: Collection | undefined): bigint =>
  collection?.kind === "defined" ? collection.config.blockToLive : 0n;

/** Whether an organization keeps the collection's private data. */
export function hasMember(collection: Collection | undefined, mspId: string): boolean {
  if (collection === undefined) return false;
  if (collection.kind === "implicit") return collection.owner === mspId;
  return principalsOf(collection.config).some((principal) => organizationOf(principal) === mspId);
}

/** Whether an identity may be given the collection's private data. */
export function admits(collection: Collection | undefined, identity: Identity): boolean {
  if (collection === undefined) return false;
  if (collection.kind === "implicit") return collection.owner === identity.mspId;
  return principalsOf(collection.config).some((principal) => identity.satisfies(principal));
}

const principalsOf = (config: StaticCollectionConfig): readonly MSPPrincipal[] =>
  config.memberOrgsPolicy?.signaturePolicy?.identities ?? [];

function organizationOf({ principalClassification, principal }: MSPPrincipal): string | undefined {
  if (principalClassification === Classification.ROLE) return MSPRole.decode(principal).mspIdentifier;
  if (principalClassification === Classification.ORGANIZATION_UNIT)
    return OrganizationUnit.decode(principal).mspIdentifier;
  return undefined;
}
