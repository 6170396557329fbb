import { stateCouncilYear } from "@wanlian/client/opening";
import type { Day, Instant } from "@wanlian/model/identifiers.js";
import { addDays, dayOf, endOfDay, parseDay, parseInstant, startOfDay } from "@wanlian/model/time/instant.js";
import {
  type AnnouncedYear,
  calendarKnownAt,
  checkYear,
  dueDate,
  isWorkingDay,
  latestCalendar,
  type YearOfWork,
} from "@wanlian/model/time/working-days.js";
import { expect } from "chai";
import fc from "fast-check";

const YEARS = [2025, 2026].map((year) => {
  const announced = stateCouncilYear(year);
  if (!announced) throw new Error(`chinese-days has no ${year}`);
  return announced as YearOfWork;
});
const [year2025, year2026] = YEARS as [YearOfWork, YearOfWork];

describe("working days", () => {
  const due = (event: string, days = 5) => {
    const { due: date, provisional } = dueDate(YEARS, event as Instant, days);
    return provisional ? `${date}, provisional` : date;
  };

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
    expect(isWorkingDay(YEARS, "2026-09-20" as Day)).to.equal(true);
    expect(isWorkingDay(YEARS, "2026-10-10" as Day)).to.equal(true);
    expect(due("2026-09-28T01:00:00Z")).to.equal("2026-10-10T15:59:59Z");
    expect(due("2026-09-18T01:00:00Z")).to.equal("2026-09-24T15:59:59Z");
    expect(due("2026-10-03T01:00:00Z", 1)).to.equal("2026-10-08T15:59:59Z");
  });

  it("run from one announced year into the next", () => {
    // 30 and 31 December, then 2 January is a holiday's neighbour: 1 to 3 January 2026 are off, Sunday the 4th is worked.
    expect(due("2025-12-29T01:00:00Z", 3)).to.equal("2026-01-04T15:59:59Z");
  });

  it("beyond the years that were announced make a date provisional, never before the last covered day", () => {
    expect(isWorkingDay(YEARS, "2027-01-01" as Day)).to.equal(undefined);
    expect(due("2026-12-30T01:00:00Z", 1)).to.equal("2026-12-31T15:59:59Z");
    // One day of 2026 is left; the earliest that four more can be over is the fourth day of 2027.
    expect(due("2026-12-30T01:00:00Z")).to.equal("2027-01-04T15:59:59Z, provisional");
    expect(due("2027-03-01T01:00:00Z", 2)).to.equal("2027-03-03T15:59:59Z, provisional");
  });

  it("are by a provisional date never fewer than in any year that may be announced", () => {
    const events = fc.integer({ min: 0, max: 120 }).map((days) => startOfDay(addDays("2025-10-01" as Day, days)));
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 60 }), (event, workingDays) => {
        const before = dueDate([year2025], event, workingDays);
        const after = dueDate(YEARS, event, workingDays);
        expect(after.provisional).to.equal(false);
        if (before.provisional) expect(before.due <= after.due && before.due > "2025-12-31").to.equal(true);
        else expect(before.due).to.equal(after.due);
      }),
    );
  });

  it("hold that many working days, the last of them due, whatever the event", () => {
    const days2026 = fc.integer({ min: 0, max: 320 }).map((offset) => addDays("2026-01-01" as Day, offset));
    fc.assert(
      fc.property(
        days2026,
        fc.integer({ min: 0, max: 86_399 }),
        fc.integer({ min: 1, max: 15 }),
        (day, second, count) => {
          const event = new Date(Date.parse(startOfDay(day)) + second * 1000)
            .toISOString()
            .replace(".000", "") as Instant;
          const date = dueDate(YEARS, event, count);
          const last = dayOf(date.due);
          let counted = 0;
          for (let at = addDays(day, 1); at <= last; at = addDays(at, 1)) if (isWorkingDay(YEARS, at)) counted += 1;
          expect(counted).to.equal(count);
          expect(isWorkingDay(YEARS, last)).to.equal(true);
          expect(date).to.deep.equal({ due: endOfDay(last), provisional: false });
        },
      ),
    );
  });

  it("come from a year without contradictions", () => {
    const refused = (change: Partial<YearOfWork>) => () => checkYear({ ...year2026, ...change });
    expect(() => checkYear(year2026)).not.to.throw();
    expect(refused({ holidays: ["2027-01-01"] as Day[] })).to.throw("no day of 2026");
    expect(refused({ makeUpDays: ["2025-10-11"] as Day[] })).to.throw("no day of 2026");
    expect(refused({ makeUpDays: ["2026-10-01"] as Day[] })).to.throw("is a week day");
    expect(refused({ holidays: ["2026-10-03"] as Day[] })).to.throw("is a weekend's day");
  });

  it("are those of the last notice, or of the one that was known when a period began", () => {
    const announced = (year: YearOfWork, at: string, change: Partial<YearOfWork> = {}): AnnouncedYear => ({
      ...year,
      ...change,
      announced: at as Instant,
    });
    const plain = announced(year2026, "2025-11-04T00:00:00Z");
    const later = announced(year2026, "2026-09-01T00:00:00Z", { makeUpDays: [] });
    const years = [plain, later];
    expect(latestCalendar(years)).to.deep.equal([later]);
    expect(calendarKnownAt(years, "2026-08-31T23:59:59Z" as Instant)).to.deep.equal([plain]);
    expect(calendarKnownAt(years, "2026-09-01T00:00:00Z" as Instant)).to.deep.equal([later]);
    // What was not announced then is counted as the first notice has it.
    expect(calendarKnownAt(years, "2025-06-01T00:00:00Z" as Instant)).to.deep.equal([plain]);
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

  it("are days for the schema exactly where they are for the calendar", () => {
    for (let year = 2000; year < 2100; year += 1) {
      for (let month = 1; month <= 12; month += 1) {
        for (let day = 0; day <= 32; day += 1) {
          const text = [year, month, day].map((part) => String(part).padStart(2, "0")).join("-");
          const exists = new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10) === text;
          let parsed = true;
          try {
            parseDay(text);
          } catch {
            parsed = false;
          }
          if (parsed !== exists) throw new Error(`${text} ${parsed ? "passes" : "does not pass"}`);
        }
      }
    }
  });
});
