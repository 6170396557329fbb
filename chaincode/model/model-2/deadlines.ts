import { Type } from "typebox";
import { Deadline as Deadline1, type DeadlineKind } from "../model-1/deadlines.js";
import { DEADLINE_KINDS_2 } from "./kinds.js";

const kind = Type.Unsafe<DeadlineKind>(Type.Enum([...DEADLINE_KINDS_2]));

/** Version 1's, of the kinds that there are now. At most one of a kind: the last that was started. */
export const Deadlines = Type.Array(Type.Object({ ...Deadline1.properties, kind }, { additionalProperties: false }), {
  maxItems: DEADLINE_KINDS_2.length,
});
