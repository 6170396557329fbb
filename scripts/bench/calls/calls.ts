import { describeMachine, type Machine, thisMachine } from "../machine.js";
import { table } from "../table.js";
import { CALL_FAULTS, playPlatform, type StandInReport } from "./stand-in.js";

export interface CallsReport extends StandInReport {
  readonly machine: Machine;
}

/** A platform that tells two departments of their calls, and does some of it wrong. */
export async function benchCalls(calls: number): Promise<CallsReport> {
  return { machine: thisMachine(), ...(await playPlatform(calls)) };
}

export function printCalls({ machine, ...report }: CallsReport): string {
  const { calls, planted, found, takenPerSecond, confirmedPerSecond, megabytes } = report;
  return [
    describeMachine(machine),
    `${calls} calls at two nodes in one process; ${takenPerSecond} records taken a second, ${confirmedPerSecond} told and answered a second, ${megabytes} MB`,
    "",
    table(
      ["what the platform did", "times", "stood out"],
      CALL_FAULTS.map((kind) => [kind, String(planted[kind]), String(found[kind])]),
    ),
  ].join("\n");
}
