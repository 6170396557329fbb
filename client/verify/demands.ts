import type { AccessRecord, SignedRecord } from "./records/access-record.js";
import { STEPS, type StepName } from "./step.js";

/**
 * What the kind of record demands to be proven; fixed, so that nobody makes evidence hold by leaving a part out. A
 * refusal, and a failure before anything went out, need no grant; an end of a transfer needs its beginning.
 */
export function demandsOf({ record }: SignedRecord): ReadonlySet<StepName> {
  const notDemanded = new Set<StepName>([
    ...(demandsGrant(record) ? [] : (["grant", "grantStood"] as const)),
    ...(record.kind === "closing" ? [] : (["opening"] as const)),
  ]);
  return new Set(STEPS.filter((name) => !notDemanded.has(name)));
}

/** Whether data went out, or may have: of a transfer that broke off nobody knows how much did. */
export function demandsGrant(record: AccessRecord): boolean {
  if (record.kind !== "access") return true;
  return record.result === "served" || record.rows > 0 || record.bytes > 0 || record.response !== undefined;
}
