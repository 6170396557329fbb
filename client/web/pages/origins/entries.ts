import type { Schemas } from "../../session/api.ts";

export type Lineage = Schemas["Lineage"];
export type Entry = Schemas["LineageEntry"];

/** So many fields of a release are drawn; more are in the table. */
export const MOST_FIELDS = 24;

/** The lowest of its self-check's ratios, in hundredths of a percent. */
export const lowest = ({ selfCheck }: Entry): number | undefined =>
  selfCheck.length === 0 ? undefined : Math.min(...selfCheck.map(({ ratio }) => ratio));

export const openObjections = ({ objections }: Lineage, { release }: Entry): number =>
  objections.filter((one) => one.open && one.release === release).length;

/** The fields of a release that are on the way of the field that is followed. */
export function followed({ fieldLinks = [] }: Lineage): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { release, field } of fieldLinks.flatMap(({ from, to }) => [from, to])) {
    found.set(release, (found.get(release) ?? new Set()).add(field));
  }
  return found;
}
