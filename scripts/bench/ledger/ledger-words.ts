import type { LoadFigures } from "../in-flight.js";
import { describeMachine } from "../machine.js";
import { describeWarmUp } from "../steady.js";
import { megabytes, table } from "../table.js";
import type { KindFigures, LedgerReport, NetworkReport } from "./ledger.js";

/** A ledger's figures for people; with more than one network, how the first compares with each other one. */
export function printLedger({ machine, options, networks }: LedgerReport): string {
  const [first, ...others] = networks;
  return [
    `${options.contracts} contracts, ${options.seconds} s each; ${describeMachine(machine)}`,
    ...networks.map(networkTables),
    ...(first === undefined ? [] : others.map((other) => ratios(first, other))),
    "",
  ].join("\n\n");
}

function networkTables({
  network,
  departments,
  endorsements,
  warmUp,
  submit,
  evaluate,
  kinds,
  diskPeer,
  diskOrderer,
}: NetworkReport): string {
  const rows = (title: string, loads: readonly LoadFigures[]) =>
    loads.map(({ inFlight, rate, p50, p99, failed, firstFailure }) => [
      `${network}: ${title}, ${inFlight} in flight`,
      rate.toFixed(0),
      p50.toFixed(0),
      p99.toFixed(0),
      failed === 0 ? "0" : `${failed} (${firstFailure})`,
    ]);
  return [
    `${network}: ${departments} departments, any ${endorsements} endorse; ${describeWarmUp(warmUp)}`,
    table(["", "a second", "p50 ms", "p99 ms", "failed"], [...rows("submit", submit), ...rows("evaluate", evaluate)]),
    "",
    table(["processes at the highest load", "number", "cores each", "PSS each"], kinds.map(kindRow)),
    `disk a transaction: ${diskPeer.toFixed(0)} bytes a peer, ${diskOrderer.toFixed(0)} bytes an orderer`,
  ].join("\n");
}

const kindRow = ({ kind, count, cores, pss }: KindFigures): string[] => [
  kind,
  String(count),
  cores.toFixed(2),
  megabytes(pss),
];

function ratios(one: NetworkReport, other: NetworkReport): string {
  const rows = (title: string, ours: readonly LoadFigures[], theirs: readonly LoadFigures[]) =>
    ours.map((figures, at) => {
      const against = theirs[at];
      const ratio = (value: number, reference: number | undefined) => (value / (reference ?? Number.NaN)).toFixed(2);
      const { inFlight, rate, p50, p99 } = figures;
      return [
        `${title}, ${inFlight} in flight`,
        ratio(rate, against?.rate),
        ratio(p50, against?.p50),
        ratio(p99, against?.p99),
      ];
    });
  return table(
    [`${one.network} : ${other.network}`, "a second", "p50", "p99"],
    [...rows("submit", one.submit, other.submit), ...rows("evaluate", one.evaluate, other.evaluate)],
  );
}
