import type { GrantRead, MaskRead, RowFilterRead } from "@wanlian/model/reading.js";
import { maskedFields } from "../../../access/index.js";
import type { Row } from "../../sources/source.js";
import { masked } from "./mask.js";

/** Of a grant, what is shown: which of its fields otherwise than as they are, and which rows. */
export type Shown = Pick<GrantRead, "masks" | "filters">;

/** Whether everything that the grant is of is shown as it is. */
export const showsAll = (shown: Shown): boolean => maskedFields(shown).size === 0 && shown.filters === undefined;

/** Whether a row is one that the grant is of. A value that is not there is none of those, and lies between none. */
export function isShown(filters: readonly RowFilterRead[], cellOf: (field: string) => string | null): boolean {
  return filters.every(({ field, among, least, most }) => {
    const value = cellOf(field);
    if (value === null) return false;
    if (among !== undefined && !among.includes(value)) return false;
    return (least === undefined || value >= least) && (most === undefined || value <= most);
  });
}

/** A row as the grant shows it. @param pseudonym of a field's value */
export function shownRow(
  fields: readonly string[],
  row: Row,
  masks: readonly MaskRead[],
  pseudonym: (field: string, value: string) => string,
): Row {
  const ways = new Map(masks.map(({ field, way }) => [field, way]));
  return fields.map((field, at) =>
    masked(row[at] ?? null, ways.get(field) ?? "whole", (value) => pseudonym(field, value)),
  );
}
