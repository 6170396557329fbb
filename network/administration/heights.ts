/** The greatest of some ledgers' heights, in blocks; 0 of none. */
export function highestOf(heights: readonly bigint[]): bigint {
  let highest = 0n;
  for (const height of heights) if (height > highest) highest = height;
  return highest;
}
