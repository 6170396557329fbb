import { LineChart } from "echarts/charts";
import { use } from "echarts/core";
import { useMemo } from "react";
import { Chart, type Drawn } from "./chart.tsx";

use([LineChart]);

/** A score at one place of the axis. */
export interface TrendPoint {
  readonly at: string;
  readonly series: string;
  /** Of a hundred. */
  readonly score: number;
}

const FULL = 100;

/** How scores went over releases, a line a series. */
export default function TrendChart({
  points,
  axis,
  label,
}: {
  readonly points: readonly TrendPoint[];
  /** Every release, also those without a score. */
  readonly axis: readonly string[];
  readonly label: string;
}) {
  const drawn = useMemo(() => linesOf(points, axis), [points, axis]);
  return <Chart drawn={drawn} label={label} />;
}

function linesOf(points: readonly TrendPoint[], axis: readonly string[]): Drawn {
  return {
    xAxis: { type: "category", data: [...axis] },
    // What moves between 95 and 100 is to be seen.
    yAxis: { type: "value", max: FULL, scale: true, axisLabel: { formatter: "{value}%" } },
    series: [...new Set(points.map(({ series }) => series))].map((name) => ({
      type: "line",
      name,
      symbolSize: 8,
      connectNulls: true,
      data: axis.map((place) => points.find(({ at, series }) => at === place && series === name)?.score ?? null),
    })),
  };
}
