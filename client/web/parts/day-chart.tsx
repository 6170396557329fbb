import { BarChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useColours } from "../app/colours.ts";
import { useWords } from "../app/language.ts";

use([BarChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, CanvasRenderer]);

/** Accesses of one day in one series. */
export interface DayCount {
  readonly day: string;
  readonly series: string;
  readonly accesses: number;
}

/** Told apart also by those who see few colours (Okabe and Ito). */
const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#7f7f7f", "#a6761d"];

/** Accesses by day, a colour a series. Drawn on a canvas: nothing of it becomes markup. The table beside it says the same. */
export default function DayChart({ counts }: { readonly counts: readonly DayCount[] }) {
  const { t } = useWords();
  const colours = useColours();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return undefined;
    const chart = init(place.current, colours === "dark" ? "dark" : undefined, { renderer: "canvas" });
    const days = [...new Set(counts.map(({ day }) => day))].sort();
    const sums = new Map<string, number>();
    for (const { day, series, accesses } of counts)
      sums.set(`${day} ${series}`, (sums.get(`${day} ${series}`) ?? 0) + accesses);
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
  }, [counts, colours]);
  return <div ref={place} className="chart" role="img" aria-label={t("use.byDay")} />;
}
