/** SQL conditions for the numbers that Chinese registers hold. `c` is SQL for a text that is not missing. */

/** GB 11643-1999 §3: weights of the first seventeen digits; the check character by the sum modulo 11. */
const IDENTITY_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const IDENTITY_CHECKS = "10X98765432";

export function identityNumber(c: string): string {
  const digits = `try_cast(substr(${c}, 1, 17) as bigint)`;
  const terms = IDENTITY_WEIGHTS.map((weight, at) => `(${digits} // ${10 ** (16 - at)} % 10) * ${weight}`);
  const check = `substr('${IDENTITY_CHECKS}', cast((${terms.join(" + ")}) % 11 + 1 as integer), 1)`;
  // The check character comes first: behind an AND, or in a CASE, DuckDB would work the digits out anew for each term.
  return [
    `substr(${c}, 18, 1) = ${check}`,
    `regexp_full_match(${c}, '[1-9][0-9]{5}(18|19|20)[0-9]{9}[0-9X]')`,
    `try_strptime(substr(${c}, 7, 8), '%Y%m%d') is not null`,
  ].join(" and ");
}

/** GB 32100-2015 §5: the alphabet leaves out I, O, Z, S, V; weights are powers of 3 modulo 31. */
const CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";

export function creditCode(c: string): string {
  const terms = Array.from({ length: 17 }, (_, at) => {
    const weight = 3 ** at % 31;
    return `(instr('${CREDIT_ALPHABET}', substr(${c}, ${at + 1}, 1)) - 1) * ${weight}`;
  });
  const check = `substr('${CREDIT_ALPHABET}', cast((31 - (${terms.join(" + ")}) % 31) % 31 + 1 as integer), 1)`;
  return `regexp_full_match(${c}, '[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}') and substr(${c}, 18, 1) = ${check}`;
}

/** Mobile numbers by the ranges in use (MIIT), fixed lines with area code, both with or without country code. */
export const phone = (c: string): string =>
  `regexp_full_match(${c}, '(\\+86[- ]?)?(1[3-9][0-9]{9}|0?(10|2[0-9]|[3-9][0-9]{2})-?[2-9][0-9]{6,7}(-[0-9]{1,6})?)')`;

/** GB/T 2260: the first two digits of a province, an autonomous region, a municipality or a special region. */
const PROVINCES = "1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]";

export const division = (c: string): string =>
  `regexp_full_match(${c}, '(${PROVINCES})[0-9]{4}([0-9]{3}([0-9]{3})?)?')`;
