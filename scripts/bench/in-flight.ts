import { percentile } from "./table.js";

/** What came of keeping so many calls under way for a while. */
export interface LoadFigures {
  readonly inFlight: number;
  readonly calls: number;
  /** Calls that ended well, a second. */
  readonly rate: number;
  /** Milliseconds from a call's begin to its end. */
  readonly p50: number;
  readonly p99: number;
  /** Calls that failed; they are in none of the other figures. */
  readonly failed: number;
  readonly firstFailure: string | undefined;
}

/** Keeps `inFlight` calls under way for so many seconds, then waits for those that are still open. */
export async function keepInFlight(
  inFlight: number,
  seconds: number,
  call: (worker: number) => Promise<void>,
): Promise<LoadFigures> {
  const took: number[] = [];
  const failures: unknown[] = [];
  const begun = performance.now();
  const end = begun + seconds * 1000;
  const work = async (worker: number): Promise<void> => {
    while (performance.now() < end) {
      const before = performance.now();
      try {
        await call(worker);
        took.push(performance.now() - before);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: inFlight }, (_, worker) => work(worker)));
  const elapsed = (performance.now() - begun) / 1000;
  return {
    inFlight,
    calls: took.length,
    rate: took.length / elapsed,
    p50: percentile(took, 0.5),
    p99: percentile(took, 0.99),
    failed: failures.length,
    firstFailure: failures.length === 0 ? undefined : String(failures[0]),
  };
}
