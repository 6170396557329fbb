import type { Day, Instant, MspId } from "@wanlian/model/identifiers.js";
import { fits } from "@wanlian/model/kernel/schema.js";
import { Purpose } from "@wanlian/model/model-1/policy/policy-schema.js";
import type { UsageStatement } from "@wanlian/model/reading.js";
import { addDays, endOfDay, startOfDay } from "@wanlian/model/time/instant.js";
import type { AccessIndex } from "../access/index.js";

/** What of the log's index is asked. */
export type CountedLog = Pick<AccessIndex, "counts" | "find" | "positions">;

/** Sums of the log that are read at once. */
const PAGE = 1000;
/** As the rule has it: lines of one act, and counts of one line. */
const MOST_LINES = 100;
const MOST_COUNTS = 50;
/** Of the lines of one act: an act has 64 KiB, the rest of it some hundred bytes. */
const MOST_BYTES = 48 * 1024;

/** Served and refused accesses and rows, of one type, purpose and scenario. */
export interface UsageCount {
  readonly call: string;
  readonly purpose: string;
  readonly scenario: string;
  readonly served: number;
  /** Refused, failed or broken off. */
  readonly refused: number;
  /** Of what was served. */
  readonly rows: number;
}

/** What a department gave to, or got from, another of one dataset. */
export interface UsageLine {
  readonly side: "provided" | "used";
  readonly dataset: string;
  readonly counterpart: string;
  readonly counts: readonly UsageCount[];
}

/** A month as the node's own log has it, beside what was stated of it. */
export interface UsageDraft {
  readonly month: string;
  readonly department: string;
  readonly isStated: boolean;
  /** Positions of the log that the month's figures stand on. */
  readonly log: { readonly from: number; readonly to: number };
  readonly lines: readonly UsageLine[];
  /** Of the lines, those that were not stated, or otherwise. */
  readonly open: readonly UsageLine[];
  /** What is to be filed, act by act: the first states the month where nobody has, all others amend it. */
  readonly bodies: readonly Readonly<Record<string, unknown>>[];
  /** Figures that no line has room for, of its least used scenarios; and those of a platform's calls without purpose or scenario. */
  readonly leftOut: number;
}

/** @param statements of the department and month, in the order of the ledger */
export async function usageDraft(
  index: CountedLog,
  department: MspId,
  month: string,
  statements: readonly UsageStatement[],
): Promise<UsageDraft> {
  const period = periodOf(month);
  const { lines, leftOut } = await linesOf(index, department, period);
  const stated = new Map<string, string>();
  for (const { body } of statements) for (const line of linesIn(body)) stated.set(keyOf(line), countsText(line));
  const open = lines.filter((line) => stated.get(keyOf(line)) !== countsText(line));
  const [[newest], [oldest]] = await Promise.all([index.find(period, { limit: 1 }), index.positions(period, 0, 1)]);
  const log = newest === undefined || oldest === undefined ? EMPTY : { from: oldest, to: newest.position + 1 };
  const isStated = statements.length > 0;
  const bodies = parted(open).map((part, at) => ({
    ...(isStated || at > 0 ? {} : { code: month }),
    ...{ log, lines: part },
  }));
  // A month of which there is nothing to say is stated all the same.
  const said = isStated || bodies.length > 0 ? bodies : [{ code: month, log, lines: [] }];
  return { month, department, isStated, log, lines, open, bodies: said, leftOut };
}

const EMPTY = { from: 0, to: 0 };

interface WholeMonth {
  readonly since: Instant;
  readonly until: Instant;
}

function periodOf(month: string): WholeMonth {
  const first = `${month}-01` as Day;
  const next = `${addDays(first, 31).slice(0, 7)}-01` as Day;
  return { since: startOfDay(first), until: endOfDay(addDays(next, -1)) };
}

async function linesOf(index: CountedLog, department: MspId, period: WholeMonth) {
  const lines = new Map<string, { line: UsageLine; counts: Map<string, UsageCount> }>();
  let leftOut = 0;
  for (const side of ["provided", "used"] as const) {
    const role = side === "provided" ? { provider: department } : { consumer: department };
    for await (const cell of sums(index, { ...period, ...role })) {
      const { dataset, way: call, purpose, scenario, result, accesses, row_count } = cell;
      const counterpart = side === "provided" ? cell.consumer : cell.provider;
      if (dataset === "" || counterpart === department) continue;
      // What a platform did not say of its calls, or says in words of its own, no statement takes.
      if (!fits(Purpose, purpose) || scenario === "") {
        leftOut += 1;
        continue;
      }
      const line: UsageLine = { side, dataset, counterpart, counts: [] };
      const held = lines.get(keyOf(line)) ?? { line, counts: new Map() };
      lines.set(keyOf(line), held);
      const name = JSON.stringify([call, purpose, scenario]);
      const before = held.counts.get(name) ?? { call, purpose, scenario, served: 0, refused: 0, rows: 0 };
      const isServed = result === "served";
      held.counts.set(name, {
        ...before,
        served: before.served + (isServed ? accesses : 0),
        refused: before.refused + (isServed ? 0 : accesses),
        rows: before.rows + (isServed ? row_count : 0),
      });
    }
  }
  const whole = [...lines.values()].map(({ line, counts }) => {
    const sorted = [...counts.values()].sort((one, other) => other.served - one.served || byName(one, other));
    leftOut += Math.max(0, sorted.length - MOST_COUNTS);
    return { ...line, counts: sorted.slice(0, MOST_COUNTS).sort(byName) };
  });
  return { lines: whole.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1)), leftOut };
}

async function* sums(index: CountedLog, filter: Parameters<CountedLog["counts"]>[0]) {
  for (let page = await index.counts(filter, PAGE); page.length > 0; ) {
    yield* page;
    page = page.length < PAGE ? [] : await index.counts(filter, PAGE, page.at(-1));
  }
}

const keyOf = ({ side, dataset, counterpart }: Omit<UsageLine, "counts">): string =>
  JSON.stringify([side, dataset, counterpart]);

const nameOf = ({ call, purpose, scenario }: UsageCount): string => JSON.stringify([call, purpose, scenario]);

const byName = (one: UsageCount, other: UsageCount): number => (nameOf(one) < nameOf(other) ? -1 : 1);

/** The figures in one form, however they were stated. */
const countsText = ({ counts }: UsageLine): string =>
  JSON.stringify([...counts].sort(byName).map((one) => [nameOf(one), one.served, one.refused, one.rows]));

function linesIn(body: unknown): readonly UsageLine[] {
  const lines: unknown = Reflect.get(Object(body), "lines");
  return Array.isArray(lines) ? lines : [];
}

/** As many lines to an act as it has room for. */
function parted(lines: readonly UsageLine[]): UsageLine[][] {
  const parts: UsageLine[][] = [];
  let bytes = MOST_BYTES;
  for (const line of lines) {
    const size = Buffer.byteLength(JSON.stringify(line));
    const last = parts.at(-1);
    if (last === undefined || last.length === MOST_LINES || bytes + size > MOST_BYTES) {
      parts.push([line]);
      bytes = size;
    } else {
      last.push(line);
      bytes += size;
    }
  }
  return parts;
}
