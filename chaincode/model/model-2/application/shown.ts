import { type Static, Type } from "typebox";
import { ensure } from "../../errors.js";
import type { CaseState } from "../../kernel/act.js";
import { closed } from "../../kernel/schema.js";
import { checkSize, FieldName, MAX_FIELDS, text } from "../../model-1/limits.js";
import { MASK_WAYS } from "../../reading.js";
import { compareDecimals, type Decimal, parseDecimal } from "../../release/decimal.js";

/** Filters of one grant: a district, a period, and little else. */
const MAX_FILTERS = 8;
/** Values that a filter lists: a city's districts or towns. */
const MAX_VALUES = 200;
/** Characters of such a value, as the release's canonical column has it. */
const MAX_VALUE = 64;
/** Bytes of masks and filters as JSON: an act has them twice, beside the names of all fields of a dataset. */
const MAX_SHOWN_BYTES = 6 * 1024;

const Value = text(MAX_VALUE);

/** 脱敏: the fields that are shown otherwise than as they are, each once. */
export const Masks = Type.Array(closed({ field: FieldName, way: Type.Enum([...MASK_WAYS]) }), {
  minItems: 1,
  maxItems: MAX_FIELDS,
});

/** 行过滤: by the values that a row may have in a field, or by the least and the most of them. */
export const RowFilters = Type.Array(
  closed({
    field: FieldName,
    /** Texts by their code units where it is left out; numbers by what they are. */
    compares: Type.Optional(Type.Enum(["texts", "numbers"])),
    among: Type.Optional(Type.Array(Value, { minItems: 1, maxItems: MAX_VALUES, uniqueItems: true })),
    least: Type.Optional(Value),
    most: Type.Optional(Value),
  }),
  { minItems: 1, maxItems: MAX_FILTERS },
);

/** What of the granted data is shown, and how. */
export const shown = { masks: Type.Optional(Masks), filters: Type.Optional(RowFilters) };

export interface Shown {
  readonly masks?: Static<typeof Masks>;
  readonly filters?: Static<typeof RowFilters>;
}

/** Whether a grant shows its data in part: then there are answers row by row, and nothing that takes a whole release. */
export function isShownInPart(application: CaseState | undefined): boolean {
  const { masks = [], filters } = (application as { readonly grant?: Shown } | undefined)?.grant ?? {};
  return filters !== undefined || masks.some(({ way }) => way !== "whole");
}

type Filter = Static<typeof RowFilters>[number];

/** @throws LedgerError INVALID_INPUT for a number that is none */
function isMore({ field, compares }: Filter, one: string, other: string): boolean {
  if (compares !== "numbers") return one > other;
  return compareDecimals(numberOf(field, one), numberOf(field, other)) > 0;
}

function numberOf(field: string, value: string): Decimal {
  const number = parseDecimal(value);
  ensure(number !== undefined, "INVALID_INPUT", `"${field}" is compared as a number, and "${value}" is none`);
  return number;
}

/**
 * Masks are of fields that are granted, filters by fields that the dataset has: a row can be chosen by what is not shown.
 * @throws LedgerError OUT_OF_SCOPE, MISMATCH, INVALID_INPUT, TOO_LARGE
 */
export function checkShown(
  { masks = [], filters = [] }: Shown,
  granted: readonly string[],
  known: readonly string[],
): void {
  const masked = masks.map(({ field }) => field);
  ensure(new Set(masked).size === masked.length, "INVALID_INPUT", "a field is masked twice");
  const beyond = masked.find((field) => !granted.includes(field));
  ensure(beyond === undefined, "OUT_OF_SCOPE", `"${beyond}" is masked, and not granted`);
  const filtered = filters.map(({ field }) => field);
  ensure(new Set(filtered).size === filtered.length, "INVALID_INPUT", "rows are filtered twice by one field");
  for (const filter of filters) {
    const { field, among, least, most } = filter;
    ensure(known.includes(field), "MISMATCH", `rows are filtered by "${field}", which the dataset does not have`);
    if (filter.compares === "numbers") {
      for (const value of [...(among ?? []), least, most]) if (value !== undefined) numberOf(field, value);
    }
    const isRange = least !== undefined || most !== undefined;
    ensure(isRange === (among === undefined), "INVALID_INPUT", `"${field}" is one of some values, or lies between two`);
    const isEmpty = least !== undefined && most !== undefined && isMore(filter, least, most);
    ensure(!isEmpty, "INVALID_INPUT", `no value of "${field}" lies from "${least}" to "${most}"`);
  }
  checkSize("masks and filters", { masks, filters }, MAX_SHOWN_BYTES);
}
