import { isDeepStrictEqual } from "node:util";
import { canonicalBytes } from "@wanlian/model/canonical.js";
import { type RegisteredRows, type RowProof, verifyRow } from "@wanlian/model/model-1/release/row-proof.js";
import type { AccessRecord, AccessRequest, DeliveredAnswer, SignedRequest } from "../../access/index.js";
import { keyedDigest, responseOf } from "../../access/index.js";
import { ExchangeError } from "../../core/index.js";

/**
 * Whether an answer is what its record says, and what was asked for, and the release's: before it is countersigned.
 * That there are no other rows stays the provider's word.
 * @throws ExchangeError BAD_ANSWER
 */
export function checkAnswer(
  { request, key, subject = {} }: SignedRequest,
  { record: { signed }, payload, proofs = [] }: DeliveredAnswer,
  release: RegisteredRows | undefined,
): void {
  const { record } = signed;
  const expected = givesData(request, record) ? responseOf(record) : undefined;
  const digest = payload === undefined ? undefined : keyedDigest(key, canonicalBytes(payload));
  if (digest !== expected) throw bad("what came is not what the provider's record says of it");
  if (payload === undefined) {
    if (proofs.length > 0) throw bad("proofs came without what they are of");
    return;
  }
  const rows = rowsOf(request, payload, Object.entries(subject));
  const shown = "rows" in payload ? payload.rows.length : 0;
  if (record.result !== "served" || record.rows !== shown) throw bad("the record counts other rows than came");
  if (release === undefined || proofs.length !== rows.length || hasTwice(proofs))
    throw bad("the proofs are not of these rows");
  for (const [at, row] of rows.entries()) {
    const proof = proofs[at];
    if (proof === undefined || !verifyRow(proof, row, release)) throw bad(`row ${at + 1} is not the release's`);
  }
}

const givesData = ({ road }: AccessRequest, { result }: AccessRecord): boolean =>
  road === "gateway" && result === "served";

/** The cells that have to be the release's, row by row: those asked for, and those asked by. */
function rowsOf(
  { way, fields }: AccessRequest,
  payload: NonNullable<DeliveredAnswer["payload"]>,
  subject: readonly (readonly [string, string])[],
): ReadonlyMap<string, string | null>[] {
  if ("match" in payload) {
    if (way !== "verification") throw bad("a look-up was answered as a verification");
    return payload.match ? [new Map(subject)] : [];
  }
  if (way !== "lookup" || !isDeepStrictEqual(payload.fields, fields))
    throw bad("other fields came than were asked for");
  return payload.rows.map((row) => {
    if (row.length !== fields.length) throw bad("a row has not one value for each field");
    const shown = new Map<string, string | null>(fields.map((field, at) => [field, row[at] ?? null]));
    for (const [field, value] of subject) {
      if (shown.has(field) && shown.get(field) !== value) throw bad("a row is of another subject");
      shown.set(field, value);
    }
    return shown;
  });
}

/** One row of the release, given as two. */
function hasTwice(proofs: readonly RowProof[]): boolean {
  return new Set(proofs.map(({ index }) => index)).size !== proofs.length;
}

function bad(message: string): ExchangeError {
  return new ExchangeError("BAD_ANSWER", message);
}
