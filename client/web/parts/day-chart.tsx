import { BarChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useColours } from "../app/colours.ts";
import { useWords } from "../app/language.ts";
import type { Count } from "../pages/use.tsx";

use([BarChart, GridComponent, LegendComponent, AriaComponent, CanvasRenderer]);

/** Accesses by day, a colour a purpose. Drawn on a canvas: nothing of it becomes markup. */
export default function DayChart({ counts }: { readonly counts: readonly Count[] }) {
  const { words, t } = useWords();
  const colours = useColours();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return undefined;
    const chart = init(place.current, colours === "dark" ? "dark" : undefined, { renderer: "canvas" });
    const days = [...new Set(counts.map(({ day }) => day))].sort();
    const purposes = [...new Set(counts.map(({ purpose }) => purpose))];
    const sum = (day: string, purpose: string) =>
      counts
        .filter((count) => count.day === day && count.purpose === purpose)
        .reduce((total, { accesses }) => total + Number(accesses), 0);
    chart.setOption({
      animation: false,
      backgroundColor: "transparent",
      aria: { enabled: true },
      legend: { top: 0 },
      grid: { left: 48, right: 16, top: 40, bottom: 32 },
      xAxis: { type: "category", data: days },
      yAxis: { type: "value", minInterval: 1 },
      series: purposes.map((purpose) => ({
        type: "bar",
        barMaxWidth: 48,
        stack: "accesses",
        name: words.value("purpose", purpose),
        data: days.map((day) => sum(day, purpose)),
      })),
    });
    const resize = () => chart.resize();
    addEventListener("resize", resize);
    return () => {
      removeEventListener("resize", resize);
      chart.dispose();
    };
  }, [counts, words, colours]);
  return <div ref={place} className="chart" role="img" aria-label={t("use.byDay")} />;
}
