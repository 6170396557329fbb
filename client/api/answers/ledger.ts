import { Type } from "typebox";
import { FoldedAct } from "../schemas.js";
import { answer, Count, Digest, Instant } from "./answer.js";

const Codes = Type.Array(Count, { description: "Fabric's validation codes, one a transaction." });

export const BlockLine = answer("BlockLine", {
  number: Count,
  hash: Digest,
  time: Type.String(),
  transactions: Type.Integer({ minimum: 0, description: "How many it holds." }),
  refused: Type.Integer({ minimum: 0, description: "Those of them that validation refused." }),
});

const entry = {
  block: Count,
  transaction: Count,
  id: Type.String({ description: "The transaction's id." }),
  code: Type.Integer({ minimum: 0, description: "Fabric's validation code; 0: valid." }),
  type: Type.Integer({ minimum: 0, description: "Fabric's type of transaction." }),
  department: Type.String(),
};
export const TransactionEntry = answer("TransactionEntry", entry);

export const BlockEntry = answer("BlockEntry", {
  number: Count,
  hash: Digest,
  previousHash: Digest,
  dataHash: Digest,
  commitHash: Digest,
  codes: Codes,
  time: Type.String(),
  transactions: Type.Array(TransactionEntry, { description: "In their order." }),
});

const Appearance = answer("Appearance", { ...entry, acts: Type.Array(FoldedAct) });

/** A transaction id can stand on the ledger more than once. */
export const TransactionFound = answer("TransactionFound", {
  id: Type.String({ description: "The transaction's id." }),
  appearances: Type.Array(Appearance, { description: "Where it stands on the ledger; at most the first is valid." }),
});

export const ContractVersion = answer("ContractVersion", {
  block: Count,
  sequence: Type.Integer({ minimum: 1, description: "Fabric's number of the definition." }),
  version: Type.String({ description: "As it was committed." }),
  policyReference: Type.String({ description: "Path of the policy by which transactions have to be endorsed." }),
});

export const Authority = answer("Authority", {
  department: Type.String(),
  use: Type.Unsafe<"members" | "connections">(
    Type.Enum(["members", "connections"], { description: "What its certificates are for." }),
  ),
  subject: Type.String({ description: "The certificate's name." }),
  ends: Type.String({ description: "Its last instant, RFC 3339." }),
});

export const Agreement = answer("Agreement", {
  department: Type.String(),
  records: Type.Integer({ minimum: 0, description: "Entries of its log." }),
  anchors: Type.Integer({ minimum: 0, description: "How often it anchored." }),
  anchored: Type.Optional(Instant),
  blocks: Type.Optional(Type.Integer({ minimum: 0, description: "Blocks that its last anchor speaks of." })),
  root: Type.Optional(Type.String({ description: "Root over those blocks." })),
  agrees: Type.Union([Type.Boolean(), Type.Null()], { description: "Null while it has no anchor." }),
  late: Type.Boolean({ description: "Whether its last anchor is too long ago." }),
});

export const Heads = answer("Heads", {
  items: Type.Array(
    answer("Head", {
      noun: Type.String(),
      case: Type.String(),
      act: Type.Integer({ description: "Number of its last act that counted; 0: none." }),
      next: Type.Integer({ description: "The next number that was never written." }),
      state: Type.Optional(Type.Unknown({ description: "Absent before its first act; as the noun's schema has it." })),
    }),
  ),
  chaincode: Type.String(),
});
