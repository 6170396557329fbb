import { type TSchema, Type } from "typebox";
import { Check, Errors } from "typebox/schema";
import { LedgerError } from "../errors.js";

/** An object with these properties and no others. */
export const closed = <P extends Record<string, TSchema>>(properties: P) =>
  Type.Object(properties, { additionalProperties: false });

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
