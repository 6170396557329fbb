import { Type } from "typebox";
import { ApiError } from "../core/index.js";

/** A page is shown to people or read by programs; both come back for more. */
export const DEFAULT_PAGE = 50;
export const MAX_PAGE = 500;

export const pageParameters = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: MAX_PAGE, description: `Entries a page; default ${DEFAULT_PAGE}.` }),
  ),
  cursor: Type.Optional(Type.String({ maxLength: 1024, description: "`next` of the page before." })),
};

export interface PageRequest {
  readonly limit?: number;
  readonly cursor?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Absent on the last page. */
  readonly next?: string;
}

/** The values of a sort key, as a text that callers hand back without looking into it. */
export type Key = readonly (string | number)[];

export const encodeCursor = (key: Key): string => Buffer.from(JSON.stringify(key)).toString("base64url");

/** The key behind a cursor; its members have the types of `like`. Throws BAD_REQUEST for what this API never gave out. */
export function decodeCursor<K extends Key>(cursor: string | undefined, like: K): K | undefined {
  if (cursor === undefined) return undefined;
  const key = parse(cursor);
  if (!resembles(key, like)) throw new ApiError("BAD_REQUEST", "query/cursor: not one that this list gave out");
  return key;
}

function resembles<K extends Key>(key: unknown, like: K): key is K {
  return (
    Array.isArray(key) && key.length === like.length && key.every((member, at) => typeof member === typeof like[at])
  );
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Cuts the one row too many that tells whether there is more. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  limit: number,
  key: (row: Row) => Key,
  item: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items: shown.map(item), ...(more ? { next: encodeCursor(key(last)) } : {}) };
}
