import { equalBytes, toHex } from "@wanlian/protocol/bytes.js";
import { CollectionConfigPackage, type StaticCollectionConfig } from "@wanlian/protocol/messages/collections.js";
import { ChaincodeEndorsementInfo, ChaincodeValidationInfo } from "@wanlian/protocol/messages/lifecycle.js";
import {
  bytesField,
  expectDatatype,
  integerField,
  type ReadableState,
  readBytes,
  readInteger,
  readMetadata,
  readText,
  type StoredRecord,
  textField,
} from "./layout.js";

/** What a channel agrees on about a chaincode. */
export interface Definition {
  readonly sequence: bigint;
  readonly version: string;
  readonly endorsementPlugin: string;
  readonly validationPlugin: string;
  /** An encoded ApplicationPolicy. */
  readonly validationParameter: Uint8Array;
  readonly collections: CollectionConfigPackage | undefined;
  readonly initRequired: boolean;
}

/** Without the sequence: what an organization approves. */
export type Parameters = Omit<Definition, "sequence">;

const DEFINITION = "ChaincodeDefinition";
const PARAMETERS = "ChaincodeParameters";
const LOCAL_PACKAGE = "ChaincodeLocalPackage";

/** The name under which an organization keeps its approval of one sequence. */
export const approvalName = (chaincode: string, sequence: bigint): string => `${chaincode}#${sequence}`;

export function parametersRecord(parameters: Parameters): StoredRecord {
  return { datatype: PARAMETERS, fields: parameterFields(parameters) };
}

export function definitionRecord(definition: Definition): StoredRecord {
  return {
    datatype: DEFINITION,
    fields: [integerField("Sequence", definition.sequence), ...parameterFields(definition)],
  };
}

/** The package that an organization runs; empty if it runs none. */
export function packageRecord(packageId: string): StoredRecord {
  return { datatype: LOCAL_PACKAGE, fields: [textField("PackageID", packageId)] };
}

function parameterFields(parameters: Parameters): StoredRecord["fields"] {
  const { version, initRequired, endorsementPlugin, validationPlugin, validationParameter, collections } = parameters;
  return [
    bytesField("EndorsementInfo", ChaincodeEndorsementInfo.encode({ version, initRequired, endorsementPlugin })),
    bytesField("ValidationInfo", ChaincodeValidationInfo.encode({ validationPlugin, validationParameter })),
    bytesField("Collections", CollectionConfigPackage.encode(collections ?? {})),
  ];
}

/** The sequence of the committed definition; 0 if there is none. */
export function readSequence(chaincode: string, state: ReadableState): Promise<bigint> {
  return readInteger("namespaces", chaincode, "Sequence", state);
}

/** The committed definition; undefined if there is none. */
export async function readDefinition(chaincode: string, state: ReadableState): Promise<Definition | undefined> {
  const metadata = await readMetadata("namespaces", chaincode, state);
  if (metadata === undefined) return undefined;
  expectDatatype(metadata, DEFINITION);
  const sequence = await readSequence(chaincode, state);
  return { sequence, ...(await readParameterFields(chaincode, state)) };
}

/** What an organization approved of one sequence, from its own private state. */
export async function readApproval(name: string, state: ReadableState): Promise<Parameters | undefined> {
  const metadata = await readMetadata("namespaces", name, state);
  if (metadata === undefined) return undefined;
  expectDatatype(metadata, PARAMETERS);
  return readParameterFields(name, state);
}

/** The package that the organization named with its approval; undefined if it approved nothing of that name. */
export async function readPackageId(name: string, state: ReadableState): Promise<string | undefined> {
  const metadata = await readMetadata("chaincode-sources", name, state);
  if (metadata === undefined) return undefined;
  expectDatatype(metadata, LOCAL_PACKAGE);
  return readText("chaincode-sources", name, "PackageID", state);
}

async function readParameterFields(name: string, state: ReadableState): Promise<Parameters> {
  const endorsement = ChaincodeEndorsementInfo.decode(await readBytes("namespaces", name, "EndorsementInfo", state));
  const validation = ChaincodeValidationInfo.decode(await readBytes("namespaces", name, "ValidationInfo", state));
  const collections = CollectionConfigPackage.decode(await readBytes("namespaces", name, "Collections", state));
  return {
    version: endorsement.version,
    endorsementPlugin: endorsement.endorsementPlugin,
    initRequired: endorsement.initRequired,
    validationPlugin: validation.validationPlugin,
    validationParameter: validation.validationParameter,
    collections,
  };
}

/** The collections that a definition names, without the implicit ones. */
export function staticCollections(collections: CollectionConfigPackage | undefined): StaticCollectionConfig[] {
  return (collections?.config ?? []).flatMap(({ staticCollectionConfig }) => staticCollectionConfig ?? []);
}

/** How what was passed differs from what was expected, in Fabric's words; undefined where it does not. */
export function difference(expected: Parameters, passed: Parameters): string | undefined {
  for (const [field, name] of [
    ["version", "Version"],
    ["endorsementPlugin", "EndorsementPlugin"],
    ["initRequired", "InitRequired"],
    ["validationPlugin", "ValidationPlugin"],
  ] as const) {
    if (expected[field] !== passed[field]) {
      return `expected ${name} '${expected[field]}' does not match passed ${name} '${passed[field]}'`;
    }
  }
  if (!equalBytes(expected.validationParameter, passed.validationParameter)) {
    const [mine, theirs] = [toHex(expected.validationParameter), toHex(passed.validationParameter)];
    return `expected ValidationParameter '${mine}' does not match passed ValidationParameter '${theirs}'`;
  }
  const encode = ({ collections }: Parameters): Uint8Array => CollectionConfigPackage.encode(collections ?? {});
  return equalBytes(encode(expected), encode(passed)) ? undefined : "Collections do not match";
}
