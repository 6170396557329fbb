/** Chaincode lifecycle: peer/lifecycle/*.proto. */
import {
  bool,
  bytes,
  type Decoded,
  int64,
  map,
  mapNested,
  message,
  nested,
  oneof,
  repeated,
  repeatedNested,
  string,
} from "../codec.js";
import { CollectionConfigPackage } from "./collections.js";

/** The fields of a definition in the messages that name the chaincode. */
const definition = {
  sequence: int64(1),
  name: string(2),
  version: string(3),
  endorsementPlugin: string(4),
  validationPlugin: string(5),
  validationParameter: bytes(6),
  collections: nested(7, CollectionConfigPackage),
  initRequired: bool(8),
};

/** The fields of a definition in the answers about one chaincode, which leave its name out. */
const namelessDefinition = {
  sequence: int64(1),
  version: string(2),
  endorsementPlugin: string(3),
  validationPlugin: string(4),
  validationParameter: bytes(5),
  collections: nested(6, CollectionConfigPackage),
  initRequired: bool(7),
};

export const ChaincodeEndorsementInfo = message({
  version: string(1),
  initRequired: bool(2),
  endorsementPlugin: string(3),
});
export type ChaincodeEndorsementInfo = Decoded<typeof ChaincodeEndorsementInfo>;

export const ChaincodeValidationInfo = message({ validationPlugin: string(1), validationParameter: bytes(2) });
export type ChaincodeValidationInfo = Decoded<typeof ChaincodeValidationInfo>;

export const StateMetadata = message({ datatype: string(1), fields: repeated(string(2)) });
export type StateMetadata = Decoded<typeof StateMetadata>;

export const StateData = message({ ...oneof({ int64: int64(1), bytes: bytes(2), string: string(3) }) });
export type StateData = Decoded<typeof StateData>;

export const InstallChaincodeArgs = message({ chaincodeInstallPackage: bytes(1) });
export type InstallChaincodeArgs = Decoded<typeof InstallChaincodeArgs>;

export const InstallChaincodeResult = message({ packageId: string(1), label: string(2) });
export type InstallChaincodeResult = Decoded<typeof InstallChaincodeResult>;

export const QueryInstalledChaincodeArgs = message({ packageId: string(1) });
export type QueryInstalledChaincodeArgs = Decoded<typeof QueryInstalledChaincodeArgs>;

export const Chaincode = message({ name: string(1), version: string(2) });
export type Chaincode = Decoded<typeof Chaincode>;

export const References = message({ chaincodes: repeatedNested(1, Chaincode) });
export type References = Decoded<typeof References>;

export const QueryInstalledChaincodeResult = message({
  packageId: string(1),
  label: string(2),
  references: mapNested(3, string(1), () => References),
});
export type QueryInstalledChaincodeResult = Decoded<typeof QueryInstalledChaincodeResult>;

export const GetInstalledChaincodePackageArgs = message({ packageId: string(1) });
export type GetInstalledChaincodePackageArgs = Decoded<typeof GetInstalledChaincodePackageArgs>;

export const GetInstalledChaincodePackageResult = message({ chaincodeInstallPackage: bytes(1) });
export type GetInstalledChaincodePackageResult = Decoded<typeof GetInstalledChaincodePackageResult>;

export const QueryInstalledChaincodesArgs = message({});
export type QueryInstalledChaincodesArgs = Decoded<typeof QueryInstalledChaincodesArgs>;

export const InstalledChaincode = message({
  packageId: string(1),
  label: string(2),
  references: mapNested(3, string(1), () => References),
});
export type InstalledChaincode = Decoded<typeof InstalledChaincode>;

export const QueryInstalledChaincodesResult = message({ installedChaincodes: repeatedNested(1, InstalledChaincode) });
export type QueryInstalledChaincodesResult = Decoded<typeof QueryInstalledChaincodesResult>;

export const Unavailable = message({});
export type Unavailable = Decoded<typeof Unavailable>;

export const Local = message({ packageId: string(1) });
export type Local = Decoded<typeof Local>;

export const ChaincodeSource = message({
  ...oneof({ unavailable: nested(1, Unavailable), localPackage: nested(2, Local) }),
});
export type ChaincodeSource = Decoded<typeof ChaincodeSource>;

export const ApproveChaincodeDefinitionForMyOrgArgs = message({
  ...definition,
  source: nested(9, ChaincodeSource),
});
export type ApproveChaincodeDefinitionForMyOrgArgs = Decoded<typeof ApproveChaincodeDefinitionForMyOrgArgs>;

export const ApproveChaincodeDefinitionForMyOrgResult = message({});
export type ApproveChaincodeDefinitionForMyOrgResult = Decoded<typeof ApproveChaincodeDefinitionForMyOrgResult>;

export const CommitChaincodeDefinitionArgs = message({
  ...definition,
});
export type CommitChaincodeDefinitionArgs = Decoded<typeof CommitChaincodeDefinitionArgs>;

export const CommitChaincodeDefinitionResult = message({});
export type CommitChaincodeDefinitionResult = Decoded<typeof CommitChaincodeDefinitionResult>;

export const CheckCommitReadinessArgs = message({
  ...definition,
});
export type CheckCommitReadinessArgs = Decoded<typeof CheckCommitReadinessArgs>;

export const Mismatches = message({ items: repeated(string(1)) });
export type Mismatches = Decoded<typeof Mismatches>;

export const CheckCommitReadinessResult = message({
  approvals: map(1, string(1), bool(2)),
  mismatches: mapNested(2, string(1), () => Mismatches),
});
export type CheckCommitReadinessResult = Decoded<typeof CheckCommitReadinessResult>;

export const QueryApprovedChaincodeDefinitionArgs = message({ name: string(1), sequence: int64(2) });
export type QueryApprovedChaincodeDefinitionArgs = Decoded<typeof QueryApprovedChaincodeDefinitionArgs>;

export const QueryApprovedChaincodeDefinitionResult = message({
  ...namelessDefinition,
  source: nested(8, ChaincodeSource),
});
export type QueryApprovedChaincodeDefinitionResult = Decoded<typeof QueryApprovedChaincodeDefinitionResult>;

export const QueryApprovedChaincodeDefinitionsArgs = message({});
export type QueryApprovedChaincodeDefinitionsArgs = Decoded<typeof QueryApprovedChaincodeDefinitionsArgs>;

export const ApprovedChaincodeDefinition = message({
  name: string(1),
  sequence: int64(2),
  version: string(3),
  endorsementPlugin: string(4),
  validationPlugin: string(5),
  validationParameter: bytes(6),
  collections: nested(7, CollectionConfigPackage),
  initRequired: bool(8),
  source: nested(9, ChaincodeSource),
});
export type ApprovedChaincodeDefinition = Decoded<typeof ApprovedChaincodeDefinition>;

export const QueryApprovedChaincodeDefinitionsResult = message({
  approvedChaincodeDefinitions: repeatedNested(1, ApprovedChaincodeDefinition),
});
export type QueryApprovedChaincodeDefinitionsResult = Decoded<typeof QueryApprovedChaincodeDefinitionsResult>;

export const QueryChaincodeDefinitionArgs = message({ name: string(1) });
export type QueryChaincodeDefinitionArgs = Decoded<typeof QueryChaincodeDefinitionArgs>;

export const QueryChaincodeDefinitionResult = message({
  ...namelessDefinition,
  approvals: map(8, string(1), bool(2)),
});
export type QueryChaincodeDefinitionResult = Decoded<typeof QueryChaincodeDefinitionResult>;

export const QueryChaincodeDefinitionsArgs = message({});
export type QueryChaincodeDefinitionsArgs = Decoded<typeof QueryChaincodeDefinitionsArgs>;

export const ChaincodeDefinition = message({
  name: string(1),
  sequence: int64(2),
  version: string(3),
  endorsementPlugin: string(4),
  validationPlugin: string(5),
  validationParameter: bytes(6),
  collections: nested(7, CollectionConfigPackage),
  initRequired: bool(8),
});
export type ChaincodeDefinition = Decoded<typeof ChaincodeDefinition>;

export const QueryChaincodeDefinitionsResult = message({
  chaincodeDefinitions: repeatedNested(1, ChaincodeDefinition),
});
export type QueryChaincodeDefinitionsResult = Decoded<typeof QueryChaincodeDefinitionsResult>;
