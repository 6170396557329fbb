import { existsSync, readFileSync } from "node:fs";
import { stateCouncilCalendar } from "@wanlian/scripts/channel/calendar.js";
import { expect } from "chai";

interface PublishedDay {
  readonly date: string;
  readonly isOffDay: boolean;
}

const published = (year: number) => new URL(`../../../../shared/data/calendar/${year}.json`, import.meta.url);

describe("channel › calendar of working days", () => {
  for (const year of [2022, 2023, 2024, 2025, 2026]) {
    it(`${year} departs from the plain week exactly where the State Council's notice does`, function () {
      if (!existsSync(published(year))) this.skip();
      const { days } = JSON.parse(readFileSync(published(year), "utf8")) as { days: PublishedDay[] };
      const isWeekend = ({ date }: PublishedDay) => [0, 6].includes(new Date(date).getUTCDay());
      const inYear = days.filter(({ date }) => date.startsWith(`${year}-`));
      const calendar = stateCouncilCalendar(year);
      expect(calendar.holidays).to.deep.equal(
        inYear.filter((day) => day.isOffDay && !isWeekend(day)).map(({ date }) => date),
      );
      expect(calendar.makeUpDays).to.deep.equal(
        inYear.filter((day) => !day.isOffDay && isWeekend(day)).map(({ date }) => date),
      );
    });
  }
});
