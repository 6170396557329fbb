import type { MessageType } from "@wanlian/protocol/codec.js";
import {
  ApproveChaincodeDefinitionForMyOrgArgs,
  CheckCommitReadinessArgs,
  CheckCommitReadinessResult,
  CommitChaincodeDefinitionArgs,
  InstallChaincodeArgs,
  InstallChaincodeResult,
  QueryApprovedChaincodeDefinitionArgs,
  QueryApprovedChaincodeDefinitionResult,
  QueryChaincodeDefinitionArgs,
  QueryChaincodeDefinitionResult,
  QueryInstalledChaincodesArgs,
  QueryInstalledChaincodesResult,
} from "@wanlian/protocol/messages/lifecycle.js";
import { ApplicationPolicy } from "@wanlian/protocol/messages/policies.js";
import { RECORDS_REFERENCE } from "../../channel/policies.js";
import { NetworkError } from "../../error.js";
import { type PeerClient, text } from "../calls/peer.js";
import type { Invocation } from "../calls/proposal.js";

const LIFECYCLE = "_lifecycle";
const NOT_FOUND = 404;

/** A chaincode's definition as departments approve it. The endorsement policy is always the channel's `Records`. */
export interface Definition {
  readonly name: string;
  readonly version: string;
  readonly sequence: bigint;
}

/** The definition that is in force on a channel, and who has approved it. */
export interface CommittedDefinition extends Definition {
  /** What it names as endorsement policy; undefined if that is no reference. */
  readonly policyReference: string | undefined;
  readonly approvals: ReadonlyMap<string, boolean>;
}

/** Packages installed on a peer, by id. */
export async function installedPackages(peer: PeerClient): Promise<string[]> {
  const result = await query(peer, "", "QueryInstalledChaincodes", QueryInstalledChaincodesArgs, {});
  return QueryInstalledChaincodesResult.decode(result).installedChaincodes.map(({ packageId }) => packageId);
}

/** Installs a package and gives its id. */
export async function installPackage(peer: PeerClient, content: Uint8Array): Promise<string> {
  const args = { chaincodeInstallPackage: content };
  const result = await query(peer, "", "InstallChaincode", InstallChaincodeArgs, args);
  return InstallChaincodeResult.decode(result).packageId;
}

/** The definition in force, or undefined before the first. */
export async function committedDefinition(
  peer: PeerClient,
  channel: string,
  name: string,
): Promise<CommittedDefinition | undefined> {
  const result = await absentAsUndefined(
    query(peer, channel, "QueryChaincodeDefinition", QueryChaincodeDefinitionArgs, { name }),
    () => false,
  );
  if (!result) return undefined;
  const { version, sequence, validationParameter, approvals } = QueryChaincodeDefinitionResult.decode(result);
  const policyReference = ApplicationPolicy.decode(validationParameter).channelConfigPolicyReference;
  return { name, version, sequence, policyReference, approvals };
}

/** What a peer says that knows by its hash alone that its organisation approved: it began anew, and nobody else has the value. */
const HASH_ALONE = "private data matching public hash version is not available";

/**
 * The package with which the peer's organisation approved this sequence, or undefined if it has not, or the peer does not
 * know it.
 */
export async function approvedPackage(
  peer: PeerClient,
  channel: string,
  { name, sequence }: Pick<Definition, "name" | "sequence">,
): Promise<string | undefined> {
  const args = { name, sequence };
  const result = await absentAsUndefined(
    query(peer, channel, "QueryApprovedChaincodeDefinition", QueryApprovedChaincodeDefinitionArgs, args),
    (message) => message.includes("could not fetch approved chaincode definition") || message.includes(HASH_ALONE),
  );
  return result && QueryApprovedChaincodeDefinitionResult.decode(result).source?.localPackage?.packageId;
}

/** Who has approved exactly this definition, which is to be the next. */
export async function readiness(
  peer: PeerClient,
  channel: string,
  definition: Definition,
): Promise<ReadonlyMap<string, boolean>> {
  const result = await query(peer, channel, "CheckCommitReadiness", CheckCommitReadinessArgs, fields(definition));
  return CheckCommitReadinessResult.decode(result).approvals;
}

/** The call by which a department approves a definition, to be run with this package. */
export function approval(channel: string, definition: Definition, packageId: string): Invocation {
  const args = { ...fields(definition), source: { localPackage: { packageId } } };
  return invocation(channel, "ApproveChaincodeDefinitionForMyOrg", ApproveChaincodeDefinitionForMyOrgArgs, args);
}

/** The call that puts an approved definition in force. */
export function commitment(channel: string, definition: Definition): Invocation {
  return invocation(channel, "CommitChaincodeDefinition", CommitChaincodeDefinitionArgs, fields(definition));
}

function fields({ name, version, sequence }: Definition) {
  const validationParameter = ApplicationPolicy.encode({ channelConfigPolicyReference: RECORDS_REFERENCE });
  // The names of Fabric's built-in plugins are written out, as a peer would fill them in, so that all approvals hash alike.
  return { name, version, sequence, endorsementPlugin: "escc", validationPlugin: "vscc", validationParameter };
}

function invocation<T extends object>(
  channel: string,
  method: string,
  type: MessageType<T>,
  args: Parameters<MessageType<T>["encode"]>[0],
): Invocation {
  return { channel, chaincode: LIFECYCLE, args: [text(method), type.encode(args)] };
}

function query<T extends object>(
  peer: PeerClient,
  channel: string,
  method: string,
  type: MessageType<T>,
  args: Parameters<MessageType<T>["encode"]>[0],
): Promise<Uint8Array> {
  return peer.query(invocation(channel, method, type, args));
}

async function absentAsUndefined<T>(
  answer: Promise<T>,
  saysAbsent: (message: string) => boolean,
): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (!(error instanceof NetworkError) || error.code !== "REFUSED") throw error;
    if (error.details.status === NOT_FOUND || saysAbsent(error.message)) return undefined;
    throw error;
  }
}
