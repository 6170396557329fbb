import { Type } from "typebox";
import { answer } from "./answer.js";

const channel = { channel: Type.String(), chaincode: Type.String() };
const parts = (description: string) => Type.Array(Type.Unknown(), { description });
const part = (description: string) => Type.Record(Type.String(), Type.Unknown(), { description });

/** Files that stand alone: the verifier has their schemas, and the documents say what each part is for. */
export const EvidenceFile = answer("EvidenceFile", {
  format: Type.Literal("wanlian-evidence", { description: "docs/formats/evidence.md" }),
  version: Type.Integer({ description: "Of the format." }),
  ...channel,
  department: Type.String(),
  record: part("The record, where its log has it, and that it is in there."),
  blocks: Type.Record(Type.String(), Type.String(), { description: "Those that it speaks of, by number: base64." }),
  certificates: Type.Record(Type.String(), Type.String(), { description: "PEM, by fingerprint." }),
});

export const AnswerFile = answer("AnswerFile", {
  format: Type.Literal("wanlian-answer", { description: "docs/formats/answer.md" }),
  version: Type.Integer({ description: "Of the format." }),
  ...channel,
  said: part("The question, and what the node says."),
  accesses: parts("What proves each access record of the answer."),
  blocks: Type.Record(Type.String(), Type.String(), { description: "Those that it speaks of, by number: base64." }),
  certificates: Type.Record(Type.String(), Type.String(), { description: "PEM, by fingerprint." }),
});

export const RootsFile = answer("RootsFile", {
  format: Type.Literal("wanlian-roots", { description: "docs/formats/evidence.md" }),
  version: Type.Integer({ description: "Of the format." }),
  ...channel,
  genesis: Type.String({ description: "Header hash of the channel's first block." }),
  roots: Type.Record(Type.String(), Type.Array(Type.String()), {
    description: "PEM root certificates by department, as the channel began.",
  }),
  orderers: Type.Array(Type.String(), { description: "Organisations that order blocks." }),
});
