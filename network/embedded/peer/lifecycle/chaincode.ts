import { text } from "@wanlian/protocol/bytes.js";
import { messageOf } from "@wanlian/protocol/errors.js";
import {
  ApproveChaincodeDefinitionForMyOrgArgs,
  CheckCommitReadinessArgs,
  CheckCommitReadinessResult,
  CommitChaincodeDefinitionArgs,
  GetInstalledChaincodePackageArgs,
  GetInstalledChaincodePackageResult,
  InstallChaincodeArgs,
  InstallChaincodeResult,
  QueryApprovedChaincodeDefinitionArgs,
  QueryApprovedChaincodeDefinitionResult,
  QueryApprovedChaincodeDefinitionsResult,
  QueryChaincodeDefinitionArgs,
  QueryChaincodeDefinitionResult,
  QueryChaincodeDefinitionsResult,
  QueryInstalledChaincodeArgs,
  QueryInstalledChaincodeResult,
  QueryInstalledChaincodesResult,
  type References,
} from "@wanlian/protocol/messages/lifecycle.js";
import type { Response } from "@wanlian/protocol/messages/proposal.js";
import { type AccessControl, isResource, signedDataOf } from "../access.js";
import type { Channels } from "../channels.js";
import type { ProposalContext } from "../dialogue/invocation.js";
import type { ChaincodePackage } from "../dialogue/package.js";
import type { PackageStore } from "../dialogue/package-store.js";
import { inContext, PeerError } from "../errors.js";
import { failure, type SystemChaincode, success } from "../system/chaincode.js";
import { LIFECYCLE } from "./layout.js";
import { Lifecycle } from "./lifecycle.js";
import { approvedNames, packageReferences } from "./references.js";

type Operation = (input: Uint8Array, context: ProposalContext) => Promise<Uint8Array>;

const NOTHING = new Uint8Array(0);

/**
 * `_lifecycle`: installs packages on this peer, and agrees with the channel's other organizations on chaincodes (Fabric's
 * core/chaincode/lifecycle/scc.go).
 */
export class LifecycleChaincode implements SystemChaincode {
  readonly name = LIFECYCLE;
  readonly #mspId: string;
  readonly #packages: PackageStore;
  readonly #channels: Channels;
  readonly #access: AccessControl;
  readonly #operations: ReadonlyMap<string, Operation>;

  constructor(mspId: string, packages: PackageStore, channels: Channels, access: AccessControl) {
    this.#mspId = mspId;
    this.#packages = packages;
    this.#channels = channels;
    this.#access = access;
    this.#operations = new Map<string, Operation>([
      ["InstallChaincode", (input) => this.#install(input)],
      ["QueryInstalledChaincode", (input) => this.#queryInstalled(input)],
      ["QueryInstalledChaincodes", () => this.#queryAllInstalled()],
      ["GetInstalledChaincodePackage", (input) => this.#getPackage(input)],
      ["ApproveChaincodeDefinitionForMyOrg", (input, context) => this.#approve(input, context)],
      ["QueryApprovedChaincodeDefinition", (input, context) => this.#queryApproved(input, context)],
      ["QueryApprovedChaincodeDefinitions", (_, context) => this.#queryAllApproved(context)],
      ["CheckCommitReadiness", (input, context) => this.#checkReadiness(input, context)],
      ["CommitChaincodeDefinition", (input, context) => this.#commit(input, context)],
      ["QueryChaincodeDefinition", (input, context) => this.#queryDefinition(input, context)],
      ["QueryChaincodeDefinitions", (_, context) => this.#queryDefinitions(context)],
    ]);
  }

  async invoke(args: readonly Uint8Array[], context: ProposalContext): Promise<Response> {
    const [first, input] = args;
    if (first === undefined) return failure("lifecycle scc must be invoked with arguments");
    if (input === undefined || args.length !== 2) {
      return failure(`lifecycle scc operations require exactly two arguments but received ${args.length}`);
    }
    const name = text(first);
    const operation = this.#operations.get(name);
    const failed = `failed to invoke backing implementation of '${name}'`;
    if (operation === undefined) return failure(`${failed}: receiver *lifecycle.Invocation.${name} does not exist`);
    try {
      await this.#authorize(name, context);
    } catch (error) {
      return failure(`Failed to authorize invocation due to failed ACL check: ${messageOf(error)}`);
    }
    try {
      return success(await operation(input, context));
    } catch (error) {
      if (error instanceof PeerError && error.code === "NOT_FOUND") throw error;
      throw inContext(failed, error);
    }
  }

  /** What concerns the peer or its organization is for its administrators, the rest for the channel's writers. */
  async #authorize(name: string, { channelId, proposal }: ProposalContext): Promise<void> {
    const resource = `${LIFECYCLE}/${name}`;
    if (isResource(resource)) await this.#access.check(resource, channelId, signedDataOf(proposal));
    else await this.#access.checkLocal("Admins", signedDataOf(proposal));
  }

  async #install(input: Uint8Array): Promise<Uint8Array> {
    const { chaincodeInstallPackage } = InstallChaincodeArgs.decode(input);
    const { packageId, label } = await this.#packages.install(chaincodeInstallPackage);
    return InstallChaincodeResult.encode({ packageId, label });
  }

  async #queryInstalled(input: Uint8Array): Promise<Uint8Array> {
    const { packageId } = QueryInstalledChaincodeArgs.decode(input);
    const found = this.#packages.get(packageId);
    if (found === undefined) {
      throw new PeerError("NOT_FOUND", `could not find chaincode with package id '${packageId}'`);
    }
    return QueryInstalledChaincodeResult.encode({
      packageId,
      label: found.label,
      references: await this.#references(found),
    });
  }

  async #queryAllInstalled(): Promise<Uint8Array> {
    const installedChaincodes = [];
    for (const found of this.#packages.all()) {
      const { packageId, label } = found;
      installedChaincodes.push({ packageId, label, references: await this.#references(found) });
    }
    return QueryInstalledChaincodesResult.encode({ installedChaincodes });
  }

  #references({ packageId }: ChaincodePackage): Promise<Map<string, References>> {
    return packageReferences(packageId, this.#mspId, this.#channels);
  }

  async #getPackage(input: Uint8Array): Promise<Uint8Array> {
    const { packageId } = GetInstalledChaincodePackageArgs.decode(input);
    return GetInstalledChaincodePackageResult.encode({ chaincodeInstallPackage: await this.#packages.read(packageId) });
  }

  async #approve(input: Uint8Array, context: ProposalContext): Promise<Uint8Array> {
    const proposed = ApproveChaincodeDefinitionForMyOrgArgs.decode(input);
    await this.#on(context).approve(proposed, proposed.source?.localPackage?.packageId ?? "");
    return NOTHING;
  }

  async #queryApproved(input: Uint8Array, context: ProposalContext): Promise<Uint8Array> {
    const { name, sequence } = QueryApprovedChaincodeDefinitionArgs.decode(input);
    const { definition, packageId } = await this.#on(context).approved(name, sequence);
    return QueryApprovedChaincodeDefinitionResult.encode({ ...definition, source: sourceOf(packageId) });
  }

  async #queryAllApproved(context: ProposalContext): Promise<Uint8Array> {
    const lifecycle = this.#on(context);
    const approvedChaincodeDefinitions = [];
    for (const { name, sequence } of await approvedNames(context, this.#mspId)) {
      const { definition, packageId } = await lifecycle.approved(name, sequence);
      approvedChaincodeDefinitions.push({ name, ...definition, source: sourceOf(packageId) });
    }
    return QueryApprovedChaincodeDefinitionsResult.encode({ approvedChaincodeDefinitions });
  }

  async #checkReadiness(input: Uint8Array, context: ProposalContext): Promise<Uint8Array> {
    const approvals = await this.#on(context).readiness(CheckCommitReadinessArgs.decode(input));
    return CheckCommitReadinessResult.encode({
      approvals: new Map([...approvals].map(([mspId, { approved }]) => [mspId, approved])),
      mismatches: new Map(
        [...approvals].flatMap(([mspId, { mismatches }]) =>
          mismatches.length > 0 ? [[mspId, { items: mismatches }]] : [],
        ),
      ),
    });
  }

  async #commit(input: Uint8Array, context: ProposalContext): Promise<Uint8Array> {
    await this.#on(context).commit(CommitChaincodeDefinitionArgs.decode(input));
    return NOTHING;
  }

  async #queryDefinition(input: Uint8Array, context: ProposalContext): Promise<Uint8Array> {
    const { name } = QueryChaincodeDefinitionArgs.decode(input);
    const lifecycle = this.#on(context);
    const definition = await lifecycle.definition(name);
    const approvals = await lifecycle.approvals(name, definition);
    return QueryChaincodeDefinitionResult.encode({
      ...definition,
      approvals: new Map([...approvals].map(([mspId, { approved }]) => [mspId, approved])),
    });
  }

  async #queryDefinitions(context: ProposalContext): Promise<Uint8Array> {
    const lifecycle = this.#on(context);
    const chaincodeDefinitions = [];
    for (const name of await lifecycle.names()) {
      chaincodeDefinitions.push({ name, ...(await lifecycle.definition(name)) });
    }
    return QueryChaincodeDefinitionsResult.encode({ chaincodeDefinitions });
  }

  #on({ channelId, simulator }: ProposalContext): Lifecycle {
    const config = this.#channels.get(channelId)?.ledger.config;
    if (config === undefined || simulator === undefined) {
      throw new PeerError("SIMULATION", `no application config for channel '${channelId}'`);
    }
    return new Lifecycle(this.#mspId, config, simulator);
  }
}

function sourceOf(packageId: string) {
  return packageId === "" ? { unavailable: {} } : { localPackage: { packageId } };
}
