import type { Answer } from "../administration/state.js";
import { type NetworkStatus, networkStatus } from "../administration/status.js";
import type { CommandGroup } from "./program.js";

/** `status`: how every orderer and peer does, and what is wrong. */
export const statusCommand: CommandGroup = (program, surroundings) => {
  program
    .command("status")
    .description("heights, agreement, contracts, certificates; what is wrong and what to do")
    .action(async () => {
      const { out, json, withNetwork } = surroundings();
      const status = await withNetwork(networkStatus);
      out.write(json ? `${statusAsJson(status)}\n` : `${statusLines(status).join("\n")}\n`);
    });
};

/** The status as JSON; heights are decimal strings, since they may exceed what JSON numbers hold. */
export function statusAsJson(status: NetworkStatus): string {
  const plain = (_: string, value: unknown) => {
    if (typeof value === "bigint") return value.toString();
    return value instanceof Map ? Object.fromEntries(value) : value;
  };
  return JSON.stringify(status, plain, 2);
}

/** The status as lines for people. */
export function statusLines(status: NetworkStatus): string[] {
  return [
    ...status.orderers.map(
      ({ name, address, channel }) =>
        `${name.padEnd(28)} ${address.padEnd(22)} ${told(channel, ({ height, status: state }) => `${state}, height ${height}`)}`,
    ),
    ...status.peers.map(({ mspId, name, address, ledger, contracts, sees }) => {
      const parts = [
        told(
          ledger,
          ({ height, blockHash, commitHash }) =>
            `height ${height}, block ${short(blockHash)}, state ${short(commitHash)}`,
        ),
        told(contracts, (definition) =>
          definition ? `contracts ${definition.version} (${definition.sequence})` : "no contracts",
        ),
        told(sees, (count) => `sees ${count} peers`),
      ];
      // Of a peer that does not answer, the first failure says it all.
      const said = ledger.kind === "answer" ? parts : parts.slice(0, 1);
      return `${`${name} of ${mspId}`.padEnd(28)} ${address.padEnd(22)} ${said.join("; ")}`;
    }),
    ...(status.comparedAt === undefined ? [] : [`Hashes are those of block ${status.comparedAt}.`]),
    ...earliestExpiry(status),
    ...(status.complaints.length === 0 ? ["Nothing is wrong."] : []),
    ...status.complaints.map(({ what, remedy }) => `! ${what}. ${remedy}`),
  ];
}

function earliestExpiry({ certificates }: NetworkStatus): string[] {
  const [first] = [...certificates].sort((left, right) => left.notAfter.getTime() - right.notAfter.getTime());
  return first
    ? [`The first certificate to end is ${first.whose}, on ${first.notAfter.toISOString().slice(0, 10)}.`]
    : [];
}

function told<T>(given: Answer<T>, tell: (value: T) => string): string {
  switch (given.kind) {
    case "answer":
      return tell(given.value);
    case "failed":
      return `no answer (${given.reason})`;
    case "withheld":
      return "its own administrator's to ask";
  }
}

/** Enough of a hash for people to compare. */
const SHORT = 12;

function short(hash: string): string {
  return hash.slice(0, SHORT);
}
