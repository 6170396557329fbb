import { RECORDS_REFERENCE } from "../../channel/policies.js";
import type { Topology } from "../../topology/topology.js";
import type { CommittedDefinition, Definition } from "./lifecycle.js";

/** The definition that the topology asks for. */
export interface WantedDefinition extends Definition {
  /** Whether it is the one in force already. */
  readonly inForce: boolean;
}

/** The definition in force where it is as the topology has it, else the next. */
export function wantedDefinition(
  { contracts }: Topology,
  committed: CommittedDefinition | undefined,
): WantedDefinition {
  const inForce = committed?.version === contracts.version && committed.policyReference === RECORDS_REFERENCE;
  const sequence = inForce ? committed.sequence : (committed?.sequence ?? 0n) + 1n;
  return { ...contracts, sequence, inForce };
}
