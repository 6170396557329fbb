import { RunningPilot } from "./shared-pilot.js";

let started: Promise<RunningPilot> | undefined;

/** A pilot takes half a minute to set up on two cores, more on a busy machine; a suite's first hook waits for it. */
export const PILOT_START_MS = 240_000;

/** The one pilot of six departments that tests share: set up when the first asks, stopped after the last. */
export function sharedPilot(): Promise<RunningPilot> {
  started ??= RunningPilot.start({ departments: 6 });
  return started;
}

/** The same with its channel opened. */
export async function openedPilot(): Promise<RunningPilot> {
  const pilot = await sharedPilot();
  await pilot.open();
  return pilot;
}

after(async function () {
  this.timeout(PILOT_START_MS);
  if (started !== undefined) await (await started).remove();
});
