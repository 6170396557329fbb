import type { Bundle } from "@wanlian/protocol/configuration/bundle.js";
import { peersOutOf } from "@wanlian/protocol/policies/peers-out-of.js";

/** MSP ids of the channel's members by a configuration. Only those who were members when a log was anchored witness it. */
export function membersIn({ applications }: Bundle): readonly string[] {
  return applications.map(({ mspId }) => mspId);
}

/** How many departments have to endorse, by a configuration; undefined where it does not say so. */
export function endorsersIn(bundle: Bundle): number | undefined {
  const application = bundle.group.groups.get("Application");
  return peersOutOf(application?.policies.get("Records")?.policy)?.k;
}

/** k departments, or all that are no party where they are fewer; one at least. */
export function witnessesNeeded(k: number, impartial: number): number {
  return Math.max(1, Math.min(k, impartial));
}
