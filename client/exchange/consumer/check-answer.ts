import type { GrantRead } from "@wanlian/model/reading.js";
import type { RegisteredRows } from "@wanlian/model/release/row-proof.js";
import { type DeliveredAnswer, maskedFields, responseOf, type SignedRequest, whyNotThis } from "../../access/index.js";
import { ExchangeError } from "../../core/index.js";

/**
 * Whether an answer is what its record says, and what was asked for, and the release's: before it is countersigned.
 * That there are no other rows stays the provider's word.
 * @throws ExchangeError BAD_ANSWER
 */
export function checkAnswer(
  { request, key, subject }: SignedRequest,
  { record: { signed }, payload, proofs = [] }: DeliveredAnswer,
  release: RegisteredRows | undefined,
  grant: Pick<GrantRead, "masks"> | undefined,
): void {
  const { record } = signed;
  if (payload === undefined) {
    const given = request.road === "gateway" && record.result === "served" && responseOf(record) !== undefined;
    if (given) throw bad("what came is not what the provider's record says of it");
    if (proofs.length > 0) throw bad("proofs came without what they are of");
    return;
  }
  if (request.road !== "gateway") throw bad("what came is not what the provider's record says of it");
  const shown = { payload, proofs, ...(subject === undefined ? {} : { subject }) };
  const why = whyNotThis(record, key, shown, release, maskedFields(grant));
  if (why !== undefined) throw bad(why.en);
}

function bad(message: string): ExchangeError {
  return new ExchangeError("BAD_ANSWER", message);
}
