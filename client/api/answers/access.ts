import { Type } from "typebox";
import { answer, Count, Digest, Instant } from "./answer.js";

/** The ledger as it stood when an access was checked, and what was looked at there. */
export const Checked = answer("Checked", {
  height: Type.Integer({ minimum: 0, description: "Blocks by then." }),
  block: Type.String({ description: "Header hash of the last of them." }),
  time: Type.Optional(Instant),
  act: Type.Optional(Type.Integer({ description: "The last act of the grant's case; 0: there is none." })),
  grant: Type.Optional(Type.String()),
  release: Type.Optional(Type.String()),
});

/** That a row is the release's (docs/formats/row-tree.md). */
const RowProof = answer("RowProof", {
  index: Type.Integer({ minimum: 0, description: "Which row of the release, from 0." }),
  salts: Type.String({ description: "Of the cells that are shown: base64." }),
  hidden: Type.String({ description: "Digests of the cells that are not: base64." }),
  path: Type.String({ description: "From the row to the root: base64." }),
});

const Payload = Type.Union(
  [
    answer("Rows", {
      fields: Type.Array(Type.String()),
      rows: Type.Array(Type.Array(Type.Union([Type.String(), Type.Null()])), { description: "Cells by field." }),
      more: Type.Boolean({ description: "Whether there are more than fit." }),
    }),
    answer("Match", { match: Type.Boolean({ description: "Whether there is such a row." }) }),
    Type.Null(),
  ],
  { description: "What came; null where nothing did." },
);

const request = {
  provider: Type.String(),
  consumer: Type.String(),
  officer: Type.String(),
  machine: Type.Optional(Type.Boolean({ description: "Where a machine asked." })),
  dataset: Type.String(),
  purpose: Type.String(),
  scenario: Type.String(),
  way: Type.String(),
  road: Type.String(),
  result: Type.String({ description: "What came of it." }),
};

/** What came, with the record of it in this node's log. */
export const AccessAnswer = answer("AccessAnswer", {
  record: Digest,
  position: Type.Integer({ minimum: 0, description: "In this node's log." }),
  kind: Type.String(),
  ...request,
  release: Type.String(),
  grant: Type.String(),
  fields: Type.Array(Type.String()),
  rows: Count,
  objections: Type.Array(Type.String(), { description: "Objections to the release that were open." }),
  checked: Checked,
  reason: Type.Optional(Type.String({ description: "Why nothing came." })),
  payload: Payload,
  proofs: Type.Union([Type.Array(RowProof), Type.Null()], { description: "docs/formats/row-tree.md" }),
});

/** A line of this node's log. What a record says nothing of is left out. */
export const AccessRow = answer("AccessRow", {
  position: Type.Integer({ minimum: 0, description: "In this node's log." }),
  id: Type.String({ description: "The record's digest, by which it is known." }),
  kind: Type.String(),
  time: Instant,
  provider: Type.Optional(request.provider),
  consumer: Type.Optional(request.consumer),
  officer: Type.Optional(request.officer),
  machine: request.machine,
  dataset: Type.Optional(request.dataset),
  purpose: Type.Optional(request.purpose),
  scenario: Type.Optional(request.scenario),
  way: Type.Optional(request.way),
  road: Type.Optional(request.road),
  result: Type.Optional(request.result),
  reason: Type.Optional(Type.String({ description: "Why not, where it was not served." })),
  row_count: Type.Optional(Type.Integer({ minimum: 0, description: "Rows that were given." })),
  filing: Type.Optional(Type.String({ description: "Of a filing that was refused: which; of a call: its number." })),
  message: Type.Optional(Type.Object({ zh: Type.String(), en: Type.String() })),
});

const value = (description: string) => Type.Optional(Type.String({ description }));

/** Accesses of a time and an outcome, with the one member that they were counted by. */
export const AccessCount = answer("AccessCount", {
  day: Type.Optional(Type.String()),
  hour: value("Which hour, as the time at which it begins."),
  hourOfDay: value("Which hour of all days together."),
  purpose: Type.Optional(Type.String()),
  scenario: Type.Optional(Type.String()),
  consumer: Type.Optional(Type.String()),
  provider: Type.Optional(Type.String()),
  dataset: Type.Optional(Type.String()),
  officer: Type.Optional(Type.String()),
  machine: Type.Optional(Type.Boolean({ description: "Where they are counted by officer, and it was a machine." })),
  operator: Type.Optional(Type.String()),
  way: Type.Optional(Type.String()),
  road: Type.Optional(Type.String()),
  reason: value("Why they were not served."),
  result: Type.String({ description: "What came of them." }),
  accesses: Type.Integer({ minimum: 0, description: "How many." }),
  rows: Count,
  empty: Type.Integer({ minimum: 0, description: "Of them, answered and nothing found." }),
});

export const FoundCell = answer("FoundCell", {
  release: Type.String(),
  dataset: Type.String(),
  field: Type.String(),
  proof: RowProof,
});

/** A cell of an answer that was given once and kept. */
export const AnswerCell = answer("AnswerCell", {
  record: Digest,
  release: Type.String(),
  dataset: Type.String(),
  row: Type.Integer({ minimum: 0, description: "Of the answer, from 0." }),
  field: Type.String(),
  digest: Digest,
  value: Type.Optional(Type.Union([Type.String(), Type.Null()], { description: "Where it was granted." })),
});
