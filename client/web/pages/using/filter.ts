/** What accesses are asked for. */
export type Filter = Readonly<Record<string, string | undefined>>;

/** The members that say something. */
export const given = (filter: Filter): [string, string][] =>
  Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== undefined);
