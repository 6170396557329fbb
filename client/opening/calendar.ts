import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Day } from "@wanlian/model/identifiers.js";
import type { AnnounceYear } from "@wanlian/model/model-1/policy/policy-schema.js";
import { parseDay, weekdayOf } from "@wanlian/model/time/instant.js";

const require = createRequire(import.meta.url);

/**
 * The State Council's holidays and make-up days of a year, only where they depart from the plain week. The package
 * `chinese-days` has a list for each year that was announced; its functions, unlike its lists, go by the process's
 * time zone and take every other year for one without holidays.
 * @returns undefined for a year that has not been announced, as far as the package knows
 */
export function stateCouncilYear(year: number): AnnounceYear | undefined {
  const listed = listedDays(year);
  if (listed === undefined) return undefined;
  const isWeekend = (day: Day) => [0, 6].includes(weekdayOf(day));
  const ofYear = (days: object) =>
    Object.keys(days)
      .filter((day) => day.startsWith(`${year}-`))
      .map(parseDay)
      .sort();
  return {
    year,
    notice: `国务院办公厅关于${year}年部分节假日安排的通知`,
    holidays: ofYear(listed.holidays).filter((day) => !isWeekend(day)),
    makeUpDays: ofYear(listed.workdays).filter(isWeekend),
  };
}

/** The years that a channel can begin with: the given one, and the next if it is announced. @throws RangeError */
export function stateCouncilCalendar(first: number): AnnounceYear[] {
  const year = stateCouncilYear(first);
  if (year === undefined) {
    throw new RangeError(`the package chinese-days does not have the working days of ${first}; update it`);
  }
  const next = stateCouncilYear(first + 1);
  return next === undefined ? [year] : [year, next];
}

interface ListedDays {
  readonly holidays: object;
  readonly workdays: object;
}

function listedDays(year: number): ListedDays | undefined {
  try {
    const file = require.resolve(`chinese-days/dist/years/${year}.json`);
    return JSON.parse(readFileSync(file, "utf8")) as ListedDays;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}
