import type { ActRef, CaseRef } from "./act.js";

/**
 * Keys of acts: Fabric's composite key of (noun, case, number), as `createCompositeKey` of the shim makes it:
 * U+0000 before the object type and after each part. No part can hold U+0000, so no part can reach into another.
 */
const SEPARATOR = "\u0000";
const NUMBER_DIGITS = 10;
export const MAX_NUMBER = 9_999_999_999;
/** What any version's nouns are called: keys are read without knowing which nouns there are. */
export const NOUN_PATTERN = /^[a-z][A-Za-z]{0,31}$/;
export const CASE_PATTERN = /^[\x21-\x7e]{1,160}$/;
const NUMBER_PATTERN = /^\d{10}$/;

export const numberText = (number: number): string => String(number).padStart(NUMBER_DIGITS, "0");

export function encodeActKey(ref: ActRef): string {
  if (!NOUN_PATTERN.test(ref.noun)) throw new RangeError(`"${ref.noun}" can be no noun`);
  if (!CASE_PATTERN.test(ref.case)) throw new RangeError(`"${ref.case}" can be no case id`);
  if (!Number.isSafeInteger(ref.number) || ref.number < 1 || ref.number > MAX_NUMBER) {
    throw new RangeError(`${ref.number} can be no act's number`);
  }
  return SEPARATOR + [ref.noun, ref.case, numberText(ref.number), ""].join(SEPARATOR);
}

/** The act that a key stands for, or `undefined` if it is none that any model could have written. */
export function decodeActKey(key: string): ActRef | undefined {
  const [before, noun = "", id = "", number = "", after, ...more] = key.split(SEPARATOR);
  if (before !== "" || after !== "" || more.length > 0) return undefined;
  if (!NOUN_PATTERN.test(noun) || !CASE_PATTERN.test(id) || !NUMBER_PATTERN.test(number)) return undefined;
  return Number(number) < 1 ? undefined : { noun, case: id, number: Number(number) };
}

/** A map key and a readable name: `objection/7f3a…`. A noun holds no slash, so it is unambiguous. */
export const caseName = (ref: CaseRef): string => `${ref.noun}/${ref.case}`;
