import { atOnce, type Steps } from "../engine/steps.js";

/** What sources say about one thing: each source's value, as a number of its own for each value. */
export interface Claims {
  /** By claim. */
  readonly sources: readonly number[];
  readonly values: readonly number[];
}

export interface Judgement {
  /** By source: the share of its claims that are right, as far as the sources tell. */
  readonly reliability: readonly number[];
  /** By thing: the probability of each value; the likely one is the first among the largest. */
  readonly probabilities: readonly ReadonlyMap<number, number>[];
}

const MOST_ROUNDS = 100;
const THINGS_A_STEP = 1000;
/** A source's reliability moves less than this: it has settled. */
const SETTLED = 1e-6;
/** So many claims of average reliability are added to each source's, so that few claims prove little. */
const PRIOR_CLAIMS = 4;
/** Nobody is always right, or always wrong. */
const BOUND = 0.01;

/**
 * Weighs sources and values against each other until both stand: a value is likely if reliable sources say it, a source
 * is reliable if it says likely values. That several sources say the same wrong value counts for what it is: wrong values
 * that many repeat are expected to be repeated (Dong, Saha, Srivastava: "Less is More", PVLDB 6(2), 2012: PopAccu). It has
 * nothing to be tuned.
 * @param settled by source: its claims, beside these, on which all sources agree
 */
export const judgeSources = (things: readonly Claims[], settled: readonly number[]): Judgement =>
  atOnce(judgementSteps(things, settled));

/** The same, some things at a time. */
export function* judgementSteps(things: readonly Claims[], settled: readonly number[]): Steps<Judgement> {
  let probabilities: ReadonlyMap<number, number>[] = things.map(shares);
  let reliability: number[] = [];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const next = measure(things, probabilities, settled);
    const moved = Math.max(0, ...next.map((value, at) => Math.abs(value - (reliability[at] ?? 0))));
    reliability = next;
    probabilities = [];
    for (const claims of things) {
      if (probabilities.length % THINGS_A_STEP === 0)
        yield (round + probabilities.length / things.length) / MOST_ROUNDS;
      probabilities.push(weigh(claims, next));
    }
    if (moved < SETTLED) break;
  }
  return { reliability, probabilities };
}

/** Where all sources count alike. */
function shares({ values }: Claims): Map<number, number> {
  const counts = countOf(values);
  return new Map([...counts].map(([value, count]) => [value, count / values.length]));
}

function countOf(values: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function measure(
  things: readonly Claims[],
  probabilities: readonly ReadonlyMap<number, number>[],
  settled: readonly number[],
) {
  const right = [...settled];
  const claims = [...settled];
  for (const [at, thing] of things.entries()) {
    // What one source alone says neither speaks for it nor against it.
    if (thing.sources.length < 2) continue;
    for (const [claim, source] of thing.sources.entries()) {
      right[source] = (right[source] ?? 0) + (probabilities[at]?.get(thing.values[claim] ?? -1) ?? 0);
      claims[source] = (claims[source] ?? 0) + 1;
    }
  }
  const all = claims.reduce((sum, count) => sum + count, 0);
  const average = all === 0 ? 0.5 : right.reduce((sum, count) => sum + count, 0) / all;
  return right.map((count, source) => (count + PRIOR_CLAIMS * average) / ((claims[source] ?? 0) + PRIOR_CLAIMS));
}

function weigh({ sources, values }: Claims, reliability: readonly number[]): Map<number, number> {
  const counts = countOf(values);
  const scores = new Map<number, number>();
  for (const [candidate, supporters] of counts) {
    let score = 0;
    for (const [claim, source] of sources.entries()) {
      const value = values[claim] as number;
      const right = Math.min(Math.max(reliability[source] ?? 0, BOUND), 1 - BOUND);
      const popularity = (counts.get(value) ?? 0) / (values.length - supporters);
      score += value === candidate ? Math.log(right) : Math.log((1 - right) * popularity);
    }
    scores.set(candidate, score);
  }
  const best = Math.max(...scores.values());
  const weights = [...scores].map(([value, score]) => [value, Math.exp(score - best)] as const);
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  return new Map(weights.map(([value, weight]) => [value, weight / sum]));
}
