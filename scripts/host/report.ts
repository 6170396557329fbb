import type { Topology } from "@wanlian/network/topology/topology.js";
import type { Pilot } from "./pilot.js";

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
    "On one host, whoever runs it is every department: what protects departments from each other does not hold here.",
  ]);
}

/** Says what runs. */
export async function printStatus(pilot: Pilot): Promise<void> {
  if (!(await pilot.data.holdsPilot())) {
    write([`There is no pilot in ${pilot.data.path}; "up" makes one.`]);
    return;
  }
  const states = await pilot.states();
  write(
    states.map(({ spec, state }) => {
      const process = state.kind === "running" ? `running (process ${state.pid})` : state.kind;
      return `  ${spec.title.padEnd(44)} ${spec.listens[0]?.padEnd(18)} ${process}`;
    }),
  );
}

function write(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}
