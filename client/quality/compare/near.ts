/** One character in so many may differ. */
const SAME_OF_ONE = 5;
/** Characters that have to be the same at the beginning or at the end. */
export const SHARED_ENDS = 2;

/**
 * How far apart two names of one thing are, in characters to be put in, taken out, replaced or swapped with the next;
 * undefined where they are rather two things. At most one character in five differs, or one name goes on where the other ends
 * (宛城, 宛城区); they begin or end alike.
 */
export function nearness(a: string, b: string): number | undefined {
  const [shorter, longer] = a.length <= b.length ? [a, b] : [b, a];
  if (shorter.length < SHARED_ENDS || !(startOf(a) === startOf(b) || endOf(a) === endOf(b))) return undefined;
  if (longer.startsWith(shorter)) {
    // Half of it is there: what goes on is an addition, not another name.
    return shorter.length * 2 >= longer.length ? longer.length - shorter.length : undefined;
  }
  const most = Math.floor(longer.length / SAME_OF_ONE);
  if (longer.length - shorter.length > most) return undefined;
  const distance = distanceOf(shorter, longer);
  return distance <= most ? distance : undefined;
}

export const startOf = (text: string): string => text.slice(0, SHARED_ENDS);
export const endOf = (text: string): string => text.slice(-SHARED_ENDS);

/** Optimal string alignment: Levenshtein's, with a swap of neighbours as one. */
function distanceOf(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (last[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min((last[j] as number) + 1, (row[j - 1] as number) + 1, replaced);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) least = Math.min(least, (before[j - 2] as number) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] as number;
}
