import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { OfficerStore } from "@wanlian/client/keys/store.js";
import type { PeerClient } from "@wanlian/network/administration/calls/peer.js";
import type { Network } from "@wanlian/network/administration/network.js";
import { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import type { ProcessSpec } from "@wanlian/network/processes/process.js";
import type { Topology } from "@wanlian/network/topology/topology.js";
import { officersFolder } from "../host/certificates.js";
import { officersOf, passphraseOf, sealedKeys } from "../host/officers.js";
import type { Pilot } from "../host/pilot.js";
import { castFrom } from "./cast.js";
import { loadDivisionLists } from "./divisions.js";
import type { Language, Narrator } from "./narrator.js";
import type { NetworkAccess } from "./network-access.js";
import { Operator } from "./operator.js";
import type { Stage } from "./stage.js";

/** A pilot's departments as the story has them, every officer logged in. */
export async function stageOn(
  pilot: Pilot,
  topology: Topology,
  narrator: Narrator,
  language: Language,
): Promise<Stage> {
  const handover = pilot.data.file("handover");
  await mkdir(handover, { recursive: true });
  return { cast: await castFrom(pilot.data, topology, language), lists: loadDivisionLists(), narrator, handover };
}

/** An officer's key, opened with the officer's passphrase. */
async function identityOf(pilot: Pilot, mspId: string, officer: string): Promise<SigningIdentity> {
  const folder = officersFolder(pilot.data, mspId);
  const store = new OfficerStore(sealedKeys(folder));
  const { key, pem } = await store.unlock(officer, await passphraseOf(folder, officer), new Date());
  return new SigningIdentity(mspId, {
    certificate: pem,
    privateKey: key.export({ type: "pkcs8", format: "pem" }).toString(),
  });
}

/** The pilot's network as a dishonest operator reaches it: with an officer's key, and power over the own contract process. */
export function accessTo(pilot: Pilot, topology: Topology, network: Network): NetworkAccess {
  const peer = (mspId: string): PeerClient => {
    const found = network.peers.find((candidate) => candidate.mspId === mspId);
    if (found === undefined) throw new RangeError(`there is no peer of ${mspId}`);
    return network.peer(found);
  };
  return {
    peer,
    async operator(mspId, post) {
      const department = topology.departments.find((candidate) => candidate.mspId === mspId);
      const officer = department && officersOf(department).find((candidate) => candidate.post === post);
      if (officer === undefined) throw new RangeError(`${mspId} has no ${post}`);
      const identity = await identityOf(pilot, mspId, officer.number);
      const { channel, contracts } = topology;
      return new Operator(officer.number, identity, channel, contracts.name, network.orderers, network.connections);
    },
    async withAlteredContracts(mspIds, work) {
      const states = await pilot.states();
      const real = states
        .map(({ spec }) => spec)
        .filter(({ name }) => mspIds.some((id) => isContractProcess(name, id)));
      const program = fileURLToPath(new URL("altered-contract.js", import.meta.url));
      await replace(
        pilot,
        real.map((spec) => ({ ...spec, args: [program] })),
      );
      try {
        return await work();
      } finally {
        await replace(pilot, real);
      }
    },
  };
}

const isContractProcess = (name: string, mspId: string): boolean => name.startsWith(`contracts-${mspId}-`);

/** Starts processes in the place of those of the same name: same address, same package id, other code. */
async function replace(pilot: Pilot, specs: readonly ProcessSpec[]): Promise<void> {
  await Promise.all(
    specs.map(async (spec) => {
      await pilot.processes.stop(spec.name);
      await pilot.processes.start(spec);
    }),
  );
}
