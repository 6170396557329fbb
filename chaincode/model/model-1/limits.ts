import { Type } from "typebox";
import { canonicalBytes } from "../canonical.js";
import { ensure } from "../errors.js";
import { closed, count, text } from "../kernel/schema.js";
import { Text } from "../text-digest.js";

export { closed, count, Text, text };

/** Bounds on input, each with its unit and reason. All of it has to fit into an act of 64 KiB besides. */

/** Characters of a name or title; the longest official dataset titles have some 60. */
export const MAX_NAME = 120;
/** Characters of a sentence or two, shown in lists. */
export const MAX_SENTENCE = 300;
/** Characters of a paragraph: an abstract, a scenario. */
export const MAX_PARAGRAPH = 1000;
/**
 * Acts of one department in one case between two ticks, five minutes: a person does less, a script waits. It bounds how
 * often others' acts that rest on the case can lose their races.
 */
export const ACTS_PER_TICK = 16;
/** Largest national base table has 312 fields. */
export const MAX_FIELDS = 320;
/**
 * Bytes of a dataset's field names together, as JSON. A release has them twice, with a digest each, and an application
 * three times: what the catalogue takes must fit there too, or it could never have a release.
 */
export const MAX_FIELD_NAMES_BYTES = 12 * 1024;
/** Characters of a field's name. */
export const MAX_FIELD_NAME = 64;
export const FieldName = text(MAX_FIELD_NAME);
export const FieldNames = Type.Array(FieldName, { minItems: 1, maxItems: MAX_FIELDS, uniqueItems: true });

/** @throws LedgerError TOO_LARGE naming what is too large and by how much */
export function checkSize(what: string, value: unknown, limit: number): void {
  const size = canonicalBytes(value).length;
  ensure(size <= limit, "TOO_LARGE", `${what} take ${size} bytes; ${limit} are allowed`);
}
