/** Milliseconds in Go's units of time. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ["ns", 1e-6],
  ["us", 1e-3],
  ["µs", 1e-3],
  ["μs", 1e-3],
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
]);

/** Milliseconds of a duration as Go writes it (`2s`, `100ms`, `1m30s`); undefined if it is none. */
export function parseDuration(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join("") !== text.replace(/^\+/, "")) return undefined;
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS.get(unit ?? "") ?? 0), 0);
}
