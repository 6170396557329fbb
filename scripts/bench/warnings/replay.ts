import { KeyRuns } from "@wanlian/client/exchange";
import {
  type Baseline,
  baselineOf,
  type Cell,
  type FieldUse,
  type Finding,
  findingsAcross,
  findingsOf,
} from "@wanlian/client/warnings";
import type { EarlyWarning } from "@wanlian/model/early-warning.js";
import type { DatasetId, MspId } from "@wanlian/model/identifiers.js";
import type { MadeAccess, Traffic } from "./traffic.js";

const MINUTES = 24 * 60;
/** The ledger's clock moves on so often, and a node looks no more often at the same. */
export const LOOK_MINUTES = 5;
const FIRST_DAY = Date.UTC(2026, 0, 5);
const MS_PER_DAY = 86_400_000;

/** A finding when it was found first. */
export interface Raised extends Finding {
  readonly consumer: string;
  readonly dataset: string;
  readonly dayNumber: number;
  readonly minute: number;
}

export const dayText = (day: number): string => new Date(FIRST_DAY + day * MS_PER_DAY).toISOString().slice(0, 10);

/** What a node would have warned of, had this been its log: looked at every five minutes, as it looks. */
export function replay(traffic: Traffic, policy: EarlyWarning): Raised[] {
  const raised = new Map<string, Raised>();
  const history = new Map<string, Cell[]>();
  const fields = new Map<string, Map<string, FieldUse>>();
  for (const accesses of byDay(traffic)) {
    const [first] = accesses;
    if (first === undefined) continue;
    const dayNumber = Math.floor(first.minute / MINUTES);
    const day = dayText(dayNumber);
    const runs = new KeyRuns();
    const asked = new Map<string, { asked: number; following: number }>();
    const today = new Map<string, Map<string, Cell>>();
    const usual = new Map<string, Baseline>();
    const touched = new Set<string>();
    const look = (minute: number) => {
      for (const run of runs.take()) {
        const pair = `${run.consumer} ${run.dataset}`;
        const before = asked.get(pair) ?? { asked: 0, following: 0 };
        asked.set(pair, { asked: before.asked + run.asked, following: before.following + run.following });
      }
      for (const pair of touched) {
        const [consumer = "", dataset = ""] = pair.split(" ");
        const known =
          usual.get(pair) ?? baselineOf(recent(history.get(pair) ?? [], dayNumber, policy.historyDays), policy);
        usual.set(pair, known);
        const cells = [...(today.get(pair)?.values() ?? [])];
        const end = traffic.ends.get(pair);
        const watched = {
          ...{ day, cells, usual: known, run: asked.get(pair) ?? { asked: 0, following: 0 } },
          fields: [...(fields.get(pair)?.values() ?? [])],
          ends: new Map(end === undefined ? [] : [[pair, dayText(end)]]),
        };
        const findings = dataset === "" ? findingsAcross(watched, policy) : findingsOf(watched, policy);
        for (const finding of findings) {
          const key = [pair, day, finding.kind, finding.officer, finding.grant].join("|");
          if (!raised.has(key)) raised.set(key, { ...finding, consumer, dataset, dayNumber, minute });
        }
      }
      touched.clear();
    };
    let next = first.minute + LOOK_MINUTES;
    for (const access of accesses) {
      if (access.minute >= next) {
        look(next);
        next = access.minute + LOOK_MINUTES;
      }
      for (const dataset of [access.dataset, ""]) {
        const pair = `${access.consumer} ${dataset}`;
        touched.add(pair);
        const cells = today.get(pair) ?? new Map<string, Cell>();
        today.set(pair, cells);
        count(cells, access, day);
      }
      noteFields(fields, access, day);
      if (access.result === "served") {
        const { consumer, dataset, key } = access;
        runs.note({ consumer: consumer as MspId, dataset: dataset as DatasetId }, { id: key });
      }
    }
    look(next);
    for (const [pair, cells] of today) history.set(pair, [...(history.get(pair) ?? []), ...cells.values()]);
  }
  return [...raised.values()];
}

function* byDay({ accesses }: Traffic): Generator<readonly MadeAccess[]> {
  let from = 0;
  while (from < accesses.length) {
    const day = Math.floor((accesses[from] as MadeAccess).minute / MINUTES);
    let to = from;
    while (to < accesses.length && Math.floor((accesses[to] as MadeAccess).minute / MINUTES) === day) to += 1;
    yield accesses.slice(from, to);
    from = to;
  }
}

function recent(cells: readonly Cell[], day: number, days: number): readonly Cell[] {
  const first = dayText(day - days);
  return cells.filter(({ hour }) => hour >= first);
}

function count(cells: Map<string, Cell>, access: MadeAccess, day: string): void {
  const { officer, purpose, scenario, way, result, reason, grant } = access;
  const hour = `${day}T${String(Math.floor((access.minute % MINUTES) / 60)).padStart(2, "0")}`;
  const key = [hour, officer, purpose, scenario, way, result, reason].join("|");
  const cell = cells.get(key);
  if (cell === undefined) {
    const one = { accesses: 1, row_count: access.rows, empty: access.empty };
    cells.set(key, {
      hour,
      officer,
      operator: "",
      machine: 0,
      grant_case: grant,
      purpose,
      scenario,
      way,
      road: "gateway",
      result,
      reason,
      ...one,
    });
    return;
  }
  Object.assign(cell, {
    accesses: cell.accesses + 1,
    row_count: cell.row_count + access.rows,
    empty: cell.empty + access.empty,
  });
}

function noteFields(fields: Map<string, Map<string, FieldUse>>, access: MadeAccess, day: string): void {
  if (access.result === "refused") return;
  const pair = `${access.consumer} ${access.dataset}`;
  const known = fields.get(pair) ?? new Map<string, FieldUse>();
  fields.set(pair, known);
  for (const field of access.fields.split(",")) {
    const use = known.get(field);
    known.set(field, { field, firstDay: use?.firstDay ?? day, uses: (use?.uses ?? 0) + 1 });
  }
}
