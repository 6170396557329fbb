import type { Schema } from "../session/ledger.ts";

/** A form's values as the command's body: what was left empty is left out, as the schemas want it. */
export function bodyOf(schema: Schema, values: unknown): unknown {
  const text = schema.anyOf?.some(({ properties }) => properties?.text !== undefined);
  if (text === true) return isEmpty(Reflect.get(Object(values), "text")) ? undefined : values;
  if (schema.type === "array") {
    const items = Array.isArray(values) ? values : [];
    return items.map((item) => bodyOf(schema.items ?? {}, item)).filter((item) => item !== undefined);
  }
  if (schema.type === "boolean") return values === true;
  if (schema.type !== "object") return isEmpty(values) ? undefined : values;
  const { properties = {}, required = [] } = schema;
  const members = Object.entries(properties).flatMap(([member, part]) => {
    const value = bodyOf(part, Reflect.get(Object(values ?? {}), member));
    const isWanted = required.includes(member) || !isNothing(value);
    return value === undefined || !isWanted ? [] : [[member, value] as const];
  });
  return members.length === 0 && values === undefined ? undefined : Object.fromEntries(members);
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === "";

/** What an optional list or group that nobody touched comes to, whatever it would have to hold. */
const isNothing = (value: unknown): boolean =>
  isEmpty(value) || (typeof value === "object" && Object.values(value as object).every(isNothing));
