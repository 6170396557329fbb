import type { Plannings } from "../planning/plannings.js";

/** The chaincodes of a channel that an organization's peers run, with the sequence of their definition. */
export async function runningChaincodes(
  plannings: Plannings,
  channelId: string,
  mspId: string,
): Promise<{ name: string; sequence: bigint }[]> {
  const directory = plannings.of(channelId)?.chaincodes;
  const running: { name: string; sequence: bigint }[] = [];
  for (const name of (await directory?.names()) ?? []) {
    const facts = await directory?.find(name);
    if (facts?.runners.has(mspId)) running.push({ name, sequence: facts.definition.sequence });
  }
  return running;
}
