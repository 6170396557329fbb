import { networkStatus } from "@wanlian/network/administration/status.js";
import { statusLines } from "@wanlian/network/cli/status.js";
import type { ProcessState } from "@wanlian/network/processes/process.js";
import type { Topology } from "@wanlian/network/topology/topology.js";
import type { Pilot } from "./pilot.js";

/** The table of design §3 "Trust" supposes that each department has a machine of its own. */
const ONE_HOST =
  "On one host, whoever runs it is every department: what protects departments from each other does not hold here.";

/** Says where everything is, for whoever has just started a pilot. */
export function printAddresses(pilot: Pilot, topology: Topology): void {
  const lines = topology.departments.map(({ name, mspId, node, peers: [peer] }) => {
    const api = node ? `http://${node.api}` : "-";
    return `  ${mspId.padEnd(14)} ${api.padEnd(24)} peer ${peer.address}   ${name.zh} ${name.en}`;
  });
  write([
    `The pilot runs (${topology.consensus}, channel ${topology.channel}). Departments' nodes:`,
    ...lines,
    `Everything lies in ${pilot.data.path}; passphrases of the officers in nodes/MSPID/officers/passphrases.`,
    ONE_HOST,
  ]);
}

/** Says what runs, and how the network does as its administrators see it. */
export async function printStatus(pilot: Pilot): Promise<void> {
  if (!(await pilot.data.holdsPilot())) {
    write([`There is no pilot in ${pilot.data.path}; "up" makes one.`]);
    return;
  }
  const states = await pilot.states();
  write(states.map(({ spec, state }) => `  ${spec.title.padEnd(44)} ${spec.listens[0]?.padEnd(18)} ${told(state)}`));
  if (states.every(({ state }) => state.kind === "stopped")) return;
  const network = await pilot.network();
  try {
    write([...statusLines(await networkStatus(network)), ONE_HOST]);
  } finally {
    network.close();
  }
}

function told(state: ProcessState): string {
  switch (state.kind) {
    case "running":
      return `running (process ${state.pid})`;
    case "dead":
      return 'dead: it ended without being stopped; "up" starts it again';
    case "stopped":
      return "stopped";
  }
}

function write(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}
