import { DEFAULT_EARLY_WARNING } from "@wanlian/model/early-warning.js";

/** One access as a log has it, reduced to what early warning looks at. */
export interface MadeAccess {
  /** Minutes since the beginning, in China Standard Time. */
  readonly minute: number;
  readonly consumer: string;
  readonly dataset: string;
  readonly officer: string;
  readonly grant: string;
  readonly purpose: string;
  readonly scenario: string;
  readonly way: "lookup" | "verification";
  readonly result: "served" | "refused";
  readonly reason: string;
  readonly rows: number;
  readonly empty: 0 | 1;
  readonly key: string;
  readonly fields: string;
  /** Which misuse it is of; undefined: honest work. */
  readonly misuse: string | undefined;
}

/** A misuse that was put in, and the kinds of warning that would be right. */
export interface Misuse {
  readonly name: string;
  readonly consumer: string;
  readonly dataset: string;
  readonly day: number;
  readonly kinds: readonly string[];
}

export interface Traffic {
  readonly days: number;
  readonly accesses: readonly MadeAccess[];
  readonly misuses: readonly Misuse[];
  /** The day that the grant of a dataset ends on. */
  readonly ends: ReadonlyMap<string, number>;
}

/** Days of honest work before anything else happens. */
export const HONEST_DAYS = 35;
const MINUTES = 24 * 60;

/** A small generator of lots (mulberry32): one seed, one traffic. */
export function lots(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How a department uses a dataset, day in, day out. */
interface Habit {
  readonly consumer: string;
  readonly dataset: string;
  /** On a working day. */
  readonly daily: number;
  readonly officers: number;
  readonly checks: number;
  readonly emptyRate: number;
  readonly noRate: number;
  readonly refusedRate: number;
  /** A machine's run, with its hour: every night, say. */
  readonly machineAt: number | undefined;
}

/** Eight departments and three datasets: counters with a few checks an hour, offices with hundreds, machines at night. */
function habitsOf(lot: () => number): Habit[] {
  const between = (least: number, most: number) => least + lot() * (most - least);
  return Array.from({ length: 8 }, (_, at) =>
    [0, 1, 2].map((dataset) => ({
      consumer: `Dept${at}MSP`,
      dataset: `ProviderMSP/d${dataset}`,
      daily: Math.round(10 ** between(1, 2.7)),
      officers: 2 + Math.floor(lot() * 7),
      checks: between(0.2, 0.8),
      emptyRate: between(0.02, 0.2),
      noRate: between(0.02, 0.2),
      refusedRate: between(0, 0.05),
      machineAt: lot() < 0.25 ? 2 : undefined,
    })),
  ).flat();
}

/** Honest work of so many days, in which each misuse happens now and then. */
export function makeTraffic(seed: number, days: number): Traffic {
  const lot = lots(seed);
  const habits = habitsOf(lot);
  const accesses: MadeAccess[] = [];
  const misuses: Misuse[] = [];
  for (let day = 0; day < days; day += 1) {
    for (const habit of habits) workOf(habit, day, lot, (access) => accesses.push(access));
    if (day < HONEST_DAYS) continue;
    // One misuse every second day, of each kind in turn.
    if (day % 2 === 0) {
      const make = MISUSES[(day / 2) % MISUSES.length];
      const habit = habits[Math.floor(lot() * habits.length)];
      if (make !== undefined && habit !== undefined)
        misuses.push(make({ habit, day, lot, add: (a) => accesses.push(a) }));
    }
  }
  accesses.sort((a, b) => a.minute - b.minute);
  const ends = new Map(
    misuses
      .filter(({ name }) => name === "ending")
      .map(({ consumer, dataset, day }) => [`${consumer} ${dataset}`, day + 5]),
  );
  return { days, accesses, misuses, ends };
}

type Add = (access: MadeAccess) => void;

function workOf(habit: Habit, day: number, lot: () => number, add: Add): void {
  const isWeekend = day % 7 >= 5;
  // Some days are busy, some are slow; counters are shut at weekends, more or less.
  const level = Math.exp((lot() + lot() + lot() - 1.5) * 0.6) * (isWeekend ? 0.05 : 1);
  const count = Math.round(habit.daily * level);
  for (let at = 0; at < count; at += 1) add(honest(habit, day, workingMinute(lot), lot));
  if (habit.machineAt !== undefined) {
    for (let at = 0; at < habit.daily / 2; at += 1) {
      add({ ...honest(habit, day, habit.machineAt * 60 + Math.floor(lot() * 60), lot), officer: "M-1" });
    }
  }
}

const workingMinute = (lot: () => number) => (8 + Math.floor(lot() * 10)) * 60 + Math.floor(lot() * 60);

function honest(habit: Habit, day: number, minute: number, lot: () => number): MadeAccess {
  const way = lot() < habit.checks ? "verification" : "lookup";
  const isRefused = lot() < habit.refusedRate;
  const isEmpty = !isRefused && lot() < (way === "lookup" ? habit.emptyRate : habit.noRate);
  return {
    minute: day * MINUTES + minute,
    consumer: habit.consumer,
    dataset: habit.dataset,
    officer: `0${1 + Math.floor(lot() * habit.officers)}`,
    grant: `${habit.consumer} ${habit.dataset}`,
    purpose: "lookup",
    scenario: "counter",
    way,
    result: isRefused ? "refused" : "served",
    reason: isRefused ? "QUOTA_EXCEEDED" : "",
    rows: way === "lookup" && !isRefused && !isEmpty ? 1 : 0,
    empty: isEmpty ? 1 : 0,
    key: String(100_000_000 + Math.floor(lot() * 800_000_000)),
    fields: "code,name",
    misuse: undefined,
  };
}

interface Playing {
  readonly habit: Habit;
  readonly day: number;
  readonly lot: () => number;
  readonly add: Add;
}

const { fewest } = DEFAULT_EARLY_WARNING;

/** So much more than usual that somebody has a purpose of one's own; never below what policy looks at. */
const many = ({ habit }: Playing, times: number) => Math.ceil(Math.max(2 * fewest, habit.daily * times));

function play(
  playing: Playing,
  name: string,
  kinds: readonly string[],
  count: number,
  change: (at: number) => Partial<MadeAccess>,
): Misuse {
  const { habit, day, lot, add } = playing;
  for (let at = 0; at < count; at += 1) {
    add({ ...honest(habit, day, workingMinute(lot), lot), result: "served", reason: "", ...change(at), misuse: name });
  }
  return { name, consumer: habit.consumer, dataset: habit.dataset, day, kinds };
}

const MISUSES: readonly ((playing: Playing) => Misuse)[] = [
  (playing) =>
    play(playing, "volume", ["VOLUME", "ROWS"], many(playing, 5), () => ({ way: "lookup", rows: 1, empty: 0 })),
  // Spread over officers that nobody has seen before, each no busier than anybody.
  (playing) =>
    play(playing, "split volume", ["VOLUME", "ROWS"], many(playing, 4), (at) => ({ officer: `1${at % 40}`, empty: 0 })),
  (playing) =>
    play(playing, "at night", ["QUIET_HOURS"], 25, () => ({
      minute: playing.day * MINUTES + 23 * 60 + Math.floor(playing.lot() * 59),
      officer: "01",
    })),
  (playing) =>
    play(playing, "keys in a row", ["SCANNING"], many(playing, 0.6), (at) => ({
      ...{ way: "lookup", key: String(500_000_000 + at), empty: at % 3 === 0 ? 0 : 1, rows: at % 3 === 0 ? 1 : 0 },
    })),
  // Each of them exists, and their order is another: nothing but how near they are gives them away.
  (playing) => {
    const count = many(playing, 0.6);
    return play(playing, "known keys, all of a range", ["SCANNING"], count, (at) => ({
      ...{ way: "lookup", key: String(600_000_000 + ((at * 7919) % count)), empty: 0, rows: 1 },
    }));
  },
  (playing) =>
    play(playing, "guessing", ["NEGATIVES"], many(playing, 1.5), (at) => ({
      ...{ way: "verification", rows: 0, empty: at % 20 === 0 ? 0 : 1 },
    })),
  (playing) =>
    play(playing, "probing", ["REFUSALS"], many(playing, 0.7), () => ({
      ...{ result: "refused", reason: "FIELD_NOT_GRANTED", rows: 0, empty: 0 },
    })),
  (playing) =>
    play(playing, "other purpose", ["PURPOSE_DRIFT"], many(playing, 1.6), () => ({
      purpose: "analysis",
      scenario: "list",
    })),
  (playing) => play(playing, "new field", ["FIELD_DRIFT"], 20, () => ({ fields: "code,name,id" })),
  (playing) => play(playing, "ending", ["ENDING", "VOLUME"], many(playing, 1.6), () => ({ rows: 1, empty: 0 })),
  (playing) =>
    play(playing, "one officer", ["UNLIKE_PEERS"], many(playing, 1), () => ({ officer: "77", rows: 1, empty: 0 })),
];
export const MISUSE_KINDS = MISUSES.length;
