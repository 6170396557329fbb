import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { stateCouncilCalendar, stateCouncilYear } from "@wanlian/client/opening";
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
      const calendar = stateCouncilYear(year);
      expect(calendar?.holidays).to.deep.equal(
        inYear.filter((day) => day.isOffDay && !isWeekend(day)).map(({ date }) => date),
      );
      expect(calendar?.makeUpDays).to.deep.equal(
        inYear.filter((day) => !day.isOffDay && isWeekend(day)).map(({ date }) => date),
      );
    });
  }

  it("has no year that was not announced: neither a plain one for a channel to begin with, nor the next", function () {
    expect(stateCouncilYear(2099)).to.equal(undefined);
    expect(() => stateCouncilCalendar(2099)).to.throw("does not have the working days of 2099");
    expect(stateCouncilCalendar(2024).map(({ year }) => year)).to.deep.equal([2024, 2025]);
    if (!existsSync(published(2027))) this.skip();
    const { days } = JSON.parse(readFileSync(published(2027), "utf8")) as { days: PublishedDay[] };
    if (days.length === 0) expect(stateCouncilCalendar(2026).map(({ year }) => year)).to.deep.equal([2026]);
  });

  // A process's time zone is read once, so that each needs a process of its own.
  for (const zone of ["America/New_York", "Pacific/Kiritimati", "Asia/Shanghai", "UTC"]) {
    it(`comes out the same in ${zone}`, async () => {
      const module = new URL("../../../client/dist/opening/index.js", import.meta.url).href;
      const program = `import(${JSON.stringify(module)}).then((m) => console.log(JSON.stringify(m.stateCouncilYear(2026))))`;
      const { stdout } = await promisify(execFile)(process.execPath, ["--eval", program], {
        env: { ...process.env, TZ: zone },
      });
      expect(JSON.parse(stdout)).to.deep.equal(stateCouncilYear(2026));
    });
  }
});
