import type { CellCorrection } from "./corrections.js";
import type { HeldTable } from "./held-table.js";

/** What became of a cell that an objection finds wrong. */
export type Fate =
  /** As the objection says that it should be. */
  | "corrected"
  /** Another value, but not the one that should stand there, or nobody said which. */
  | "changed"
  | "unchanged"
  /** Its row is there no more. */
  | "gone"
  /** Its row's key stands more than once: which row is meant, nobody can say. */
  | "several"
  /** The release objected to has not what the objection says of it. */
  | "misquoted";

export interface CheckedCell extends CellCorrection {
  /** What its row is known by. */
  readonly key: readonly (string | null)[];
  /** What stands there now; undefined where there is no such row, or several. */
  readonly now: string | null | undefined;
  readonly fate: Fate;
}

type Table = Pick<HeldTable, "fields" | "rows" | "columns">;

/**
 * Looks at each cell that an objection names in the release that corrects it. Rows are found by their key, since a
 * correction may add and take away rows.
 * @param key columns that both tables have
 * @param before the release that was objected to
 * @throws RangeError for a key or a field that one of the tables does not have
 */
export function checkCorrections(
  cells: readonly CellCorrection[],
  key: readonly string[],
  { before, after }: { readonly before: Table; readonly after: Table },
): CheckedCell[] {
  const oldKey = key.map((field) => columnOf(before, field));
  const newKey = key.map((field) => columnOf(after, field));
  const places = new Map<string, number[]>();
  for (let row = 0; row < after.rows; row += 1) {
    const name = nameOf(newKey, row);
    const known = places.get(name);
    if (known === undefined) places.set(name, [row]);
    else known.push(row);
  }
  return cells.map((cell) => {
    const { row, field, stands } = cell;
    const named = oldKey.map((column) => column[row] ?? null);
    const told = { ...cell, key: named, now: undefined };
    if (row >= before.rows || (columnOf(before, field)[row] ?? null) !== stands) return { ...told, fate: "misquoted" };
    const [found, ...more] = places.get(nameOf(oldKey, row)) ?? [];
    // What is wrong may be the key itself: then the row is found by it no more.
    if (found === undefined) return { ...told, fate: "gone" };
    if (more.length > 0) return { ...told, fate: "several" };
    const now = columnOf(after, field)[found] ?? null;
    return { ...told, now, fate: fateOf(cell, now) };
  });
}

function fateOf({ stands, should }: CellCorrection, now: string | null): Fate {
  if (should !== undefined && now === should) return "corrected";
  return now === stands ? "unchanged" : "changed";
}

const nameOf = (columns: readonly (readonly (string | null)[])[], row: number): string =>
  JSON.stringify(columns.map((column) => column[row] ?? null));

function columnOf({ fields, columns }: Table, field: string): readonly (string | null)[] {
  const column = columns[fields.indexOf(field)];
  if (column === undefined) throw new RangeError(`there is no column "${field}"`);
  return column;
}
