import type { References } from "@wanlian/protocol/messages/lifecycle.js";
import { implicitCollection } from "../../ledger/definitions.js";
import type { Channels } from "../channels.js";
import type { ProposalContext } from "../dialogue/invocation.js";
import { PeerError } from "../errors.js";
import { approvalName, readDefinition, readPackageId } from "./definition.js";
import { definedChaincodes } from "./endorsement-info.js";
import { LIFECYCLE, metadataKey } from "./layout.js";
import { committedOrganizationState, committedPublicState } from "./states.js";

const METADATA_PREFIX = metadataKey("namespaces", "");

/** By channel, the committed chaincodes for which an organization runs a package. */
export async function packageReferences(
  packageId: string,
  mspId: string,
  channels: Channels,
): Promise<Map<string, References>> {
  const references = new Map<string, References>();
  for (const { id, ledger } of channels.all()) {
    const snapshot = ledger.snapshot();
    try {
      const chaincodes = [];
      for (const name of await definedChaincodes(snapshot)) {
        const definition = await readDefinition(name, committedPublicState(snapshot));
        if (definition === undefined) continue;
        const mine = committedOrganizationState(snapshot, mspId);
        const running = await readPackageId(approvalName(name, definition.sequence), mine);
        if (running === packageId) chaincodes.push({ name, version: definition.version });
      }
      if (chaincodes.length > 0) references.set(id, { chaincodes });
    } finally {
      await snapshot.release();
    }
  }
  return references;
}

/** Every chaincode and sequence that the organization has approved on the channel. */
export async function approvedNames(
  { simulator }: ProposalContext,
  mspId: string,
): Promise<{ name: string; sequence: bigint }[]> {
  if (simulator === undefined) return [];
  const collection = implicitCollection(mspId);
  const approvals = await simulator.privateRange(LIFECYCLE, collection, METADATA_PREFIX, `${METADATA_PREFIX}\x7f`);
  const names: { name: string; sequence: bigint }[] = [];
  for (let found = await approvals.next(); found !== undefined; found = await approvals.next()) {
    const [name, sequence] = found.key.slice(METADATA_PREFIX.length).split("#");
    if (name === undefined || sequence === undefined || !/^\d+$/.test(sequence)) {
      throw new PeerError("SIMULATION", `invalid private name format: ${found.key}`);
    }
    names.push({ name, sequence: BigInt(sequence) });
  }
  await approvals.close();
  return names;
}
