import { type TSchema, Type } from "typebox";
import { Check, Errors } from "typebox/schema";
import { LedgerError } from "../errors.js";

/** An object with these properties and no others. */
export const closed = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

/** The largest count of rows or calls that JSON carries exactly everywhere. */
export const MAX_COUNT = Number.MAX_SAFE_INTEGER;
export const count = (maximum = MAX_COUNT) => Type.Integer({ minimum: 0, maximum });

// No control characters: what is shown in a terminal or a log line must not be able to rewrite it.
const PRINTABLE = "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]*$";
export const text = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: PRINTABLE });

export const fits = (schema: TSchema, value: unknown): boolean => Check(schema, value);

/** @throws LedgerError INVALID_INPUT, naming the first places that do not fit */
export function checkSchema(schema: TSchema, value: unknown): void {
  if (fits(schema, value)) return;
  const [, errors] = Errors(schema, value);
  const places = errors.slice(0, 3).map((error) => `${error.instancePath || "the body"} ${error.message}`);
  throw new LedgerError("INVALID_INPUT", places.join("; ") || "the body does not fit its schema", {
    details: { places },
  });
}
