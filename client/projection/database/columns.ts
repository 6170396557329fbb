import type { ColumnType } from "kysely";

/** How a database keeps a column; both databases take the same. */
export type ColumnKind = "text" | "int" | "bytes";

/** A column: what SQL keeps it as, and the type that it has in TypeScript. */
export interface Column<T> {
  readonly kind: ColumnKind;
  readonly nullable: boolean;
  /** There for the type alone. */
  readonly holds?: T;
}

export const text = <T extends string = string>(): Column<T> => ({ kind: "text", nullable: false });

/** Canonical JSON text. */
export const json = (): Column<string> => text();

export const int = <T extends number = number>(): Column<T> => ({ kind: "int", nullable: false });

/** Written as number or bigint, read as number: block numbers stay far below 2^53. */
export const block = (): Column<ColumnType<number, number | bigint, number | bigint>> => ({
  kind: "int",
  nullable: false,
});

export const bytes = (): Column<Uint8Array> => ({ kind: "bytes", nullable: false });

export const orNull = <T>({ kind }: Column<T>): Column<T | null> => ({ kind, nullable: true });

export type Columns = Readonly<Record<string, Column<unknown>>>;

/** A table: everything that is known of it, from which its rows' type and its DDL follow. */
export interface Table<C extends Columns = Columns> {
  readonly columns: C;
  readonly key: readonly string[];
  readonly indexes: readonly (readonly string[])[];
}

/** @param indexes beside the key's own */
export function table<const C extends Columns>(
  columns: C,
  key: readonly (string & keyof NoInfer<C>)[],
  ...indexes: readonly (readonly (string & keyof NoInfer<C>)[])[]
): Table<C> {
  return { columns, key, indexes };
}

type Held<C> = C extends Column<infer T> ? T : never;

/** A table's rows as kysely has them. */
export type RowOf<T> = T extends Table<infer C> ? { -readonly [Name in keyof C]: Held<C[Name]> } : never;
