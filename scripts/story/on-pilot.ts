import { cp, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SourceList } from "@wanlian/client/exchange/sources";
import { OfficerStore } from "@wanlian/client/keys/officers";
import type { DatasetId, Digest } from "@wanlian/model/identifiers.js";
import type { PeerClient } from "@wanlian/network/administration/calls/peer.js";
import type { Network } from "@wanlian/network/administration/network.js";
import { Organisation } from "@wanlian/network/certificates/organisation.js";
import { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import type { ProcessSpec } from "@wanlian/network/processes/process.js";
import type { Topology } from "@wanlian/network/topology/topology.js";
import type { Language } from "@wanlian/protocol/language.js";
import { nodeFolder, officersFolder, organisationFolder } from "../host/certificates.js";
import { logInAs } from "../host/decision.js";
import { enrolOfficer, officersOf, passphraseOf, sealedKeys } from "../host/officers.js";
import type { Pilot } from "../host/pilot.js";
import { castFrom } from "./cast.js";
import { loadDivisionLists } from "./divisions.js";
import type { Narrator } from "./narrator.js";
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
    async machine(mspId, number) {
      const department = topology.departments.find((candidate) => candidate.mspId === mspId);
      if (department === undefined) throw new RangeError(`there is no ${mspId}`);
      const organisation = await Organisation.open(organisationFolder(pilot.data, mspId), mspId);
      await enrolOfficer(organisation, { number, post: "machine" }, officersFolder(pilot.data, mspId));
      return await logInAs(pilot.data, department, { number, post: "machine" });
    },
    async offer(mspId, { dataset, rowRoot, tree, file }) {
      const list = await SourceList.open(join(nodeFolder(pilot.data, mspId), "data", "exchange", "sources.json"));
      const place = { kind: "csv", path: file } as const;
      await list.add({ dataset: dataset as DatasetId, rowRoot: rowRoot as Digest, rows: tree, place });
    },
    async withOldLog(mspId, work) {
      const log = join(nodeFolder(pilot.data, mspId), "data", "exchange", "log");
      const copy = `${log}.copy`;
      const name = `node-${mspId}`;
      await whileStopped(pilot, [name], () => cp(log, copy, { recursive: true }));
      await work();
      await whileStopped(pilot, [name], async () => {
        await rm(log, { recursive: true });
        await rename(copy, log);
      });
    },
    withNodesStopped: (work) =>
      whileStopped(
        pilot,
        topology.departments.map(({ mspId }) => `node-${mspId}`),
        work,
      ),
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

/** Stops processes, does the work, and starts them again. */
async function whileStopped(pilot: Pilot, names: readonly string[], work: () => Promise<void>): Promise<void> {
  await Promise.all(names.map((name) => pilot.processes.stop(name)));
  try {
    await work();
  } finally {
    await Promise.all(names.map((name) => pilot.restart(name)));
  }
}
