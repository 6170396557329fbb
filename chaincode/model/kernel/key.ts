import type { TransactionId } from "../identifiers.js";
import type { ActRef, CaseRef } from "./act.js";

/**
 * Keys of acts: Fabric's composite key of (noun, case, number, transaction id), as `createCompositeKey` of the shim makes
 * it: U+0000 before the object type and after each part. No part can hold U+0000, so no part can reach into another.
 * The transaction id keeps any two transactions from writing one key; what they contend for is the number, by reading
 * that its range is empty.
 */
const SEPARATOR = "\u0000";
/** Where `getStateByPartialCompositeKey` ends a range. */
const RANGE_END = "\u{10ffff}";
const NUMBER_DIGITS = 10;
export const MAX_NUMBER = 9_999_999_999;
/** What any version's nouns are called: keys are read without knowing which nouns there are. */
export const NOUN_PATTERN = /^[a-z][A-Za-z]{0,31}$/;
export const CASE_PATTERN = /^[\x21-\x7e]{1,160}$/;
const NUMBER_PATTERN = /^\d{10}$/;
const TRANSACTION_PATTERN = /^[0-9a-f]{64}$/;

export const numberText = (number: number): string => String(number).padStart(NUMBER_DIGITS, "0");

/** @throws RangeError for what can be no act's reference */
export function encodeActKey(ref: ActRef, transaction: TransactionId): string {
  if (!NOUN_PATTERN.test(ref.noun)) throw new RangeError(`"${ref.noun}" can be no noun`);
  if (!CASE_PATTERN.test(ref.case)) throw new RangeError(`"${ref.case}" can be no case id`);
  if (!Number.isSafeInteger(ref.number) || ref.number < 1 || ref.number > MAX_NUMBER) {
    throw new RangeError(`${ref.number} can be no act's number`);
  }
  if (!TRANSACTION_PATTERN.test(transaction)) throw new RangeError(`"${transaction}" can be no transaction's id`);
  return SEPARATOR + [ref.noun, ref.case, numberText(ref.number), transaction, ""].join(SEPARATOR);
}

/**
 * The number that a key uses up: the one in whose range it lies, whatever follows there. `undefined` for a key that is
 * in no number's range, and so in nobody's way.
 */
export function numberUsedBy(key: string): ActRef | undefined {
  const [before, noun = "", id = "", number = "", ...rest] = key.split(SEPARATOR);
  if (before !== "" || rest.length === 0 || rest[0]?.startsWith(RANGE_END)) return undefined;
  if (!NOUN_PATTERN.test(noun) || !CASE_PATTERN.test(id) || !NUMBER_PATTERN.test(number)) return undefined;
  return Number(number) < 1 ? undefined : { noun, case: id, number: Number(number) };
}

/** Whether a key is an act's, written by the transaction; also of references that can be no act's. */
export function isActKey(key: string, ref: ActRef, transaction: TransactionId): boolean {
  const used = numberUsedBy(key);
  const same = used?.noun === ref.noun && used.case === ref.case && used.number === ref.number;
  return same && TRANSACTION_PATTERN.test(transaction) && key === encodeActKey(ref, transaction);
}

/** A map key and a readable name: `objection/7f3a…`. A noun holds no slash, so it is unambiguous. */
export const caseName = (ref: CaseRef): string => `${ref.noun}/${ref.case}`;
