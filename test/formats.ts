import type { TSchema } from "typebox";

interface AnySchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly patternProperties?: Readonly<Record<string, TSchema>>;
  readonly additionalProperties?: unknown;
  readonly maxProperties?: number;
  /** Of a tuple, one for each place. */
  readonly items?: TSchema | readonly TSchema[];
  readonly additionalItems?: unknown;
  readonly maxItems?: number;
  readonly anyOf?: readonly TSchema[];
  readonly allOf?: readonly TSchema[];
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

const itemsOf = ({ items = [] }: Pick<AnySchema, "items">): readonly TSchema[] =>
  Array.isArray(items) ? items : [items as TSchema];

/** Whether a pattern alone says how long a text can be. */
const isBounded = (pattern: string) => /^\^.*\$$/s.test(pattern) && !/(?<!\\)(?:[*+]|\{\d+,\})/.test(pattern);

/** The places of a format at which what comes could go on without end, or hold what nobody reads. */
export function endless(schema: TSchema, place: string): string[] {
  const one = schema as AnySchema;
  const parts = [...(one.anyOf ?? []), ...(one.allOf ?? [])].flatMap((part) => endless(part, place));
  if (one.enum !== undefined || one.const !== undefined) return parts;
  switch (one.type) {
    case "string":
      return one.maxLength !== undefined || isBounded(one.pattern ?? "") ? [] : [`${place}: a text`];
    case "integer":
    case "number":
      return one.minimum !== undefined && one.maximum !== undefined ? [] : [`${place}: a number`];
    case "array":
      return [
        ...(one.maxItems === undefined && one.additionalItems !== false ? [`${place}: a list`] : []),
        ...(one.items === undefined ? [`${place}: a list of anything`] : []),
        ...itemsOf(one).flatMap((part) => endless(part, place)),
      ];
    case "object": {
      const named = Object.entries(one.properties ?? {});
      const byPattern = Object.values(one.patternProperties ?? {});
      const isEndless = byPattern.length > 0 && one.maxProperties === undefined;
      return [
        ...(isEndless ? [`${place}: an object`] : []),
        // A name that no pattern has stands for anything else.
        ...(one.additionalProperties !== false ? [`${place}: other members`] : []),
        ...named.flatMap(([name, part]) => endless(part, `${place}.${name}`)),
        ...byPattern.flatMap((part) => endless(part, `${place}.*`)),
      ];
    }
    default:
      return parts;
  }
}

const BOUNDS = [
  ...["minimum", "maximum", "exclusiveMinimum", "minLength", "maxLength", "pattern"],
  ...["minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"],
];

/** Every bound of a format, by its place. */
export function* boundsOf(schema: TSchema, place: string): Generator<readonly [string, string]> {
  const one = schema as unknown as Readonly<Record<string, unknown>>;
  const bounds = BOUNDS.flatMap((name) => (one[name] === undefined ? [] : [`${name} ${String(one[name])}`]));
  if (bounds.length > 0) yield [place, bounds.join(", ")];
  const { properties = {}, patternProperties = {}, items, anyOf = [], allOf = [] } = schema as AnySchema;
  for (const [name, part] of Object.entries(properties)) yield* boundsOf(part, `${place}.${name}`);
  for (const part of Object.values(patternProperties)) yield* boundsOf(part, `${place}.*`);
  for (const [at, part] of itemsOf({ items }).entries()) yield* boundsOf(part, `${place}[${at === 0 ? "" : at}]`);
  for (const [at, part] of [...anyOf, ...allOf].entries()) yield* boundsOf(part, `${place}|${at}`);
}
