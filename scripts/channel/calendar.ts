import type { Day } from "@wanlian/model/identifiers.js";
import type { Calendar } from "@wanlian/model/time/working-days.js";
import chineseDays from "chinese-days";

const DAY_MS = 24 * 60 * 60 * 1000;

/** The State Council's holidays and make-up days of a year, as the package `chinese-days` has them: only where they depart from the plain week. */
export function stateCouncilCalendar(year: number): Calendar {
  const from = `${year}-01-01` as Day;
  const to = `${year}-12-31` as Day;
  const holidays: Day[] = [];
  const makeUpDays: Day[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10) as Day;
    const weekday = new Date(at).getUTCDay();
    const inPlainWeek = weekday !== 0 && weekday !== 6;
    if (chineseDays.isWorkday(day) === inPlainWeek) continue;
    (inPlainWeek ? holidays : makeUpDays).push(day);
  }
  return { from, to, holidays, makeUpDays };
}
