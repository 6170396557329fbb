import type { AuditedCall } from "../../../audit/index.js";

/** A call over another road, as a department's log has it: what it was told, and what its node made of it. */
export function describeCall({ id, position, call }: AuditedCall): Record<string, unknown> {
  const { facts, details, checked, reason, taken, source, contradicts } = call;
  return {
    ...{ record: id, position, kind: "call", ...facts, ...details, checked, taken, source },
    ...(reason === undefined ? {} : { reason }),
    ...(contradicts === undefined ? {} : { contradicts }),
  };
}
