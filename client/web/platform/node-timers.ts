/** Stands in for `node:timers/promises`: named by what the page never calls. */
export function setTimeout(): never {
  throw new Error("nothing waits here");
}
