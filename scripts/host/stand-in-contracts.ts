import type { Pilot } from "./pilot.js";

/**
 * Runs a program of another kind in the place of every department's contracts, so that the network alone can be measured or
 * tried. The nodes are stopped: they would fold what is no act. It gets the environment and Node's own options of the contracts.
 */
export async function standInForContracts(pilot: Pilot, program: string): Promise<void> {
  const specs = (await pilot.states()).map(({ spec }) => spec);
  const ofKind = (kind: string) => specs.filter(({ name }) => name.startsWith(kind));
  await Promise.all(ofKind("node-").map(({ name }) => pilot.processes.stop(name)));
  await Promise.all(
    ofKind("contracts-").map(async (spec) => {
      await pilot.processes.stop(spec.name);
      await pilot.processes.start({ ...spec, args: [...flagsOf(spec.args), program] });
    }),
  );
}

const flagsOf = (args: readonly string[]): string[] => args.filter((arg) => arg.startsWith("--"));
