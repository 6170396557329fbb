/** Private data collections: peer/collection.proto. */
import { bool, type Decoded, int32, message, nested, oneof, repeatedNested, string, uint64 } from "../codec.js";
import { ApplicationPolicy, SignaturePolicyEnvelope } from "./policies.js";

export const CollectionPolicyConfig = message({ ...oneof({ signaturePolicy: nested(1, SignaturePolicyEnvelope) }) });
export type CollectionPolicyConfig = Decoded<typeof CollectionPolicyConfig>;

export const StaticCollectionConfig = message({
  name: string(1),
  memberOrgsPolicy: nested(2, CollectionPolicyConfig),
  requiredPeerCount: int32(3),
  maximumPeerCount: int32(4),
  blockToLive: uint64(5),
  memberOnlyRead: bool(6),
  memberOnlyWrite: bool(7),
  endorsementPolicy: nested(8, ApplicationPolicy),
});
export type StaticCollectionConfig = Decoded<typeof StaticCollectionConfig>;

export const CollectionConfig = message({ ...oneof({ staticCollectionConfig: nested(1, StaticCollectionConfig) }) });
export type CollectionConfig = Decoded<typeof CollectionConfig>;

export const CollectionConfigPackage = message({ config: repeatedNested(1, CollectionConfig) });
export type CollectionConfigPackage = Decoded<typeof CollectionConfigPackage>;
