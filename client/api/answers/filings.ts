import { Type } from "typebox";
import { Submission } from "../schemas.js";
import { answer } from "./answer.js";

/** What filing would write: nothing was sent. */
export const Preview = answer("Preview", {
  act: answer("PreviewedAct", {
    noun: Type.String(),
    case: Type.Union([Type.String(), Type.Null()], { description: "Null where the transaction will name it." }),
    type: Type.String(),
    body: Type.Unknown({ description: "What the act would say, as its command's schema has it." }),
    state: Type.Unknown({ description: "The case's state after it, as the noun's schema has it." }),
  }),
});

const { act: _act, ...outcome } = Submission.properties;

export const Filing = answer("Filing", {
  created: Type.String({ description: "When it was filed, by the node's own clock." }),
  noun: Type.String(),
  type: Type.String(),
  case: Type.Union([Type.String(), Type.Null()], { description: "Null while it has none." }),
  ...outcome,
});

/** A text of an act: what it says, or why it is not here. */
export const ActText = answer("ActText", {
  number: Type.Integer({ minimum: 0, description: "Of the act." }),
  type: Type.String(),
  department: Type.String(),
  member: Type.String({ description: "Of the act's body: the one that holds the digest." }),
  digest: Type.String({ description: "On the ledger." }),
  text: Type.Optional(Type.String()),
  salt: Type.Optional(Type.String()),
  missing: Type.Optional(Type.String({ description: "Code with which its author's node did not hand it over." })),
});
