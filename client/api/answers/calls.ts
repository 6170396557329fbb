import { CallDetails, CallFacts } from "@wanlian/verify";
import { Type } from "typebox";
import { Checked } from "./access.js";
import { answer, Count, Digest, Instant } from "./answer.js";

/** How many records were taken in, and what of the others. */
export const TakenCalls = answer("TakenCalls", {
  taken: Type.Integer({ minimum: 0, description: "Records that are in the log now." }),
  withoutGrant: Type.Integer({ minimum: 0, description: "Of them, calls that no grant covered." }),
  doubled: Type.Integer({ minimum: 0, description: "Records that were there before." }),
  refused: Type.Array(
    Type.Object({
      at: Type.Integer({ minimum: 0, description: "Which record, from 0." }),
      code: Type.String({ description: "Stable." }),
      message: Type.String(),
    }),
    { description: "Records that were not taken." },
  ),
});

const Facts = {
  ...CallFacts.properties,
  platform: Type.String({ description: "By the name that its departments agreed on." }),
  result: Type.String({ description: "What came of it." }),
};

/** A call over another road, as a department's log has it. */
export const Call = answer("Call", {
  record: Digest,
  position: Type.Integer({ minimum: 0, description: "In this node's log." }),
  kind: Type.String(),
  ...Facts,
  ...CallDetails.properties,
  checked: Checked,
  taken: Instant,
  source: Type.String({ description: "SHA-256 of the record as it came." }),
  reason: Type.Optional(Type.String({ description: "Why the ledger did not grant it then." })),
  contradicts: Type.Optional(Type.String({ description: "The entry that says otherwise of the same call." })),
  otherSide: Type.Unsafe<"open" | "agrees" | "differs" | "lacks">(
    Type.Enum(["open", "agrees", "differs", "lacks"], { description: "What the other department's node says of it." }),
  ),
});

/** A call that the other side has and this log lacks. */
export const LackingCall = answer("LackingCall", {
  department: Type.String(),
  key: Type.String({ description: "SHA-256 of what names the call." }),
  facts: Type.Object(Facts, { description: "What the other side says of it." }),
  told: Instant,
});

export const CallNote = answer("CallNote", {
  number: Count,
  code: Type.String({ description: "Stable." }),
  source: Type.String({ description: "Where the record came from." }),
  call: Type.String({ description: "The platform's own number of it." }),
  said: Type.String({ description: "What was said." }),
  time: Instant,
  message: Type.Object({ zh: Type.String(), en: Type.String() }),
});
