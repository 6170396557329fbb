import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useColours } from "../../app/colours.ts";

use([GridComponent, LegendComponent, TooltipComponent, AriaComponent, CanvasRenderer]);

/** Told apart also by those who see few colours (Okabe and Ito). */
const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#7f7f7f", "#a6761d"];

/** What a chart draws: its axes and series, as ECharts has them. */
export type Drawn = Readonly<Record<"xAxis" | "yAxis" | "series", unknown>>;

/** A chart on a canvas: nothing of it becomes markup. What it says, a table beside it says, too. */
export function Chart({ drawn, label }: { readonly drawn: Drawn; readonly label: string }) {
  const colours = useColours();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current === null) return undefined;
    const chart = init(place.current, colours === "dark" ? "dark" : undefined, { renderer: "canvas" });
    chart.setOption({
      animation: false,
      backgroundColor: "transparent",
      color: COLOURS,
      // Else it would put a description of its own, in its own language, in place of the label.
      aria: { enabled: true, label: { description: label } },
      legend: { type: "scroll", top: 0 },
      tooltip: { trigger: "axis", renderMode: "richText" },
      grid: { left: 48, right: 16, top: 40, bottom: 32 },
      ...drawn,
    });
    const resize = () => chart.resize();
    addEventListener("resize", resize);
    return () => {
      removeEventListener("resize", resize);
      chart.dispose();
    };
  }, [drawn, colours, label]);
  return <div ref={place} className="chart" role="img" aria-label={label} />;
}
