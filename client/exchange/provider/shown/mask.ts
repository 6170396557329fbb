import type { MaskWay } from "@wanlian/model/reading.js";

/**
 * 脱敏: what of a value is shown. By the kind of value that it is seen to be, since a dataset's types do not say; whatever
 * is of no known kind is hidden the most. Nothing hides that there is no value.
 * @param pseudonym the keyed one of a value
 */
export function masked(value: string | null, way: MaskWay, pseudonym: (value: string) => string): string | null {
  if (value === null || value === "") return value;
  switch (way) {
    case "whole":
      return value;
    case "partial":
      return partly(value);
    case "coarse":
      return coarsely(value);
    case "pseudonym":
      return pseudonym(value);
  }
}

interface Kind {
  readonly is: RegExp;
  readonly partial: (value: string) => string;
  readonly coarse: (value: string) => string;
}

const HIDDEN = "*";
const stars = (count: number): string => HIDDEN.repeat(Math.max(1, count));
/** Characters as people count them: one of two code units is not cut in half. */
const lettersOf = (value: string): string[] => [...value];
const keep = (value: string, first: number, last: number): string => {
  const letters = lettersOf(value);
  const hidden = letters.length - first - last;
  return `${letters.slice(0, first).join("")}${stars(hidden)}${last === 0 ? "" : letters.slice(-last).join("")}`;
};

/** The first that fits; each shows less than half of what it is of, but dates, of which the year stands. */
const KINDS: readonly Kind[] = [
  // 公民身份号码: district; date of birth and sequence hidden. Coarse: the city.
  {
    is: /^\d{17}[\dXx]$/,
    partial: (value) => keep(value, 6, 0),
    coarse: (value) => `${value.slice(0, 4)}${stars(14)}`,
  },
  // 统一社会信用代码: who registered it, and where.
  {
    is: /^[0-9A-HJ-NP-RT-UW-Y]{2}\d{6}[0-9A-HJ-NP-RT-UW-Y]{10}$/,
    partial: (value) => keep(value, 8, 0),
    coarse: (value) => `${value.slice(0, 4)}${stars(14)}`,
  },
  // 手机号码.
  { is: /^1\d{10}$/, partial: (value) => keep(value, 3, 2), coarse: (value) => keep(value, 3, 0) },
  // Dates, also with a time of day.
  {
    is: /^\d{4}-\d{2}-\d{2}([T ].*)?$/s,
    partial: (value) => `${value.slice(0, 4)}-**-**`,
    coarse: (value) => `${value.slice(0, 3)}0s`,
  },
  // Numbers that something is measured by: the first digit, then how many more there are.
  {
    is: /^-?\d+(\.\d+)?$/,
    partial: (value) => keep(value, Math.min(2, Math.floor((value.length - 1) / 2)), 0),
    coarse: bandOf,
  },
  // 地址: to the district or county; coarse: to the province or city.
  {
    is: /^\p{Script=Han}{2,}?(省|自治区|市|州|盟|区|县|旗).{2,}$/su,
    partial: (value) => addressOf(value, /^.{2,}?(区|县|旗)/su) ?? addressOf(value, /^.{2,}?(市|州|盟)/su) ?? stars(4),
    coarse: (value) => addressOf(value, /^.{2,}?(省|自治区|市|州|盟)/su) ?? stars(4),
  },
  // 姓名 of two to four characters: the family name.
  { is: /^\p{Script=Han}{2,4}$/u, partial: (value) => keep(value, 1, 0), coarse: (value) => stars(value.length) },
];

const OTHER: Omit<Kind, "is"> = {
  partial: (value) => keep(value, Math.min(2, Math.floor((lettersOf(value).length - 1) / 3)), 0),
  coarse: () => HIDDEN,
};

const kindOf = (value: string): Omit<Kind, "is"> => KINDS.find(({ is }) => is.test(value)) ?? OTHER;
const partly = (value: string): string => kindOf(value).partial(value);
const coarsely = (value: string): string => kindOf(value).coarse(value);

/** How much of an address may stand: what follows is hidden, and how long it is too. */
function addressOf(value: string, part: RegExp): string | undefined {
  const shown = part.exec(value)?.[0];
  return shown === undefined || shown.length * 2 > value.length ? undefined : `${shown}${stars(4)}`;
}

/** `40-49`, `3000-3999`: all numbers with its sign, its first digit and as many digits; below ten, `0-9`. */
function bandOf(value: string): string {
  const sign = value.startsWith("-") ? "-" : "";
  const whole = /^0*(\d+)/.exec(value.replace("-", ""))?.[1] ?? "0";
  const rest = whole.length - 1;
  if (rest === 0) return `${sign}0-${sign}9`;
  const first = `${sign}${whole.slice(0, 1)}`;
  return `${first}${"0".repeat(rest)}-${first}${"9".repeat(rest)}`;
}
