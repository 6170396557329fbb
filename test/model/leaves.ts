/** Where a leaf stands in a value: members by name, `*` for each item of an array. */
export type LeafPath = readonly string[];

type Schema = Readonly<Record<string, unknown>>;

/** Every leaf of a schema: what has no members and no items of its own. */
export function leavesOf(schema: unknown, at: LeafPath = []): LeafPath[] {
  const { anyOf, properties, items } = schema as Schema;
  if (Array.isArray(anyOf)) return anyOf.flatMap((one) => leavesOf(one, at));
  if (typeof properties === "object" && properties !== null) {
    return Object.entries(properties).flatMap(([name, part]) => leavesOf(part, [...at, name]));
  }
  return typeof items === "object" && items !== null ? leavesOf(items, [...at, "*"]) : [at];
}

/** Whether the value has something at that leaf. */
export function hasLeaf(value: unknown, [step, ...rest]: LeafPath): boolean {
  if (step === undefined) return value !== undefined;
  if (Array.isArray(value)) return step === "*" && value.some((item) => hasLeaf(item, rest));
  return isRecord(value) && Object.hasOwn(value, step) && hasLeaf(value[step], rest);
}

/** The value with another one at that leaf; of the items of an array, at the first that has it. */
export function withLeaf(value: unknown, [step, ...rest]: LeafPath, leaf: unknown): unknown {
  if (step === undefined) return leaf;
  if (Array.isArray(value)) {
    const at = Math.max(
      0,
      value.findIndex((item) => hasLeaf(item, rest)),
    );
    return value.map((item, index) => (index === at ? withLeaf(item, rest, leaf) : item));
  }
  return isRecord(value) ? { ...value, [step]: withLeaf(value[step], rest, leaf) } : value;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
