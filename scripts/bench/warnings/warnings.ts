import { DEFAULT_EARLY_WARNING } from "@wanlian/model/early-warning.js";
import { describeMachine, type Machine, thisMachine } from "../machine.js";
import { median, table } from "../table.js";
import { dayText, LOOK_MINUTES, replay } from "./replay.js";
import { type MadeAccess, type Misuse, makeTraffic } from "./traffic.js";

export interface WarningWishes {
  readonly seed: number;
  readonly days: number;
}

/** What became of the misuses of one name. */
interface Caught {
  readonly name: string;
  readonly played: number;
  /** By a warning of a kind that says what it is. */
  readonly caught: number;
  /** By a warning of another kind. */
  readonly otherwise: number;
  readonly missed: number;
  /** From the first access of it to the warning. */
  readonly minutes: readonly number[];
  /** Of its accesses, those before the warning, as a share. */
  readonly before: readonly number[];
}

export interface WarningReport {
  readonly machine: Machine;
  readonly wishes: WarningWishes;
  readonly accesses: number;
  readonly honest: number;
  readonly caught: readonly Caught[];
  /** Warnings of use that is all honest, by kind. */
  readonly falseAlarms: Readonly<Record<string, number>>;
  readonly falsePer10000: number;
  readonly milliseconds: number;
}

/** Seeded traffic with misuse in it, and what a node warns of. */
export async function benchWarnings(wishes: WarningWishes): Promise<WarningReport> {
  const traffic = makeTraffic(wishes.seed, wishes.days);
  const start = performance.now();
  const raised = replay(traffic, DEFAULT_EARLY_WARNING);
  const milliseconds = performance.now() - start;
  const misused = new Set(traffic.misuses.map(({ consumer, day }) => `${consumer} ${day}`));
  const isFalse = ({ consumer, dayNumber }: (typeof raised)[number]) => !misused.has(`${consumer} ${dayNumber}`);
  const falseAlarms: Record<string, number> = {};
  for (const { kind } of raised.filter(isFalse)) falseAlarms[kind] = (falseAlarms[kind] ?? 0) + 1;
  const honest = traffic.accesses.filter(({ misuse }) => misuse === undefined).length;
  const found = Object.values(falseAlarms).reduce((sum, count) => sum + count, 0);
  const names = [...new Set(traffic.misuses.map(({ name }) => name))];
  return {
    ...{ machine: thisMachine(), wishes, accesses: traffic.accesses.length, honest, falseAlarms, milliseconds },
    falsePer10000: (10_000 * found) / honest,
    caught: names.map((name) =>
      outcomeOf(
        name,
        traffic.misuses.filter((misuse) => misuse.name === name),
      ),
    ),
  };

  function outcomeOf(name: string, played: readonly Misuse[]): Caught {
    const minutes: number[] = [];
    const before: number[] = [];
    let otherwise = 0;
    for (const misuse of played) {
      const here = raised.filter(
        ({ consumer, dataset, day }) =>
          consumer === misuse.consumer && (dataset === misuse.dataset || dataset === "") && day === dayText(misuse.day),
      );
      const right = here.filter(({ kind }) => misuse.kinds.includes(kind)).sort((a, b) => a.minute - b.minute)[0];
      if (right === undefined) {
        if (here.length > 0) otherwise += 1;
        continue;
      }
      const own = traffic.accesses.filter((access) => isOf(access, misuse));
      minutes.push(right.minute - (own[0]?.minute ?? right.minute));
      before.push(own.filter(({ minute }) => minute < right.minute).length / own.length);
    }
    const missed = played.length - minutes.length - otherwise;
    return { name, played: played.length, caught: minutes.length, otherwise, missed, minutes, before };
  }
}

const isOf = (access: MadeAccess, { name, consumer, dataset, day }: Misuse): boolean =>
  access.misuse === name &&
  access.consumer === consumer &&
  access.dataset === dataset &&
  Math.floor(access.minute / (24 * 60)) === day;

export function printWarnings(report: WarningReport): string {
  const { machine, wishes, accesses, caught, falseAlarms, falsePer10000, milliseconds } = report;
  const figure = (values: readonly number[], unit: string, by = 1) =>
    values.length === 0 ? "-" : `${Math.round(median(values) * by)}${unit}`;
  const rows = caught.map(({ name, played, caught, otherwise, missed, minutes, before }) => [
    name,
    ...[played, caught, otherwise, missed].map(String),
    ...[figure(minutes, " min"), figure(before, " %", 100)],
  ]);
  const heads = ["misuse", "played", "caught", "otherwise", "missed", "until warned", "of it by then"];
  const kinds = Object.entries(falseAlarms).map(([kind, count]) => `${kind} ${count}`);
  return [
    describeMachine(machine),
    `seed ${wishes.seed}, ${wishes.days} days, ${accesses} accesses, looked at every ${LOOK_MINUTES} minutes`,
    "",
    table(heads, rows),
    "",
    `false alarms per 10,000 honest accesses: ${falsePer10000.toFixed(2)} (${kinds.join(", ") || "none"})`,
    `${((1000 * milliseconds) / accesses).toFixed(1)} µs an access, all looks included`,
    "",
  ].join("\n");
}
