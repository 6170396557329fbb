import { equalBytes, utf8 } from "@wanlian/protocol/bytes.js";
import { sha256 } from "@wanlian/protocol/hash.js";
import { implicitCollection } from "../../ledger/definitions.js";
import type { StateSnapshot } from "../../ledger/snapshot.js";
import type { PackageStore } from "../dialogue/package-store.js";
import { PeerError } from "../errors.js";
import type { Simulator } from "../simulation/simulator.js";
import { approvalOf } from "./approvals.js";
import { approvalName, packageRecord, readDefinition, readSequence } from "./definition.js";
import { fieldKey, LIFECYCLE, metadataKey, type OpaqueState } from "./layout.js";
import { committedOrganizationState, committedPublicState, publicState } from "./states.js";

/** How this peer runs a chaincode. */
export interface EndorsementInfo {
  readonly version: string;
  readonly packageId: string;
  readonly initRequired: boolean;
}

const LEGACY_LIFECYCLE = "lscc";

/** Chaincodes remembered; every upgrade adds one. */
const MAX_KNOWN = 1_000;

/**
 * What a peer needs to run a chaincode: that it is defined, approved by its own organization and installed (Fabric's
 * core/chaincode/lifecycle/endorsement_info.go). Of all this only the sequence is noted in the transaction, so that it fails if the
 * definition has changed when it commits.
 */
export class EndorsementInfoSource {
  readonly #mspId: string;
  readonly #packages: PackageStore;
  readonly #known = new Map<string, EndorsementInfo>();

  constructor(mspId: string, packages: PackageStore) {
    this.#mspId = mspId;
    this.#packages = packages;
  }

  /** @throws PeerError when this peer cannot run it, with the reason. */
  async find(name: string, channelId: string, simulator: Simulator): Promise<EndorsementInfo> {
    const sequence = await readSequence(name, publicState(simulator));
    if (sequence === 0n) {
      await simulator.get(LEGACY_LIFECYCLE, name);
      throw new PeerError("NOT_FOUND", `chaincode ${name} not found`);
    }
    const approval = await this.#approvalVersion(approvalName(name, sequence), simulator.state);
    const key = `${channelId}\0${name}\0${sequence}\0${approval}`;
    let info = this.#known.get(key);
    if (info === undefined) {
      info = await this.#read(name, channelId, simulator.state);
      if (this.#known.size >= MAX_KNOWN) this.#known.clear();
      this.#known.set(key, info);
    }
    return info;
  }

  /** Where the organization's approval was last written: a definition does not change under it. */
  async #approvalVersion(approval: string, state: StateSnapshot): Promise<string> {
    const collection = implicitCollection(this.#mspId);
    const field = sha256(utf8(fieldKey("chaincode-sources", approval, "PackageID")));
    const found = await state.hashedGet(LIFECYCLE, collection, field);
    return found === undefined ? "none" : `${found.version.block}.${found.version.transaction}`;
  }

  async #read(name: string, channelId: string, state: StateSnapshot): Promise<EndorsementInfo> {
    const definition = await readDefinition(name, committedPublicState(state));
    if (definition === undefined) throw new PeerError("NOT_FOUND", `chaincode ${name} not found`);
    const { sequence, version, initRequired } = definition;
    const mine = committedOrganizationState(state, this.#mspId);
    if (!(await approvalOf(name, definition, mine)).approved) {
      const what = `chaincode definition for '${name}' at sequence ${sequence} on channel '${channelId}'`;
      throw new PeerError("SIMULATION", `${what} has not yet been approved by this org`);
    }
    const packageId = await this.#approvedPackage(approvalName(name, sequence), mine);
    if (packageId === undefined) {
      throw new PeerError("SIMULATION", `chaincode definition for '${name}' exists, but chaincode is not installed`);
    }
    return { version, packageId, initRequired };
  }

  /**
   * The installed package that the organization approved. By the hash of its id, as Fabric finds it (core/chaincode/lifecycle/cache.go):
   * that stands in every block, so a peer that has begun anew, without its organization's private values, runs what it ran.
   */
  async #approvedPackage(approval: string, state: OpaqueState): Promise<string | undefined> {
    const approved = await state.hash(fieldKey("chaincode-sources", approval, "PackageID"));
    return this.#packages.all().find(({ packageId }) => {
      const [field] = packageRecord(packageId).fields;
      return approved !== undefined && field !== undefined && equalBytes(approved, sha256(field.data));
    })?.packageId;
  }
}

/** Names of the chaincodes defined on a channel. */
export async function definedChaincodes(snapshot: StateSnapshot): Promise<string[]> {
  const prefix = metadataKey("namespaces", "");
  const names: string[] = [];
  for await (const { key } of snapshot.range(LIFECYCLE, prefix, `${prefix}\x7f`)) names.push(key.slice(prefix.length));
  return names;
}
