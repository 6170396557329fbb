import type { CaseRef } from "@wanlian/model/kernel/act.js";
import { caseName } from "@wanlian/model/kernel/key.js";
import type { Insertable, Transaction } from "kysely";
import type { CaseTable, NodeDatabase } from "./database/schema.js";

type Sql = Transaction<NodeDatabase>;
type Row<Name extends keyof NodeDatabase> = Insertable<NodeDatabase[Name]>;

/** Tables whose rows are added once. */
const ADDED = [
  ...(["blocks", "transactions", "acts", "release_sources"] as const),
  ...(["text_digests", "notices", "alarms", "configurations"] as const),
] as const;
type Added = (typeof ADDED)[number];
/** Tables that are written anew, for a case, with each of its acts. */
const OF_A_CASE = ["parties", "deadlines", "case_references"] as const;

type CaseRow = Omit<Row<"cases">, "search_text">;

/** What a case's last act in the batch makes of its rows. */
export interface CaseRows {
  readonly row: CaseRow;
  /** Undefined where the act does not change what a search finds. */
  readonly searchText: string | undefined;
  readonly parties: readonly Row<"parties">[];
  readonly deadlines: readonly Row<"deadlines">[];
  readonly case_references: readonly Row<"case_references">[];
}

/**
 * How many rows a statement takes. Only these few, so that each statement stays prepared; a hundred rows of the widest
 * table are far below every database's limit on parameters.
 */
const PORTIONS = [64, 16, 4, 1] as const;

export function portions<T>(rows: readonly T[]): T[][] {
  const found: T[][] = [];
  let at = 0;
  for (const size of PORTIONS) {
    for (; rows.length - at >= size; at += size) found.push(rows.slice(at, at + size));
  }
  return found;
}

/**
 * Rows on their way into the tables. What several acts of one case would write one after another is written once, and
 * rows go in by the dozen: a statement costs more than the rows that it takes.
 */
export class BatchRows {
  readonly #sql: Sql;
  readonly #added = new Map<Added, object[]>(ADDED.map((table) => [table, []]));
  readonly #voids: Row<"voids">[] = [];
  readonly #left = new Map<string, Row<"left_keys"> | undefined>();
  readonly #cases = new Map<string, CaseRows & { readonly isNew: boolean }>();

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  add<Name extends Added>(table: Name, ...rows: readonly Row<Name>[]): void {
    this.#added.get(table)?.push(...rows);
  }

  addVoids(rows: readonly Row<"voids">[]): void {
    this.#voids.push(...rows);
  }

  /** A key as the last act that wrote it left it; undefined if that deleted it. */
  leave(key: string, row: Row<"left_keys"> | undefined): void {
    this.#left.set(key, row);
  }

  /** @param isNew whether this is the case's first act, so that there is nothing to replace */
  put(rows: CaseRows, isNew: boolean): void {
    const name = nameOf(rows.row);
    const before = this.#cases.get(name);
    this.#cases.set(name, {
      ...rows,
      searchText: rows.searchText ?? before?.searchText,
      isNew: before?.isNew ?? isNew,
      row: before === undefined ? rows.row : { ...rows.row, ...openingOf(before.row) },
    });
  }

  /** Writes what there is, for whoever has to read it, or at the end. */
  async flush(): Promise<void> {
    for (const [table, rows] of this.#added) {
      for (const some of portions(rows.splice(0))) {
        await this.#sql
          .insertInto(table)
          .values(some as never)
          .execute();
      }
    }
    for (const some of portions(this.#voids.splice(0))) {
      await this.#sql
        .insertInto("voids")
        .values(some)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    await this.#writeLeft();
    const cases = [...this.#cases.values()];
    this.#cases.clear();
    await this.#writeCases(cases.filter(({ searchText }) => searchText === undefined));
    await this.#writeCases(cases.filter(({ searchText }) => searchText !== undefined));
    await this.#remove(cases.filter(({ isNew }) => !isNew).map(({ row }) => row));
    for (const table of OF_A_CASE) {
      for (const some of portions(cases.flatMap((one): readonly object[] => one[table]))) {
        await this.#sql
          .insertInto(table)
          .values(some as never)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
    }
  }

  async #writeLeft(): Promise<void> {
    const left = [...this.#left];
    this.#left.clear();
    for (const some of portions(left.map(([key]) => key))) {
      await this.#sql.deleteFrom("left_keys").where("key", "in", some).execute();
    }
    for (const some of portions(left.flatMap(([, row]) => (row === undefined ? [] : [row])))) {
      await this.#sql.insertInto("left_keys").values(some).execute();
    }
  }

  /** Cases that all change what a search finds, or none of them. */
  async #writeCases(cases: readonly CaseRows[]): Promise<void> {
    const changed = cases[0]?.searchText === undefined ? CHANGED : [...CHANGED, "search_text" as const];
    for (const some of portions(cases)) {
      await this.#sql
        .insertInto("cases")
        .values(some.map(({ row, searchText }) => ({ ...row, search_text: searchText ?? "" })))
        .onConflict((conflict) =>
          conflict
            .columns(["noun", "case_id"])
            .doUpdateSet((eb) => Object.fromEntries(changed.map((column) => [column, eb.ref(`excluded.${column}`)]))),
        )
        .execute();
    }
  }

  async #remove(cases: readonly CaseRow[]): Promise<void> {
    for (const noun of new Set(cases.map((row) => row.noun))) {
      const ids = cases.filter((row) => row.noun === noun).map((row) => row.case_id);
      for (const some of portions(ids)) {
        for (const table of OF_A_CASE) {
          await this.#sql.deleteFrom(table).where("noun", "=", noun).where("case_id", "in", some).execute();
        }
      }
    }
  }
}

/** Columns of a case that each of its acts changes. */
const CHANGED = [
  "act",
  "transaction_id",
  "next",
  "status",
  "state",
  "changed_time",
  "changed_block",
  "changed_tx",
  "expires",
] as const satisfies readonly (keyof CaseTable)[];

const openingOf = ({ opened_time, opened_block }: CaseRow) => ({ opened_time, opened_block });

const nameOf = ({ noun, case_id }: CaseRow): string => caseName({ noun, case: case_id } satisfies CaseRef);
