import { Digest, Instant, MspId, OfficerNumber, TransactionId } from "@wanlian/model/identifiers.js";
import { closed, text } from "@wanlian/model/kernel/schema.js";
import { type Static, Type } from "typebox";
import { AuditFilter } from "../records/audit-request.js";

/** Acts in one file. */
export const MAX_ACTS = 500;
/** Records in one file: of each all that one's evidence has. */
export const MAX_RECORDS = 50;
const MAX_STEPS = 50;

const Noun = text(32);
const Case = text(200);
const At = Type.String({ pattern: "^(\\d{1,12}|\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}:\\d{2}Z)?)$" });

/** Which part of a longer answer. */
const page = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_ACTS })),
  cursor: Type.Optional(Type.String({ maxLength: 1024, pattern: "^[A-Za-z0-9_-]*$" })),
};
/** Of acts: ledger time, the first included, the second not; of cases of one noun alone. */
const narrowed = {
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
  only: Type.Optional(Noun),
  ...page,
};

/** Everything that happened to a case and to all that refers to it. */
const History = closed({ kind: Type.Literal("history"), noun: Noun, case: Case, ...narrowed });
/** Everything that a department did, or one of its officers. */
const Author = closed({
  kind: Type.Literal("author"),
  department: MspId,
  officer: Type.Optional(OfficerNumber),
  ...narrowed,
});
/** How an operator company was engaged and dismissed. */
const Operator = closed({ kind: Type.Literal("operator"), department: MspId, code: text(64), ...narrowed });
/** The acts that state a digest: of a file, of evidence, of a text. */
const Stated = closed({ kind: Type.Literal("digest"), digest: Digest, ...narrowed });
/** Where a release or product came from and went to. */
const Lineage = closed({
  kind: Type.Literal("lineage"),
  release: TransactionId,
  direction: Type.Optional(Type.Enum(["up", "down", "both"])),
  depth: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_STEPS })),
});
/** A case as it stood at a time. */
const AsOf = closed({ kind: Type.Literal("asOf"), noun: Noun, case: Case, at: Type.Optional(At) });
/** The cases that changed between two times. */
const Changes = closed({
  kind: Type.Literal("changes"),
  from: Type.Optional(At),
  to: Type.Optional(At),
  noun: Type.Optional(Noun),
  case: Type.Optional(Case),
  ...page,
});
/** Who accessed what, when, under which grant. */
const Accesses = closed({ kind: Type.Literal("accesses"), filter: AuditFilter, ...page });
/** The cell of a release that has this digest. */
const Cell = closed({ kind: Type.Literal("cell"), release: TransactionId, digest: Digest });

/** What a node was asked, of everything whose answer can be taken home. */
export const Question = Type.Union([History, Author, Operator, Stated, Lineage, AsOf, Changes, Accesses, Cell]);
export type Question = Static<typeof Question>;
