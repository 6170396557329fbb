/** Chaincode definitions as lifecycle committed them to the state of namespace `_lifecycle`. */
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { CollectionConfigPackage, type StaticCollectionConfig } from "@wanlian/protocol/messages/collections.js";
import {
  ChaincodeEndorsementInfo,
  ChaincodeValidationInfo,
  StateData,
  StateMetadata,
} from "@wanlian/protocol/messages/lifecycle.js";

export const LIFECYCLE_NAMESPACE = "_lifecycle";

const IMPLICIT_COLLECTION_PREFIX = "_implicit_org_";

/** The collection that every organization has without a definition. */
export const implicitCollection = (mspId: string): string => `${IMPLICIT_COLLECTION_PREFIX}${mspId}`;

/** The organization of an implicit collection; undefined for any other. */
export const implicitCollectionOwner = (collection: string): string | undefined =>
  collection.startsWith(IMPLICIT_COLLECTION_PREFIX) ? collection.slice(IMPLICIT_COLLECTION_PREFIX.length) : undefined;

export interface ChaincodeDefinition {
  readonly name: string;
  readonly sequence: bigint;
  readonly version: string;
  readonly initRequired: boolean;
  readonly endorsementPlugin: string;
  readonly validationPlugin: string;
  /** Encoded ApplicationPolicy. */
  readonly validationParameter: Uint8Array;
  readonly collections: readonly StaticCollectionConfig[];
}

/** Reads a public key of namespace `_lifecycle`. */
export type LifecycleReader = (key: string) => Promise<Uint8Array | undefined>;

/**
 * The committed definition of a chaincode, if there is one.
 * @throws ProtocolError MALFORMED or INVALID_TRANSACTION when what stands there is none: Fabric's peers stop on that.
 */
export async function readDefinition(name: string, read: LifecycleReader): Promise<ChaincodeDefinition | undefined> {
  const bytes = await read(`namespaces/metadata/${name}`);
  if (bytes === undefined) return undefined;
  const { datatype } = StateMetadata.decode(bytes);
  if (datatype !== "ChaincodeDefinition") {
    throw new ProtocolError("INVALID_TRANSACTION", `lifecycle holds ${datatype} under the name of chaincode ${name}`);
  }
  const field = async (key: string): Promise<StateData> =>
    StateData.decode((await read(`namespaces/fields/${name}/${key}`)) ?? new Uint8Array(0));
  const [sequence, endorsement, validation, collections] = await Promise.all(
    ["Sequence", "EndorsementInfo", "ValidationInfo", "Collections"].map(field),
  );
  const endorsementInfo = ChaincodeEndorsementInfo.decode(endorsement?.bytes ?? new Uint8Array(0));
  const validationInfo = ChaincodeValidationInfo.decode(validation?.bytes ?? new Uint8Array(0));
  return {
    name,
    sequence: sequence?.int64 ?? 0n,
    version: endorsementInfo.version,
    initRequired: endorsementInfo.initRequired,
    endorsementPlugin: endorsementInfo.endorsementPlugin,
    validationPlugin: validationInfo.validationPlugin,
    validationParameter: validationInfo.validationParameter,
    collections: CollectionConfigPackage.decode(collections?.bytes ?? new Uint8Array(0)).config.flatMap(
      ({ staticCollectionConfig }) => staticCollectionConfig ?? [],
    ),
  };
}
