import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ROLES, type Role } from "../certificates/attributes.js";
import { makeDepartment, makeOrdererOrganisation } from "../certificates/make.js";
import { Organisation } from "../certificates/organisation.js";
import { organisationFolder } from "../channel/material.js";
import { NetworkError } from "../error.js";
import { findBinaries } from "../fabric/binaries.js";
import { nativeOrderer, nativePeer } from "../fabric/native.js";
import type { ProcessSpec } from "../processes/process.js";
import { FEWEST_DEPARTMENTS, pilotTopology } from "../topology/pilot.js";
import type { Topology } from "../topology/topology.js";
import type { CommandGroup } from "./program.js";

/** `example`: a topology to begin from. */
export const exampleCommand: CommandGroup = (program, surroundings) => {
  program
    .command("example")
    .description("print a topology file to begin from: three departments, three Raft orderers")
    .action(() => {
      surroundings().out.write(pilotTopology({ departments: FEWEST_DEPARTMENTS, consensus: "raft" }));
    });
};

/** `certificates MSPID`: an organisation's own authority and what it signs. */
export const certificatesCommand: CommandGroup = (program, surroundings) => {
  program
    .command("certificates <mspid>")
    .description(
      "make an organisation's authority, and certificates for its nodes and administrator; what is there stays",
    )
    .action(async (mspId: string) => {
      const { out, base, topology } = surroundings();
      const described = await topology();
      const folder = organisationFolder(base, organisationIn(described, mspId));
      const department = described.departments.find((one) => one.mspId === mspId);
      await (department ? makeDepartment(folder, department) : makeOrdererOrganisation(folder, described, mspId));
      out.write(
        `${folder} is complete. Hand ${join(folder, "msp")} to the others; nothing else of it leaves ${mspId}.\n`,
      );
    });
};

/** `configure MSPID`: configuration for the organisation's native processes. */
export const configureCommand: CommandGroup = (program, surroundings) => {
  program
    .command("configure <mspid>")
    .description("write the configuration of an organisation's Fabric peers and orderers, and say how to start them")
    .action(async (mspId: string) => {
      const { out, base, topology } = surroundings();
      const described = await topology();
      const organisation = organisationIn(described, mspId);
      const binaries = await findBinaries(process.env.FABRIC_BIN, described.consensus);
      const certificates = organisationFolder(base, organisation);
      const peers = described.departments.find((one) => one.mspId === mspId)?.peers ?? [];
      const orderers = described.orderers.nodes.filter((node) => node.organisation === mspId);
      const specs = await Promise.all([
        ...peers.map((place) =>
          nativePeer(
            binaries,
            mspId,
            place,
            join(certificates, "peers", place.name),
            join(base, "peers", mspId, place.name),
          ),
        ),
        ...orderers.map((place) =>
          nativeOrderer(
            binaries,
            place,
            join(certificates, "orderers", place.name),
            join(base, "orderers", place.name),
          ),
        ),
      ]);
      for (const spec of specs) out.write(`# ${spec.title}\n${commandLine(spec)}\n`);
    });
};

/** `certify MSPID NUMBER`: an officer's certificate, from the request that the officer's own node made. */
export const certifyCommand: CommandGroup = (program, surroundings) => {
  program
    .command("certify <mspid> <number>")
    .description("certify an officer's own key; the certificate goes to standard output")
    .requiredOption("--request <file>", "the certificate request (PKCS#10, PEM)")
    .requiredOption("--roles <roles>", `what the officer may be: ${ROLES.join(", ")}, separated by commas`)
    .action(async (mspId: string, number: string, { request, roles }: { request: string; roles: string }) => {
      const { out, base, topology } = surroundings();
      const organisation = await Organisation.open(
        organisationFolder(base, organisationIn(await topology(), mspId)),
        mspId,
      );
      const pem = await readFile(request, "utf8").catch((cause: unknown) => {
        throw new NetworkError(
          "MISSING_FILE",
          `The certificate request ${request} cannot be read.`,
          { request },
          cause,
        );
      });
      out.write(await organisation.addOfficer(number, rolesFrom(roles), pem));
    });
};

function rolesFrom(text: string): Role[] {
  return text.split(",").map((name) => {
    const role = ROLES.find((known) => known === name.trim());
    if (role) return role;
    throw new NetworkError("INVALID_CERTIFICATE", `"${name}" is no role; roles are ${ROLES.join(", ")}.`);
  });
}

function organisationIn({ departments, orderers }: Topology, mspId: string) {
  const all = [...departments, ...orderers.organisations];
  const found = all.find((organisation) => organisation.mspId === mspId);
  if (found) return found;
  const known = all.map((organisation) => organisation.mspId).join(", ");
  throw new NetworkError("INVALID_TOPOLOGY", `The topology has no organisation ${mspId}; it has ${known}.`);
}

/** How a shell starts the process. */
function commandLine({ environment = {}, command, args }: ProcessSpec): string {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  return [...variables, command, ...args].join(" ");
}
