import type { PageWord } from "@wanlian/words/index.js";

/** What accesses are asked for. */
export type Filter = Readonly<Record<string, string | undefined>>;

/** The members that say something. */
export const given = (filter: Filter): [string, string][] =>
  Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== undefined);

/** What an empty answer says: where a time was asked for, there may be some in a longer one. */
export const noneWord = ({ since }: Filter): PageWord => (since === undefined ? "use.none" : "use.noneSince");
