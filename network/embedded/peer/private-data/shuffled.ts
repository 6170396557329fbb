import { randomInt } from "node:crypto";

/** The same in an order by lot, so that the load of many is everybody's. */
export function shuffled<T>(items: readonly T[]): T[] {
  const left = [...items];
  const drawn: T[] = [];
  while (left.length > 0) drawn.push(...left.splice(randomInt(left.length), 1));
  return drawn;
}
