import { existsSync, readFileSync } from "node:fs";
import type { Day, Instant } from "@wanlian/model/identifiers.js";
import { addDays, dayOf, endOfDay, parseDay, parseInstant, startOfDay } from "@wanlian/model/time/instant.js";
import { type Calendar, checkCalendar, deadlineAfter, isWorkingDay } from "@wanlian/model/time/working-days.js";
import { expect } from "chai";
import chineseDays from "chinese-days";
import fc from "fast-check";

const PUBLISHED = new URL("../../../../shared/data/calendar/2026.json", import.meta.url);

/** The State Council's notice on 2026: what departs from the plain week, as `chinese-days` has it. */
function calendar2026(): Calendar {
  const calendar = {
    from: "2026-01-01" as Day,
    to: "2026-12-31" as Day,
    holidays: [] as Day[],
    makeUpDays: [] as Day[],
  };
  for (let day = calendar.from; day <= calendar.to; day = addDays(day, 1)) {
    const weekday = new Date(day).getUTCDay();
    const isWeekend = weekday === 0 || weekday === 6;
    if (chineseDays.isWorkday(day) === isWeekend) (isWeekend ? calendar.makeUpDays : calendar.holidays).push(day);
  }
  return calendar;
}

const days2026 = fc.integer({ min: 0, max: 364 }).map((offset) => addDays("2026-01-01" as Day, offset));

describe("working days", () => {
  const calendar = calendar2026();
  const due = (event: string, days = 5) => deadlineAfter(calendar, event as Instant, days);

  it("of 2026 are those of the State Council's notice", function () {
    if (!existsSync(PUBLISHED)) this.skip();
    const { days }: { days: { date: Day; isOffDay: boolean }[] } = JSON.parse(readFileSync(PUBLISHED, "utf8"));
    for (const { date, isOffDay } of days.filter(({ date: day }) => day.startsWith("2026"))) {
      expect(isWorkingDay(calendar, date), date).to.equal(!isOffDay);
    }
  });

  it("are counted from the day after the event to the end of the last day, in China Standard Time", () => {
    // Monday 9 March: Tuesday to Friday, Monday.
    expect(due("2026-03-09T01:00:00Z")).to.equal("2026-03-16T15:59:59Z");
    // 23:30 UTC on the 8th is already the 9th in China.
    expect(due("2026-03-08T23:30:00Z")).to.equal("2026-03-16T15:59:59Z");
    // One second before midnight in China counts for the day that ends.
    expect(due("2026-03-09T15:59:59Z")).to.equal("2026-03-16T15:59:59Z");
    expect(due("2026-03-09T16:00:00Z")).to.equal("2026-03-17T15:59:59Z");
  });

  it("pass over the National Day holiday of 2026 and count its make-up days", () => {
    // Holiday 1 to 7 October; Sunday 20 September and Saturday 10 October are worked.
    expect(isWorkingDay(calendar, "2026-09-20" as Day)).to.equal(true);
    expect(isWorkingDay(calendar, "2026-10-10" as Day)).to.equal(true);
    expect(due("2026-09-28T01:00:00Z")).to.equal("2026-10-10T15:59:59Z");
    expect(due("2026-09-18T01:00:00Z")).to.equal("2026-09-24T15:59:59Z");
    expect(due("2026-10-03T01:00:00Z", 1)).to.equal("2026-10-08T15:59:59Z");
  });

  it("are not guessed beyond the days that have been announced", () => {
    expect(() => due("2026-12-30T01:00:00Z")).to.throw("covers 2026-01-01 to 2026-12-31");
    expect(() => isWorkingDay(calendar, "2025-12-31" as Day)).to.throw("covers");
  });

  it("hold that many working days, the last of them due, whatever the event", () => {
    fc.assert(
      fc.property(
        days2026,
        fc.integer({ min: 0, max: 86_399 }),
        fc.integer({ min: 1, max: 15 }),
        (day, second, count) => {
          fc.pre(day < "2026-11-25");
          const event = new Date(Date.parse(startOfDay(day)) + second * 1000)
            .toISOString()
            .replace(".000", "") as Instant;
          const last = dayOf(due(event, count));
          let counted = 0;
          for (let at = addDays(day, 1); at <= last; at = addDays(at, 1)) if (isWorkingDay(calendar, at)) counted += 1;
          expect(counted).to.equal(count);
          expect(isWorkingDay(calendar, last)).to.equal(true);
          expect(due(event, count)).to.equal(endOfDay(last));
        },
      ),
    );
  });

  it("come from a calendar without contradictions", () => {
    const refused = (change: Partial<Calendar>) => () => checkCalendar({ ...calendar, ...change });
    expect(() => checkCalendar(calendar)).not.to.throw();
    expect(refused({ to: "2025-12-31" as Day })).to.throw("ends before it begins");
    expect(refused({ holidays: ["2026-10-01", "2026-10-01"] as Day[] })).to.throw("lists a day twice");
    expect(refused({ makeUpDays: ["2026-10-01"] as Day[] })).to.throw("both holiday and working day");
    expect(refused({ holidays: ["2027-01-01"] as Day[] })).to.throw("outside the calendar's period");
    expect(refused({ holidays: ["2026-02-30"] as Day[], makeUpDays: [] })).to.throw();
  });
});

describe("instants", () => {
  it("have one spelling, and days exist", () => {
    expect(parseInstant("2026-09-28T01:00:00Z")).to.equal("2026-09-28T01:00:00Z");
    for (const text of [
      "2026-02-30T00:00:00Z",
      "2026-09-28T24:00:00Z",
      "2026-09-28T01:00:00.000Z",
      "2026-09-28",
      "x",
    ]) {
      expect(() => parseInstant(text), text).to.throw("is no instant");
    }
    expect(parseDay("2028-02-29")).to.equal("2028-02-29");
    expect(() => parseDay("2026-02-29")).to.throw();
  });
});
