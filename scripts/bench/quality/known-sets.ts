import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  compareSources,
  type Dependency,
  type EncodedTable,
  encodeFile,
  findDependencies,
  findWrongCells,
} from "@wanlian/client/quality";

/** A cell that a method takes for wrong, and what it takes for right. */
interface Finding {
  readonly row: number;
  readonly column: string;
  readonly value: string | null;
  readonly likely: string | null;
  /** Of sources: how many say the likely value, of those that say anything. */
  readonly support?: readonly [number, number];
}

/** How a method fared on a set of the literature. The truth is used here alone. */
export interface SetScore {
  readonly set: "hospital" | "flights";
  readonly method: string;
  readonly wrong: number;
  readonly found: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Of the wrong cells: those for which the likely value is the true one. */
  readonly mended: number;
  readonly examples: readonly string[];
  /** What is told to be wrong where the truth says that it is right: faults of the method, or of the truth. */
  readonly against: readonly string[];
}

const SHOWN = 5;

/** @param folder with `hospital` and `flights`, each with `dirty.csv` and `clean.csv`; undefined where a set is missing */
export async function scoreKnownSets(folder: string): Promise<SetScore[]> {
  const scores: SetScore[] = [];
  const hospital = join(folder, "hospital");
  if (existsSync(hospital)) {
    const [dirty, clean] = await bothOf(hospital);
    const published = readConstraints(join(hospital, "constraints.txt"));
    const known = new Set(published.map(nameOf));
    const suggested = findDependencies(dirty).filter((one) => !known.has(nameOf(one)));
    scores.push(score("hospital", "published constraints, shapes", findWrongCells(dirty, published), dirty, clean));
    const all = findWrongCells(dirty, [...published, ...suggested]);
    scores.push(score("hospital", "published constraints, suggested rules", all, dirty, clean));
  }
  const flights = join(folder, "flights");
  if (existsSync(flights)) {
    const [dirty, clean] = await bothOf(flights);
    const { cells } = compareSources({ table: dirty, source: "src", key: ["flight"] });
    scores.push(score("flights", "comparison of sources", cells, dirty, clean));
  }
  return scores;
}

const bothOf = (folder: string) =>
  Promise.all([encodeFile({ path: join(folder, "dirty.csv") }), encodeFile({ path: join(folder, "clean.csv") })]);

const nameOf = ({ determinant, dependent }: Dependency): string => `${[...determinant].sort().join("&")}>${dependent}`;

/** Denial constraints of the form that the set's authors publish: equal here and unequal there. */
function readConstraints(path: string): Dependency[] {
  return readFileSync(path, "utf8")
    .trim()
    .split("\n")
    .map((line) => {
      const equal = [...line.matchAll(/EQ\(t1\.(\w+),/g)].map(([, column = ""]) => column);
      const [, dependent = ""] = /IQ\(t1\.(\w+),/.exec(line) ?? [];
      return { determinant: equal, dependent, confidence: 1 };
    });
}

function score(
  set: SetScore["set"],
  method: string,
  findings: readonly Finding[],
  dirty: EncodedTable,
  clean: EncodedTable,
): SetScore {
  const truth = reader(clean);
  const given = reader(dirty);
  let wrong = 0;
  for (const { name } of dirty.columns) {
    for (let row = 0; row < dirty.rows; row += 1) if (given(name, row) !== truth(name, row)) wrong += 1;
  }
  const right = findings.filter(({ row, column, value }) => truth(column, row) !== value);
  const precision = findings.length === 0 ? 0 : right.length / findings.length;
  const recall = wrong === 0 ? 0 : right.length / wrong;
  const told = ({ row, column, value, likely, support }: Finding) => {
    const said = support === undefined ? "" : `, said by ${support[0]} of ${support[1]}`;
    return `row ${row + 1}, ${column}: ${value ?? "nothing"} → ${likely ?? "?"}${said} (truth: ${truth(column, row) ?? "nothing"})`;
  };
  return {
    set,
    method,
    wrong,
    found: findings.length,
    precision,
    recall,
    f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
    mended: right.filter(({ row, column, likely }) => truth(column, row) === likely).length,
    examples: spread(right).map(told),
    against: spread(findings.filter((one) => !right.includes(one))).map(told),
  };
}

/** A few, from all over the list. */
function spread<T>(all: readonly T[]): T[] {
  return all.filter((_, at) => at % Math.max(1, Math.ceil(all.length / SHOWN)) === 0);
}

function reader(table: EncodedTable): (column: string, row: number) => string | null {
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  return (name, row) => {
    const column = columns.get(name);
    return column?.values[column.codes[row] ?? -1] ?? null;
  };
}
