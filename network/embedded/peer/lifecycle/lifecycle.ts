import type { ChannelBundle } from "@wanlian/protocol/configuration/channel-bundle.js";
import { ApplicationPolicy } from "@wanlian/protocol/messages/policies.js";
import { PeerError } from "../errors.js";
import type { Simulator } from "../simulation/simulator.js";
import { type Approval, approvalOf } from "./approvals.js";
import { checkCollections } from "./collections.js";
import {
  approvalName,
  type Definition,
  definitionRecord,
  difference,
  packageRecord,
  parametersRecord,
  readApproval,
  readDefinition,
  readPackageId,
  readSequence,
} from "./definition.js";
import { LIFECYCLE, metadataKey, writeRecord } from "./layout.js";
import { organizationState, publicState } from "./states.js";

const DEFAULT_ENDORSEMENT_PLUGIN = "escc";
const DEFAULT_VALIDATION_PLUGIN = "vscc";
const DEFAULT_POLICY = "/Channel/Application/Endorsement";
/** Where chaincodes of Fabric 1 are defined; Fabric's peers look there when the lifecycle knows none. */
const LEGACY_LIFECYCLE = "lscc";

const METADATA_PREFIX = metadataKey("namespaces", "");

const NAME = /^[a-zA-Z0-9]+([-_][a-zA-Z0-9]+)*$/;
const VERSION = /^[A-Za-z0-9_.+-]+$/;
const SYSTEM_NAMES: ReadonlySet<string> = new Set(["cscc", "escc", "lscc", "qscc", "vscc"]);

/** A definition as somebody proposes it. */
export interface ProposedDefinition extends Definition {
  readonly name: string;
}

/** The acts of the chaincode lifecycle on one channel, each within one transaction. */
export class Lifecycle {
  readonly #mspId: string;
  readonly #config: ChannelBundle;
  readonly #simulator: Simulator;

  constructor(mspId: string, config: ChannelBundle, simulator: Simulator) {
    this.#mspId = mspId;
    this.#config = config;
    this.#simulator = simulator;
  }

  /** Records that this peer's organization agrees with a definition, and which package it runs (none: empty). */
  async approve(proposed: ProposedDefinition, packageId: string): Promise<void> {
    await this.#validate(proposed);
    const state = publicState(this.#simulator);
    const mine = organizationState(this.#simulator, this.#mspId);
    const { name, sequence } = proposed;
    const current = await readSequence(name, state);
    this.#checkSequence(sequence, current);
    const definition = this.#withDefaults(proposed);
    const approval = approvalName(name, sequence);
    if (sequence === current) await this.#checkUnchanged(name, definition);
    const before = await readApproval(approval, mine);
    if (before !== undefined && difference(before, definition) === undefined) {
      if ((await readPackageId(approval, mine)) === packageId) throw unchanged(name, sequence, current);
    }
    await writeRecord("namespaces", approval, parametersRecord(definition), mine);
    await writeRecord("chaincode-sources", approval, packageRecord(packageId), mine);
  }

  /** Which organizations have approved a definition that could be committed next, and where the others differ. */
  async readiness(proposed: ProposedDefinition): Promise<Map<string, Approval>> {
    const current = await readSequence(proposed.name, publicState(this.#simulator));
    if (proposed.sequence !== current + 1n) {
      const rule = `but new definition must be sequence ${current + 1n}`;
      throw refused(`requested sequence is ${proposed.sequence}, ${rule}`);
    }
    return this.approvals(proposed.name, this.#withDefaults(proposed));
  }

  /** Makes a definition the channel's, if this peer's organization has approved it. */
  async commit(proposed: ProposedDefinition): Promise<void> {
    await this.#validate(proposed);
    const approvals = await this.readiness(proposed);
    const definition = this.#withDefaults(proposed);
    await writeRecord("namespaces", proposed.name, definitionRecord(definition), publicState(this.#simulator));
    if (!approvals.get(this.#mspId)?.approved) {
      throw refused(`chaincode definition not agreed to by this org (${this.#mspId})`);
    }
  }

  /** The chaincodes that the channel has defined. */
  async names(): Promise<string[]> {
    const defined = this.#simulator.range(LIFECYCLE, METADATA_PREFIX, `${METADATA_PREFIX}\x7f`);
    const names: string[] = [];
    for (let found = await defined.next(); found !== undefined; found = await defined.next()) {
      names.push(found.key.slice(METADATA_PREFIX.length));
    }
    return names;
  }

  /** The committed definition. @throws PeerError NOT_FOUND */
  async definition(name: string): Promise<Definition> {
    const found = await readDefinition(name, publicState(this.#simulator));
    if (found === undefined) throw new PeerError("NOT_FOUND", `namespace ${name} is not defined`);
    return found;
  }

  /** What each organization of the channel says to a definition. */
  async approvals(name: string, definition: Definition): Promise<Map<string, Approval>> {
    const approvals = new Map<string, Approval>();
    for (const { mspId } of this.#config.applications) {
      approvals.set(mspId, await approvalOf(name, definition, organizationState(this.#simulator, mspId)));
    }
    return approvals;
  }

  /** This organization's approval of a sequence; 0: of the next one if it has approved that, otherwise of the current one. */
  async approved(name: string, sequence: bigint): Promise<{ definition: Definition; packageId: string }> {
    const mine = organizationState(this.#simulator, this.#mspId);
    let wanted = sequence;
    if (wanted === 0n) {
      const current = await readSequence(name, publicState(this.#simulator));
      const next = await readApproval(approvalName(name, current + 1n), mine);
      wanted = next === undefined ? current : current + 1n;
    }
    const parameters = await readApproval(approvalName(name, wanted), mine);
    if (parameters === undefined) {
      const what = `approved chaincode definition (name: '${name}', sequence: '${wanted}')`;
      throw refused(`could not fetch ${what} on channel '${this.#config.channelId}'`);
    }
    const packageId = (await readPackageId(approvalName(name, wanted), mine)) ?? "";
    return { definition: { sequence: wanted, ...parameters }, packageId };
  }

  async #validate({ name, version, collections }: ProposedDefinition): Promise<void> {
    const invalid = (reason: string): PeerError => refused(`error validating chaincode definition: ${reason}`);
    if (!NAME.test(name)) {
      const allowed = "Names can only consist of alphanumerics, '_', and '-' and can only begin with alphanumerics";
      throw invalid(`invalid chaincode name '${name}'. ${allowed}`);
    }
    if (SYSTEM_NAMES.has(name)) throw invalid(`chaincode name '${name}' is the name of a system chaincode`);
    if (!VERSION.test(version)) {
      const allowed = "Versions can only consist of alphanumerics, '_', '-', '+', and '.'";
      throw invalid(`invalid chaincode version '${version}'. ${allowed}`);
    }
    const committed = await readDefinition(name, publicState(this.#simulator));
    if (committed === undefined) await this.#simulator.get(LEGACY_LIFECYCLE, name);
    checkCollections(collections, committed?.collections, this.#config.msps);
  }

  #checkSequence(requested: bigint, current: bigint): void {
    if (requested === 0n && current === 0n) {
      throw refused("requested sequence is 0, but first definable sequence number is 1");
    }
    if (requested < current) {
      throw refused(`currently defined sequence ${current} is larger than requested sequence ${requested}`);
    }
    if (requested > current + 1n) {
      const next = `the next available sequence number ${current + 1n}`;
      throw refused(`requested sequence ${requested} is larger than ${next}`);
    }
  }

  async #checkUnchanged(name: string, definition: Definition): Promise<void> {
    const different = difference(await this.definition(name), definition);
    if (different === undefined) return;
    const what = `the current committed sequence (${definition.sequence}) for namespace ${name}`;
    throw refused(`attempted to redefine ${what} with different parameters: ${different}`);
  }

  #withDefaults(definition: Definition): Definition {
    let { validationParameter } = definition;
    if (validationParameter.length === 0) {
      if (this.#config.policies.policy(DEFAULT_POLICY) === undefined) {
        const channel = `for channel '${this.#config.channelId}' before chaincode operations can be attempted`;
        throw refused(`policy '${DEFAULT_POLICY}' must be defined ${channel}`);
      }
      validationParameter = ApplicationPolicy.encode({ channelConfigPolicyReference: DEFAULT_POLICY });
    }
    return {
      ...definition,
      endorsementPlugin: definition.endorsementPlugin || DEFAULT_ENDORSEMENT_PLUGIN,
      validationPlugin: definition.validationPlugin || DEFAULT_VALIDATION_PLUGIN,
      validationParameter,
    };
  }
}

const refused = (message: string): PeerError => new PeerError("SIMULATION", message);

function unchanged(name: string, sequence: bigint, current: bigint): PeerError {
  return sequence === current
    ? refused(`attempted to redefine the current committed sequence (${sequence}) for namespace ${name}`)
    : refused(`attempted to redefine uncommitted sequence (${sequence}) for namespace ${name} with unchanged content`);
}
