import { atOnce, type Steps } from "../engine/steps.js";
import type { Dependency } from "./dependencies.js";
import { type EncodedColumn, type EncodedTable, MISSING } from "./encoded-table.js";
import { GroupCounts, groupBy } from "./groups.js";
import { shapesOf } from "./shapes.js";

/** Why a cell is thought to be wrong. */
export type Reason =
  /** Rows with the same determinants say otherwise; share: of those rows, the ones that say the likely value. */
  | { readonly kind: "dependency"; readonly determinant: readonly string[]; readonly share: number }
  /** It does not look like the other values of its column. */
  | { readonly kind: "pattern"; readonly pattern: string };

export interface WrongCell {
  /** From 0. */
  readonly row: number;
  readonly column: string;
  readonly value: string | null;
  /** The likely right value; null where only the fault is seen. */
  readonly likely: string | null;
  readonly reasons: readonly Reason[];
}

/** By how much another value must be better supported than the one that stands there. */
const LEAST_LEAD = 0.3;
/** A mended cell lets its row join the group where it belongs, which mends others. */
const MOST_ROUNDS = 5;
const ROWS_A_STEP = 1000;

/**
 * The cells that are likely wrong, and what is likely right. Every dependency whose dependent is a cell's column lets the other
 * rows of the cell's group vote: each value gets the share of those rows that have it, less if they are few. So a row
 * whose determinant is wrong itself is outvoted by the row's other determinants.
 */
export const findWrongCells = (table: EncodedTable, dependencies: readonly Dependency[]): WrongCell[] =>
  atOnce(wrongCellSteps(table, dependencies));

/** The same, some rows at a time. */
export function* wrongCellSteps(table: EncodedTable, dependencies: readonly Dependency[]): Steps<WrongCell[]> {
  const columns = new Map(table.columns.map((column) => [column.name, { ...column, codes: column.codes.slice() }]));
  const found = new Map<string, WrongCell>();
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const changes = yield* voteOnce([...columns.values()], columns, dependencies);
    for (const { row, column, to, reasons } of changes) {
      const original = originalOf(table, column.name, row);
      column.codes[row] = to;
      const likely = column.values[to] ?? null;
      const key = `${row} ${column.name}`;
      if (likely === original) found.delete(key);
      else found.set(key, { row, column: column.name, value: original, likely, reasons });
    }
    if (changes.length === 0) break;
  }
  for (const column of table.columns) {
    yield 1;
    const shapes = shapesOf(column);
    if (shapes === undefined) continue;
    for (const [row, code] of column.codes.entries()) {
      if (code === MISSING || shapes.fits[code] === true) continue;
      const key = `${row} ${column.name}`;
      const known = found.get(key);
      const reason: Reason = { kind: "pattern", pattern: shapes.pattern };
      const value = column.values[code] ?? null;
      const cell = known ?? { row, column: column.name, value, likely: null, reasons: [] };
      found.set(key, { ...cell, reasons: [...cell.reasons, reason] });
    }
  }
  return [...found.values()].sort((a, b) => a.row - b.row || (a.column < b.column ? -1 : 1));
}

interface Change {
  readonly row: number;
  readonly column: EncodedColumn;
  readonly to: number;
  /** By how much the new value is better supported. */
  readonly lead: number;
  readonly reasons: readonly Reason[];
}

interface Voter {
  readonly dependency: Dependency;
  readonly groups: Int32Array;
  readonly counts: GroupCounts;
}

function* voteOnce(
  all: readonly EncodedColumn[],
  byName: ReadonlyMap<string, EncodedColumn>,
  dependencies: readonly Dependency[],
): Steps<Change[]> {
  const changes: Change[] = [];
  for (const [at, column] of all.entries()) {
    yield at / all.length;
    const voters = dependencies
      .filter(({ dependent }) => dependent === column.name)
      .map((dependency): Voter => {
        const grouping = groupBy(dependency.determinant.map((name) => byName.get(name) as EncodedColumn));
        return { dependency, groups: grouping.groups, counts: new GroupCounts(grouping, column.codes) };
      });
    if (voters.length === 0) continue;
    for (let row = 0; row < column.codes.length; row += 1) {
      if (row % ROWS_A_STEP === 0) yield (at + row / column.codes.length) / all.length;
      const change = voteOn(row, column, voters);
      if (change !== undefined) changes.push(change);
    }
  }
  return withoutMutual(changes);
}

/** Where two cells of a row each speak against the other, the one with more against it is changed, and the other waits. */
function withoutMutual(changes: readonly Change[]): Change[] {
  const byRow = new Map<number, Change[]>();
  for (const change of changes) {
    const inRow = byRow.get(change.row);
    if (inRow === undefined) byRow.set(change.row, [change]);
    else inRow.push(change);
  }
  return [...byRow.values()].flatMap((inRow) => {
    const kept = new Map<string, Change>();
    for (const change of inRow.toSorted((a, b) => b.lead - a.lead)) {
      const speaks = change.reasons.some(
        (reason) => reason.kind === "dependency" && reason.determinant.some((name) => kept.has(name)),
      );
      if (!speaks) kept.set(change.column.name, change);
    }
    return [...kept.values()];
  });
}

function voteOn(row: number, column: EncodedColumn, voters: readonly Voter[]): Change | undefined {
  const own = column.codes[row] as number;
  const votes = new Map<number, number>();
  for (const { dependency, groups, counts } of voters) {
    const group = groups[row] as number;
    if (group === MISSING) continue;
    const others = counts.sizeOf(group) - (own === MISSING ? 0 : 1);
    if (others < 1) continue;
    const weight = (dependency.confidence * others) / (others + 1);
    for (const [code, count] of counts.of(group)) {
      const share = (count - (code === own ? 1 : 0)) / others;
      if (share > 0) votes.set(code, (votes.get(code) ?? 0) + weight * share);
    }
  }
  let best = own;
  for (const [code, vote] of votes) {
    const lead = vote - (votes.get(best) ?? 0);
    if (lead > 0 || (lead === 0 && (column.values[code] ?? "") < (column.values[best] ?? ""))) best = code;
  }
  if (best === own || (votes.get(best) ?? 0) <= (votes.get(own) ?? 0) + LEAST_LEAD) return undefined;
  const lead = (votes.get(best) ?? 0) - (votes.get(own) ?? 0);
  return { row, column, to: best, lead, reasons: reasonsFor(row, own, best, voters) };
}

function reasonsFor(row: number, own: number, best: number, voters: readonly Voter[]): Reason[] {
  const reasons: Reason[] = [];
  for (const { dependency, groups, counts } of voters) {
    const group = groups[row] as number;
    if (group === MISSING) continue;
    const others = counts.sizeOf(group) - (own === MISSING ? 0 : 1);
    const share = others < 1 ? 0 : (counts.of(group).get(best) ?? 0) / others;
    if (share > 0) reasons.push({ kind: "dependency", determinant: dependency.determinant, share });
  }
  return reasons;
}

function originalOf(table: EncodedTable, name: string, row: number): string | null {
  const column = table.columns.find((one) => one.name === name);
  const code = column?.codes[row] ?? MISSING;
  return code === MISSING ? null : (column?.values[code] ?? null);
}
