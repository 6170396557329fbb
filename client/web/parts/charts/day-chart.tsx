import { BarChart } from "echarts/charts";
import { use } from "echarts/core";
import { useMemo } from "react";
import { useWords } from "../../app/language.ts";
import { Chart, type Drawn } from "./chart.tsx";

use([BarChart]);

/** Accesses of one day, or one hour, in one series. */
export interface DayCount {
  readonly at: string;
  readonly series: string;
  readonly accesses: number;
}

/** Accesses by day, a colour a series. */
export default function DayChart({
  counts,
  axis,
  label,
}: {
  readonly counts: readonly DayCount[];
  /** All there is to be on it; left out: what the counts have. */
  readonly axis?: readonly string[] | undefined;
  /** What it shows, where that is not accesses by day. */
  readonly label?: string | undefined;
}) {
  const { t } = useWords();
  const drawn = useMemo(() => barsOf(counts, axis), [counts, axis]);
  return <Chart drawn={drawn} label={label ?? t("use.byDay")} />;
}

function barsOf(counts: readonly DayCount[], axis: readonly string[] | undefined): Drawn {
  const days = axis === undefined ? [...new Set(counts.map(({ at }) => at))].sort() : [...axis];
  const sums = new Map<string, number>();
  for (const { at, series, accesses } of counts)
    sums.set(`${at} ${series}`, (sums.get(`${at} ${series}`) ?? 0) + accesses);
  return {
    xAxis: { type: "category", data: days },
    yAxis: { type: "value", minInterval: 1 },
    series: [...new Set(counts.map(({ series }) => series))].map((name) => ({
      type: "bar",
      barMaxWidth: 48,
      stack: "accesses",
      name,
      data: days.map((day) => sums.get(`${day} ${name}`) ?? 0),
    })),
  };
}
