import type { Day, Instant } from "@wanlian/model/identifiers.js";
import { addDays, dayOf } from "@wanlian/model/time/instant.js";
import { type Calendar, isWorkingDay, latestCalendar } from "@wanlian/model/time/working-days.js";
import { dayText } from "@wanlian/words/index.js";
import { Tag, Tooltip } from "antd";
import { useWords } from "../../app/language.ts";
import type { Deadline } from "../../session/api.ts";
import { usePolicy, useStatus } from "../../session/ledger.ts";

/** The days that count between two, the later included; undefined where a year of them has not been announced. */
export function workingDaysBetween(calendar: Calendar, after: Day, until: Day): Day[] | undefined {
  const days: Day[] = [];
  for (let day = addDays(after, 1); day <= until; day = addDays(day, 1)) {
    const counts = isWorkingDay(calendar, day);
    if (counts === undefined) return undefined;
    if (counts) days.push(day);
  }
  return days;
}

/** When something is due, with the time left in working days; the tooltip says which days count. */
export function Due({ deadline }: { readonly deadline: Deadline }) {
  const { t, language } = useWords();
  const years = usePolicy()?.calendar;
  const now = useStatus().data?.ledgerTime;
  const due = dayOf(deadline.due as Instant);
  const by = t("toDo.by", { day: dayText(due, language) });
  if (deadline.provisional) return <Tag>{t("toDo.open")}</Tag>;
  if (years === undefined || now === undefined) return <>{by}</>;
  const calendar = latestCalendar(years);
  const today = dayOf(now as Instant);
  const isLate = deadline.overdue;
  const days = isLate ? workingDaysBetween(calendar, due, today) : workingDaysBetween(calendar, today, due);
  if (days === undefined) return <Tag>{t("toDo.open")}</Tag>;
  const count = days.length;
  const left = isLate ? t("toDo.overdue", { count }) : count === 0 ? t("toDo.today") : t("toDo.left", { count });
  return (
    <Tooltip title={t("toDo.counts", { days: days.join(" · ") })}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard reaches what hovering shows */}
      <span tabIndex={0} className="due">
        <Tag color={isLate ? "red" : count <= 1 ? "orange" : "blue"}>{left}</Tag>
        <span className="quiet">{by}</span>
      </span>
    </Tooltip>
  );
}
