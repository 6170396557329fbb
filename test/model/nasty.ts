import fc from "fast-check";

/** Values that somebody with keys would write into an act, to stop or to split those who read it. */
export const NASTY_VALUES: readonly unknown[] = [
  ...["\ud800", "a\udfff", "\u0000", "\u202e", "", "x".repeat(5_000), "__proto__", "constructor"],
  ...["2026-13-01", "2025-02-30", "2026-00-00", "2029-02-29", "0000-01-01", "9999-12-31"],
  ...["2026-02-30T00:00:00Z", "2026-09-28T24:00:00Z", "2026-09-28T23:59:60Z", "2026-09-28T01:00:00+08:00"],
  ...[0, -0, -1, 1, 2, 1.5, 1e308, 5e-324, 2 ** 53, 2 ** 53 - 1, 2 ** 31, 10_000_000_000, 1e21],
  ...[true, false, null, [], {}, [[]], [null], { status: "none" }, { length: -1 }],
];

export const nastyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(...NASTY_VALUES),
  fc.integer({ min: 1, max: 60 }).map(nest),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.double(),
  fc.anything({
    maxDepth: 2,
    withNullPrototype: false,
    values: [fc.string(), fc.integer(), fc.boolean(), fc.constant(null)],
  }),
);

function nest(depth: number): unknown {
  return depth === 0 ? "deep" : [nest(depth - 1)];
}

/** A change somewhere in a value: `path` walks down by its numbers, whatever there is. */
export const change = fc.record({
  path: fc.array(fc.nat(200), { minLength: 1, maxLength: 6 }),
  kind: fc.constantFrom("replace", "remove", "add", "double"),
  value: nastyValue,
});
export type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** The value with the change made; other parts are shared. */
export function changed(value: unknown, { path, kind, value: nasty }: Change): unknown {
  const [step, ...rest] = path;
  if (step === undefined || typeof value !== "object" || value === null) return nasty;
  const keys = Object.keys(value);
  const key = keys[step % Math.max(1, keys.length)];
  if (Array.isArray(value)) {
    const at = step % Math.max(1, value.length);
    const inner = rest.length > 0 ? changed(value[at], { path: rest, kind, value: nasty }) : nasty;
    if (kind === "remove" && rest.length === 0) return value.filter((_, index) => index !== at);
    if (kind === "double" && rest.length === 0) return [...value, ...value.slice(at, at + 1)];
    if (kind === "add" && rest.length === 0) return [...value, nasty];
    return value.map((item, index) => (index === at ? inner : item));
  }
  if (key === undefined) return { nasty };
  const members = value as Readonly<Record<string, unknown>>;
  if (rest.length > 0) return { ...members, [key]: changed(members[key], { path: rest, kind, value: nasty }) };
  const { [key]: _removed, ...others } = members;
  if (kind === "remove") return others;
  return kind === "add" ? { ...members, [`${key}x`]: nasty } : { ...others, [key]: nasty };
}
