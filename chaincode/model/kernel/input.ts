import { type Static, Type } from "typebox";
import { canonicalJson } from "../canonical.js";
import { LedgerError } from "../errors.js";
import { TransactionId } from "../identifiers.js";
import { type Command, MAX_ACT_BYTES, MAX_BASIS_ENTRIES } from "./act.js";
import { CASE_PATTERN, MAX_NUMBER, NOUN_PATTERN } from "./key.js";
import { checkSchema, closed } from "./schema.js";

const CaseId = Type.String({ pattern: CASE_PATTERN.source, maxLength: 160 });

const Noun = Type.String({ pattern: NOUN_PATTERN.source, maxLength: 32 });

const StandingEntry = closed({
  noun: Noun,
  case: CaseId,
  act: Type.Integer({ minimum: 0, maximum: MAX_NUMBER }),
  transaction: Type.Optional(TransactionId),
  next: Type.Integer({ minimum: 1, maximum: MAX_NUMBER }),
});
const OriginEntry = closed({ noun: Noun, case: CaseId, act: Type.Literal(1), transaction: TransactionId });
const BasisEntry = Type.Union([StandingEntry, OriginEntry]);

/** What a contract's method takes, as JSON. The body is checked against its own schema by the model. */
export const CommandInput = closed({
  case: Type.Union([CaseId, Type.Null()]),
  body: Type.Object({}),
  basis: Type.Array(BasisEntry, { maxItems: MAX_BASIS_ENTRIES }),
});
export type CommandInput = Static<typeof CommandInput>;

/**
 * Reads a contract method's argument.
 * @throws LedgerError TOO_LARGE, INVALID_INPUT
 */
export function parseInput(noun: string, type: string, input: string): Command {
  const size = Buffer.byteLength(input);
  if (size > MAX_ACT_BYTES) {
    throw new LedgerError("TOO_LARGE", `the input has ${size} bytes; an act has at most ${MAX_ACT_BYTES}`);
  }
  const value = parse(input);
  checkSchema(CommandInput, value);
  return { noun, type, ...(value as CommandInput) };
}

function parse(input: string): unknown {
  try {
    // What is decided on is what the ledger will hold and the fold read back: -0, for one, has no canonical form.
    return JSON.parse(canonicalJson(JSON.parse(input)));
  } catch (cause) {
    if (cause instanceof LedgerError) throw cause;
    throw new LedgerError("INVALID_INPUT", "the input is no JSON", { cause });
  }
}
