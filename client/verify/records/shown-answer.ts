import { canonicalBytes } from "@wanlian/model/canonical.js";
import type { Digest } from "@wanlian/model/identifiers.js";
import { checkSchema, closed } from "@wanlian/model/kernel/schema.js";
import type { GrantRead } from "@wanlian/model/reading.js";
import { cellDigests, type RegisteredRows, RowProof, verifyRow } from "@wanlian/model/release/row-proof.js";
import type { Words } from "@wanlian/protocol/language.js";
import { type Static, Type } from "typebox";
import { type AccessRecord, responseOf } from "./access-record.js";
import { type AccessRequest, keyedDigest, Subject } from "./access-request.js";

/** Rows that one look-up returns; whoever needs more downloads. */
export const MAX_LOOKUP_ROWS = 1000;
const MAX_CELLS = 500;

const Value = Type.Union([Type.String(), Type.Null()]);
/** What came back beside the record: rows, or yes or no. Its canonical JSON is what the record's digest is of. */
export const Payload = Type.Union([
  closed({
    fields: Type.Array(Type.String(), { maxItems: MAX_CELLS }),
    rows: Type.Array(Type.Array(Value, { maxItems: MAX_CELLS }), { maxItems: MAX_LOOKUP_ROWS }),
    more: Type.Boolean(),
  }),
  closed({ match: Type.Boolean() }),
]);
export type Payload = Static<typeof Payload>;

/** Of what was returned, one a row; of a yes, of the row that it rests on (docs/formats/row-tree.md). */
export const RowProofs = Type.Array(RowProof, { maxItems: MAX_LOOKUP_ROWS });

/** What was looked up and what came back, cells and salts: whoever is shown it can check it against the record. */
export const ShownAnswer = closed({ subject: Type.Optional(Subject), payload: Payload, proofs: RowProofs });
export type ShownAnswer = Static<typeof ShownAnswer>;

/** @throws LedgerError INVALID_INPUT */
export function parseShownAnswer(value: unknown): ShownAnswer {
  checkSchema(ShownAnswer, value);
  return value as ShownAnswer;
}

/** Of a grant, the fields that are shown otherwise than as they are. */
export const maskedFields = (grant: Pick<GrantRead, "masks"> | undefined): ReadonlySet<string> =>
  new Set((grant?.masks ?? []).filter(({ way }) => way !== "whole").map(({ field }) => field));

/** Whether a record says that an answer went out by way of the node: then there are cells to prove. */
export function answers({ request, kind, result }: AccessRecord): boolean {
  return kind === "access" && result === "served" && request.road === "gateway" && request.way !== "download";
}

/**
 * Why an answer is not what its record says, or what was asked for, or the release's; undefined where it is all three.
 * That there are no other rows stays the provider's word.
 * @param key the access's own
 * @param masked fields that are not shown as they are, by the grant: their cells are the provider's word
 */
export function whyNotThis(
  record: AccessRecord,
  key: Digest,
  { subject = {}, payload, proofs }: ShownAnswer,
  release: RegisteredRows | undefined,
  masked: ReadonlySet<string> = new Set(),
): Words | undefined {
  const { request } = record;
  if (keyedDigest(key, canonicalBytes(payload)) !== responseOf(record)) return NOT_THE_RECORDS;
  const rows = rowsOf(request, payload, Object.entries(subject), masked);
  if (!Array.isArray(rows)) return rows;
  const shown = "rows" in payload ? payload.rows.length : 0;
  if (record.result !== "served" || record.rows !== shown) return OTHER_ROWS;
  if (release === undefined || proofs.length !== rows.length || hasTwice(proofs)) return OTHER_PROOFS;
  for (const [at, row] of rows.entries()) {
    const proof = proofs[at];
    if (proof === undefined || !verifyRow(proof, row, release)) {
      return { zh: `第${at + 1}行不是该批次的数据`, en: `row ${at + 1} is not the release's` };
    }
  }
  return undefined;
}

/** A cell of one of an answer's rows, by its digest: the commitment to it (docs/formats/row-tree.md). */
export interface AnswerCell {
  /** Of the answer's rows, from 0. */
  readonly row: number;
  readonly field: string;
  readonly digest: Digest;
  /** Left out where the answer does not show what the cell holds: then it is a cell beside those that were granted. */
  readonly value?: string | null;
}

/** The cells of an answer that is its record's and the release's (`whyNotThis`): of each row all, in the release's order. */
export function cellsOfAnswer(
  { request }: AccessRecord,
  { subject = {}, payload, proofs }: ShownAnswer,
  release: RegisteredRows,
  masked: ReadonlySet<string> = new Set(),
): AnswerCell[] {
  const rows = rowsOf(request, payload, Object.entries(subject), masked);
  if (!Array.isArray(rows)) return [];
  return rows.flatMap((shown, row) => {
    const proof = proofs[row];
    const digests = proof === undefined ? [] : cellDigests(proof, shown, release);
    return digests.map((digest, at) => {
      const field = release.fields[at] ?? "";
      const value = shown.get(field);
      return { row, field, digest, ...(value === undefined ? {} : { value }) };
    });
  });
}

type Row = ReadonlyMap<string, string | null>;

/** The cells that have to be the release's, row by row: those asked for, and those asked by. */
function rowsOf(
  { way, fields }: AccessRequest,
  payload: Payload,
  subject: readonly (readonly [string, string])[],
  masked: ReadonlySet<string>,
): Row[] | Words {
  if ("match" in payload) {
    if (way !== "verification") return OTHER_WAY;
    return payload.match ? [new Map(subject)] : [];
  }
  if (way !== "lookup" || !same(payload.fields, fields)) return OTHER_FIELDS;
  const rows: Row[] = [];
  for (const row of payload.rows) {
    if (row.length !== fields.length) return RAGGED;
    const cells = fields.map((field, at): [string, string | null] => [field, row[at] ?? null]);
    const shown = new Map(cells.filter(([field]) => !masked.has(field)));
    for (const [field, value] of subject) {
      if (shown.has(field) && shown.get(field) !== value) return OTHER_SUBJECT;
      shown.set(field, value);
    }
    rows.push(shown);
  }
  return rows;
}

const same = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((name, at) => name === other[at]);

/** One row of the release, given as two. */
const hasTwice = (proofs: readonly RowProof[]): boolean =>
  new Set(proofs.map(({ index }) => index)).size !== proofs.length;

const NOT_THE_RECORDS: Words = {
  zh: "所得结果与提供部门的记录不符",
  en: "what came is not what the provider's record says of it",
};
const OTHER_ROWS: Words = { zh: "记录的行数与所得结果不同", en: "the record counts other rows than came" };
const OTHER_PROOFS: Words = { zh: "证明与各行不相配", en: "the proofs are not of these rows" };
const OTHER_WAY: Words = { zh: "查询得到的是核验的答复", en: "a look-up was answered as a verification" };
const OTHER_FIELDS: Words = { zh: "所得字段与请求的不同", en: "other fields came than were asked for" };
const RAGGED: Words = { zh: "有一行的值与字段数目不同", en: "a row has not one value for each field" };
const OTHER_SUBJECT: Words = { zh: "有一行不是所查的对象", en: "a row is of another subject" };
