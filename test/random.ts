/** A small generator of our own, so that a printed seed repeats a test's choices. @returns numbers from 0 to below 1 */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
