import { BarChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useColours } from "../app/colours.ts";
import { useWords } from "../app/language.ts";

use([BarChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, CanvasRenderer]);

/** Accesses of one day, or one hour, in one series. */
export interface DayCount {
  readonly at: string;
  readonly series: string;
  readonly accesses: number;
}

/** Told apart also by those who see few colours (Okabe and Ito). */
const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#7f7f7f", "#a6761d"];

/** Accesses by day, a colour a series. Drawn on a canvas: nothing of it becomes markup. The table beside it says the same. */
export default function DayChart({
  counts,
  axis,
}: {
  readonly counts: readonly DayCount[];
  /** All there is to be on it; left out: what the counts have. */
  readonly axis?: readonly string[] | undefined;
}) {
  const { t } = useWords();
  const colours = useColours();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return undefined;
    const chart = init(place.current, colours === "dark" ? "dark" : undefined, { renderer: "canvas" });
    const days = axis === undefined ? [...new Set(counts.map(({ at }) => at))].sort() : [...axis];
    const sums = new Map<string, number>();
    for (const { at, series, accesses } of counts)
      sums.set(`${at} ${series}`, (sums.get(`${at} ${series}`) ?? 0) + accesses);
    chart.setOption({
      animation: false,
      backgroundColor: "transparent",
      color: COLOURS,
      aria: { enabled: true },
      legend: { type: "scroll", top: 0 },
      tooltip: { trigger: "axis", renderMode: "richText" },
      grid: { left: 48, right: 16, top: 40, bottom: 32 },
      xAxis: { type: "category", data: days },
      yAxis: { type: "value", minInterval: 1 },
      series: [...new Set(counts.map(({ series }) => series))].map((name) => ({
        type: "bar",
        barMaxWidth: 48,
        stack: "accesses",
        name,
        data: days.map((day) => sums.get(`${day} ${name}`) ?? 0),
      })),
    });
    const resize = () => chart.resize();
    addEventListener("resize", resize);
    return () => {
      removeEventListener("resize", resize);
      chart.dispose();
    };
  }, [counts, axis, colours]);
  return <div ref={place} className="chart" role="img" aria-label={t("use.byDay")} />;
}
