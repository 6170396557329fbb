import { canonicalJson, parseCanonical } from "../canonical.js";
import { LedgerError, type LedgerErrorCode } from "../errors.js";
import type { Instant, TransactionId } from "../identifiers.js";
import { type Act, type Actor, type ActRef, type BasisEntry, MAX_ACT_BYTES, MAX_BASIS_ENTRIES } from "./act.js";
import { type Decided, decide } from "./decide.js";
import type { Heads } from "./heads.js";
import { isActKey, numberUsedBy } from "./key.js";
import type { Models } from "./model.js";
import { isSeal, VALIDATION_PARAMETER } from "./seal.js";

/** What a valid transaction did in the contracts' namespace, taken from its write set. */
export interface NamespaceWrites {
  readonly writes: readonly { readonly key: string; readonly value: Uint8Array; readonly isDelete: boolean }[];
  readonly metadataWrites: readonly {
    readonly key: string;
    readonly entries: readonly { readonly name: string; readonly value: Uint8Array }[];
  }[];
  /** How many writes or metadata writes it made in private collections of the namespace. */
  readonly privateWrites: number;
}

/** A transaction that Fabric's validation found valid and that wrote to the namespace. */
export interface WrittenTransaction {
  readonly id: TransactionId;
  /** The creator, from the certificate; undefined if it is not an officer's (no client, no number, …). */
  readonly creator: Actor | undefined;
  readonly writes: NamespaceWrites;
}

/** Why an act is void: the write set is not that of an act, or the rule that forbids it. */
export type VoidCode =
  | "WRONG_WRITES"
  | "UNSEALED"
  | "UNKNOWN_KEY"
  | "UNREADABLE"
  | "WRONG_AUTHOR"
  | "WRONG_NUMBER"
  | "WRONG_VALUE"
  | "UNJUDGEABLE"
  | LedgerErrorCode;

export type Verdict =
  | { readonly valid: true; readonly act: Act; readonly time: Instant }
  | {
      readonly valid: false;
      readonly code: VoidCode;
      readonly message: string;
      /** The numbers it used up, though void: no act can have them any more. */
      readonly used: readonly ActRef[];
    };

/**
 * Judges a transaction as the ledger's every reader does: it counts only if it wrote exactly one sealed act, by its
 * creator, on the heads as they are at its place, and if the model gives that same act to the byte.
 * @param heads the reader's own, before the transaction
 * @param models the versions at hand; the one in force on the heads judges
 * @throws LedgerError UNKNOWN_MODEL if the policy in force names a model that this software lacks: then nothing can be
 *   judged, and the reader has to stop until it is upgraded
 */
export function judge(transaction: WrittenTransaction, heads: Heads, models: Models): Verdict {
  models.inForce(heads);
  const used = transaction.writes.writes.map(({ key }) => numberUsedBy(key)).filter((ref) => ref !== undefined);
  const refuse = (code: VoidCode, message: string): Verdict => ({ valid: false, code, message, used });

  const proposed = proposedBy(transaction);
  if ("code" in proposed) return refuse(proposed.code, proposed.message);
  const { ref, value, creator, claimed } = proposed;
  if (ref.number !== heads(ref).next) {
    return refuse("WRONG_NUMBER", `it has number ${ref.number}; the next of its case is ${heads(ref).next}`);
  }
  const decided = attempt(() =>
    decide({ ...claimed, noun: ref.noun, case: ref.case }, heads, creator, transaction.id, models),
  );
  if (decided === undefined) return refuse("UNJUDGEABLE", "the rules fail on it");
  if (decided instanceof LedgerError) return refuse(decided.code, decided.message);
  if (canonicalJson(value) !== canonicalJson(decided.act)) {
    const sameAuthor = canonicalJson(claimed.author ?? null) === canonicalJson(decided.act.author);
    return sameAuthor
      ? refuse("WRONG_VALUE", "the value is not what the model gives")
      : refuse("WRONG_AUTHOR", `it names another author than its creator ${creator.department} ${creator.officer}`);
  }
  return { valid: true, ...decided };
}

/** A transaction in the form of an act, by its writes alone: what the model is asked about. */
interface Proposed {
  readonly ref: ActRef;
  readonly value: unknown;
  readonly creator: Actor;
  readonly claimed: Claim;
}

/** What no honest endorser's contract writes, whatever it was asked. */
interface Malformed {
  readonly code: VoidCode;
  readonly message: string;
}

export function proposedBy({ id, creator, writes: set }: WrittenTransaction): Proposed | Malformed {
  const { writes, metadataWrites, privateWrites } = set;
  const [write] = writes;
  if (!write || writes.length > 1 || write.isDelete || metadataWrites.length > 1 || privateWrites > 0) {
    return { code: "WRONG_WRITES", message: "an act is one write and its seal, and nothing else in the namespace" };
  }
  const entries = metadataWrites[0]?.key === write.key ? metadataWrites[0].entries : [];
  if (entries.length !== 1 || entries[0]?.name !== VALIDATION_PARAMETER || !isSeal(entries[0].value)) {
    return { code: "UNSEALED", message: "the act does not carry the seal" };
  }
  const ref = numberUsedBy(write.key);
  if (ref === undefined || !isActKey(write.key, ref, id)) {
    return { code: "UNKNOWN_KEY", message: "the key is no act's of this transaction" };
  }
  const value = write.value.length <= MAX_ACT_BYTES ? parseCanonical(write.value) : undefined;
  const claimed = readClaim(value);
  if (!claimed) return { code: "UNREADABLE", message: "the value is no act in canonical JSON" };
  if (!creator) return { code: "NOT_A_CLIENT", message: "the transaction's creator is no officer" };
  return { ref, value, creator, claimed };
}

interface Claim {
  readonly type: string;
  readonly body: unknown;
  readonly author: unknown;
  readonly basis: readonly BasisEntry[];
}

/** Just enough of a value's form to ask the model; the comparison with the model's own act does the rest. */
function readClaim(value: unknown): Claim | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { type, body, author, basis } = value as Record<string, unknown>;
  if (typeof type !== "string" || !Array.isArray(basis) || basis.length > MAX_BASIS_ENTRIES) return undefined;
  if (!basis.every(isBasisEntry)) return undefined;
  return { type, body, author, basis };
}

function isBasisEntry(value: unknown): value is BasisEntry {
  if (typeof value !== "object" || value === null) return false;
  const { noun, case: id, act, transaction, next } = value as Record<string, unknown>;
  const named = typeof noun === "string" && typeof id === "string";
  const placed = transaction === undefined || typeof transaction === "string";
  const free = next === undefined || Number.isSafeInteger(next);
  return named && placed && free && Number.isSafeInteger(act);
}

/**
 * The rules' refusals as values; undefined where a rule failed. A rule that fails is a fault, which a test looks for;
 * that whoever finds one could stop every node with it would be a worse one. What heads are missing, and a model that is
 * (whoever has it may find the act valid), is no refusal.
 */
function attempt(rule: () => Decided): Decided | LedgerError | undefined {
  try {
    return rule();
  } catch (error) {
    if (error instanceof LedgerError && error.code !== "UNKNOWN_MODEL") return error;
    if (error instanceof RangeError || error instanceof TypeError) return undefined;
    throw error;
  }
}
