import { keepInFlight } from "./in-flight.js";

/** How fresh processes came up to speed. */
export interface WarmUp {
  /** Calls a second in the first round: connections to make, code to compile, caches to fill. */
  readonly firstRate: number;
  /** Until calls became no faster. */
  readonly seconds: number;
  readonly calls: number;
}

/** How long a round takes, and the fewest and the most of them. */
const ROUND_SECONDS = 5;
const FEWEST_ROUNDS = 6;
const MOST_ROUNDS = 16;
/** A round counts as faster from here on; of a noisy machine two in a row have to be no faster. */
const FASTER = 1.03;
const ROUNDS_WITHOUT_GAIN = 2;

/**
 * Keeps `inFlight` calls under way until they become no faster. Node compiles what runs often, bit by bit, for most of a minute; a network that
 * serves a city has run longer.
 */
export async function untilSteady(inFlight: number, call: (worker: number) => Promise<void>): Promise<WarmUp> {
  let firstRate: number | undefined;
  let best = 0;
  let withoutGain = 0;
  let rounds = 0;
  let calls = 0;
  while (rounds < FEWEST_ROUNDS || (withoutGain < ROUNDS_WITHOUT_GAIN && rounds < MOST_ROUNDS)) {
    const { rate, calls: made } = await keepInFlight(inFlight, ROUND_SECONDS, call);
    firstRate ??= rate;
    calls += made;
    rounds += 1;
    withoutGain = rate < best * FASTER ? withoutGain + 1 : 0;
    best = Math.max(best, rate);
  }
  return { firstRate: firstRate ?? 0, seconds: rounds * ROUND_SECONDS, calls };
}

/** A warm-up in words. */
export const describeWarmUp = ({ firstRate, seconds }: WarmUp): string =>
  `measured after ${seconds} s of warming up, in the first ${ROUND_SECONDS} s of which it was ${firstRate.toFixed(0)} a second`;
