import { canonicalJson } from "@wanlian/model/canonical.js";
import type { BasisEntry } from "@wanlian/model/kernel/act.js";
import { CommandInput } from "@wanlian/model/kernel/input.js";
import { checkSchema } from "@wanlian/model/kernel/schema.js";
import { SigningRefusal } from "./refusal.js";

/** A contract method's one argument. */
export interface ParsedInput {
  readonly case: string | null;
  readonly body: unknown;
  readonly basis: readonly BasisEntry[];
}

/**
 * Reads the argument in its one form: in JSON of any other, the contract could read what nobody was shown (a member
 * twice, for example).
 * @throws SigningRefusal UNREADABLE; LedgerError INVALID_INPUT
 */
export function readInput(argument: string): ParsedInput {
  const value = parse(argument);
  if (value === undefined || canonicalJson(value) !== argument)
    throw new SigningRefusal("UNREADABLE", "its argument is no canonical JSON");
  checkSchema(CommandInput, value);
  return value as ParsedInput;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
