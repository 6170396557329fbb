import type { TSchema } from "typebox";
import { Check } from "typebox/schema";

/** A place in a schema: members' names, `*` for the elements of a list. */
export type Place = readonly string[];

interface AnySchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly required?: readonly string[];
  readonly items?: TSchema;
  readonly anyOf?: readonly TSchema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
}

export interface Leaf {
  readonly place: Place;
  readonly schema: TSchema;
  readonly required: boolean;
}

/** Every member of a schema, whole ones and those inside them, and the elements of lists. */
export function leavesOf(schema: TSchema, place: Place = [], required = true): Leaf[] {
  const { properties = {}, required: needed = [], items, anyOf = [] } = schema as AnySchema;
  const members = Object.entries(properties).flatMap(([name, part]) =>
    leavesOf(part, [...place, name], needed.includes(name)),
  );
  const elements = items === undefined ? [] : leavesOf(items, [...place, "*"], false);
  const alternatives = anyOf.flatMap((part) => leavesOf(part, place, required).filter((leaf) => leaf.place !== place));
  return [...(place.length === 0 ? [] : [{ place, schema, required }]), ...members, ...elements, ...alternatives];
}

/** The first value that stands at a place, with the names that lead to it; undefined if nothing does. */
export function findAt(
  value: unknown,
  place: Place,
): { readonly path: readonly string[]; readonly value: unknown } | undefined {
  const [name, ...rest] = place;
  if (name === undefined) return { path: [], value };
  if (typeof value !== "object" || value === null) return undefined;
  const entries =
    name === "*" && Array.isArray(value) ? [...value.entries()] : Object.entries(value).filter(([key]) => key === name);
  for (const [key, part] of entries) {
    const found = findAt(part, rest);
    if (found !== undefined) return { path: [String(key), ...found.path], value: found.value };
  }
  return undefined;
}

/** A value with another at a path, or without what is there. */
export function putAt(value: unknown, path: readonly string[], put: { readonly value: unknown } | undefined): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return put?.value;
  if (Array.isArray(value))
    return value.flatMap((part, at) => {
      if (String(at) !== name) return [part];
      return rest.length === 0 && put === undefined ? [] : [putAt(part, rest, put)];
    });
  const entries = Object.entries(value as object).flatMap(([key, part]) => {
    if (key !== name) return [[key, part] as const];
    return rest.length === 0 && put === undefined ? [] : [[key, putAt(part, rest, put)] as const];
  });
  const there = entries.some(([key]) => key === name);
  return Object.fromEntries(there || put === undefined ? entries : [...entries, [name, putAt({}, rest, put)]]);
}

/** Values that a schema refuses, each for one of its rules, made from one that it takes; by the rule's name. */
export function refusedBy(schema: TSchema, good: unknown): Record<string, unknown> {
  const rules = (schema as AnySchema).anyOf?.find((part) => Check(part, good)) ?? schema;
  const { type, enum: values, const: only, pattern, minLength, maxLength, minimum, maximum } = rules as AnySchema;
  const { minItems, maxItems, uniqueItems, properties } = rules as AnySchema;
  const list = Array.isArray(good) ? good : [];
  const filled = (length: number) => Array.from({ length }, (_, at) => list[at % Math.max(1, list.length)] ?? "x");
  const text = typeof good === "string" ? good : "x";
  const candidates: Record<string, unknown> = {
    null: null,
    type: type === "string" ? 1 : "x",
    ...(values === undefined && only === undefined ? {} : { enum: "none of these" }),
    ...(minLength === undefined ? {} : { minLength: text.slice(0, minLength - 1) }),
    ...(maxLength === undefined ? {} : { maxLength: text.padEnd(maxLength + 1, text.at(-1) ?? "x") }),
    ...(pattern === undefined ? {} : { pattern: `${text.slice(0, -1)}\n` }),
    ...(minimum === undefined ? {} : { minimum: minimum - 1 }),
    ...(maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? {} : { maximum: maximum + 1 }),
    ...(type === "integer" ? { whole: 1.5 } : {}),
    ...(minItems === undefined ? {} : { minItems: list.slice(0, minItems - 1) }),
    ...(maxItems === undefined ? {} : { maxItems: filled(maxItems + 1) }),
    ...(uniqueItems && list.length > 0 ? { uniqueItems: [...list, list[0]] } : {}),
    ...(properties === undefined ? {} : { more: { ...(good as object), more: true } }),
  };
  return Object.fromEntries(Object.entries(candidates).filter(([, value]) => !Check(schema, value)));
}
