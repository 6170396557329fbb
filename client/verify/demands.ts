import type { AccessRecord, SignedRecord } from "./records/access-record.js";
import { answers, type ShownAnswer } from "./records/shown-answer.js";
import { STEPS, type StepName } from "./step.js";

/**
 * What the kind of record demands to be proven; fixed, so that nobody makes evidence hold by leaving a part out. A
 * refusal, and a failure before anything went out, need no grant; an end of a transfer needs its beginning. What was
 * looked up is nobody's to see but those who may open it: an answer that is shown has to be the record's and the
 * release's.
 */
export function demandsOf({ record }: SignedRecord, answer?: ShownAnswer): ReadonlySet<StepName> {
  const notDemanded = new Set<StepName>([
    ...(demandsGrant(record) ? [] : (["grant", "grantStood"] as const)),
    ...(record.kind === "closing" ? [] : (["opening"] as const)),
    ...(answer === undefined ? (["answer"] as const) : []),
  ]);
  return new Set(STEPS.filter((name) => !notDemanded.has(name)));
}

/** What a file can keep closed: then it is said, and is no part of what is proven. */
export function keptClosed({ record }: SignedRecord, answer: ShownAnswer | undefined): ReadonlySet<StepName> {
  return new Set(answer === undefined && answers(record) ? ["answer"] : []);
}

/** Whether data went out, or may have: of a transfer that broke off nobody knows how much did. */
export function demandsGrant(record: AccessRecord): boolean {
  if (record.kind !== "access") return true;
  return record.result === "served" || record.rows > 0 || record.bytes > 0 || record.response !== undefined;
}
