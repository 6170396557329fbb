import { stringify } from "yaml";
import type { FabricBinaries } from "../fabric/binaries.js";
import type { ProcessSpec } from "../processes/process.js";

/** Official images, each pinned to a release. */
const FABRIC_VERSION = "3.1.5";
const IMAGES = {
  peer: `hyperledger/fabric-peer:${FABRIC_VERSION}`,
  orderer: `hyperledger/fabric-orderer:${FABRIC_VERSION}`,
  node: "node:22-bookworm-slim",
} as const;

/** Fabric's programs as its images have them. */
export const IMAGE_BINARIES: FabricBinaries = {
  peer: "peer",
  orderer: "orderer",
  builder: "/opt/hyperledger/ccaas_builder",
  version: FABRIC_VERSION,
};

/** What a container sees of the host, under the same names. */
export interface Mounts {
  /** Written to. */
  readonly base: string;
  /** Read: this repository, built. */
  readonly repository: string;
}

/**
 * A compose file (compose-spec.io) for an organisation's processes. They use the host's network, since the topology's
 * addresses are the host's, and run as the user who starts them, so that what they write is that user's.
 */
export function composeFile(specs: readonly ProcessSpec[], mounts: Mounts): string {
  const services = Object.fromEntries(specs.map((spec) => [serviceName(spec.name), service(spec, mounts)]));
  return stringify({ name: "wanlian", services });
}

/** Names of services are of small letters. */
function serviceName(name: string): string {
  return name.toLowerCase();
}

function service({ command, args, environment = {}, directory, ready }: ProcessSpec, mounts: Mounts): object {
  const { base, repository } = mounts;
  const ours = ready === "line";
  return {
    image: ours ? IMAGES.node : command === IMAGE_BINARIES.orderer ? IMAGES.orderer : IMAGES.peer,
    command: [ours ? "node" : command, ...args].map(dollarsKept),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: compose fills it in
    user: "${WANLIAN_USER:?export WANLIAN_USER=$$(id -u):$$(id -g)}",
    network_mode: "host",
    ...(Object.keys(environment).length === 0
      ? {}
      : {
          environment: Object.fromEntries(
            Object.entries(environment).map(([name, value]) => [name, dollarsKept(value)]),
          ),
        }),
    ...(directory === undefined ? {} : { working_dir: directory }),
    volumes: [bind(base), ...(ours ? [{ ...bind(repository), read_only: true }] : [])],
    restart: "unless-stopped",
    stop_grace_period: "30s",
    security_opt: ["no-new-privileges:true"],
  };
}

function bind(folder: string): object {
  return { type: "bind", source: dollarsKept(folder), target: dollarsKept(folder) };
}

/** `$` begins a variable in a compose file. */
function dollarsKept(text: string): string {
  return text.replaceAll("$", "$$$$");
}
