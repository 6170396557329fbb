import type { Consensus } from "@wanlian/network/topology/topology.js";
import { isAvailable, NETWORKS } from "./networks.js";
import { RunningPilot } from "./shared-pilot.js";

/** A pilot takes half a minute to set up on two cores, more on a busy machine; a suite's first hook waits for it. */
export const PILOT_START_MS = 240_000;

/** One pilot of six departments a network, which suites share: set up when the first asks, stopped after the last. */
class SharedPilot {
  #started: Promise<RunningPilot> | undefined;

  constructor(readonly consensus: Consensus) {}

  pilot(): Promise<RunningPilot> {
    this.#started ??= RunningPilot.start({ departments: 6, consensus: this.consensus });
    return this.#started;
  }

  /** The same with its channel opened. */
  async opened(): Promise<RunningPilot> {
    const pilot = await this.pilot();
    await pilot.open();
    return pilot;
  }

  async end(): Promise<void> {
    if (this.#started !== undefined) await (await this.#started).remove();
  }
}

const embedded = new SharedPilot("embedded");
const shared = NETWORKS.map((consensus) => (consensus === "embedded" ? embedded : new SharedPilot(consensus)));

/** Runs a suite on every network that is at hand; on the others its tests count as skipped. No test knows which it is. */
export function onEveryNetwork(title: string, suite: (this: Mocha.Suite, shared: SharedPilot) => void): void {
  for (const pilot of shared) {
    const register = isAvailable(pilot.consensus) ? describe : describe.skip;
    register(`${title} (${pilot.consensus})`, function () {
      suite.call(this, pilot);
    });
  }
}

/** For suites that have their own for real Fabric, or whose subject no network can change. */
export function openedPilot(): Promise<RunningPilot> {
  return embedded.opened();
}

after(async function () {
  this.timeout(PILOT_START_MS);
  for (const pilot of shared) await pilot.end();
});
