import type { GrantRead, MaskRead, RowFilterRead } from "@wanlian/model/reading.js";
import { compareDecimals, parseDecimal } from "@wanlian/model/release/decimal.js";
import { maskedFields } from "../../../access/index.js";
import type { Row } from "../../sources/source.js";
import { masked } from "./mask.js";

/** Of a grant, what is shown: which of its fields otherwise than as they are, and which rows. */
export type Shown = Pick<GrantRead, "masks" | "filters">;

/** Whether everything that the grant is of is shown as it is. */
export const showsAll = (shown: Shown): boolean => maskedFields(shown).size === 0 && shown.filters === undefined;

/** Whether a row is one that the grant is of. A value that is not there is none of those, and lies between none. */
export function isShown(filters: readonly RowFilterRead[], cellOf: (field: string) => string | null): boolean {
  return filters.every((filter) => {
    const value = cellOf(filter.field);
    if (value === null) return false;
    return filter.compares === "numbers" ? isNumberShown(filter, value) : isTextShown(filter, value);
  });
}

function isTextShown({ among, least, most }: RowFilterRead, value: string): boolean {
  if (among !== undefined && !among.includes(value)) return false;
  return (least === undefined || value >= least) && (most === undefined || value <= most);
}

/** By what the numbers are: `9` is less than `10`, and `9.0` is `9`. What is no number is shown by no such filter. */
function isNumberShown({ among, least, most }: RowFilterRead, value: string): boolean {
  const number = parseDecimal(value);
  if (number === undefined) return false;
  const compared = (text: string): number => {
    const other = parseDecimal(text);
    if (other === undefined) throw new RangeError(`a grant names "${text}" as a number`);
    return compareDecimals(number, other);
  };
  if (among !== undefined && !among.some((text) => compared(text) === 0)) return false;
  return (least === undefined || compared(least) >= 0) && (most === undefined || compared(most) <= 0);
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
