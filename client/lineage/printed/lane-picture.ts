import type { PdfPicture, PdfShape } from "../../pdf/index.js";
import { inLanes } from "../../pictures/index.js";
import type { Lineage, LineageEntry } from "../lineage.js";

/** So many are read on a page; more are in the table alone. */
export const MOST_DRAWN = 120;

const HEIGHT = 58;
const PAD = 10;
const LINE = 16;
/** Letters that a box takes; the table has names whole. */
const MOST_LETTERS = 18;

const INK = "#1f2937";
const QUIET = "#6b7280";
const LANES = ["#f8fafc", "#eef2f7"] as const;
/** By mark: a box's border, beside the words in it. */
const BORDERS: Readonly<Record<string, string>> = { wrong: "#b91c1c", affected: "#c2410c", questioned: "#1d4ed8" };

export interface PictureWords {
  department(id: string): string;
  mark(mark: string): string;
  readonly description: string;
}

/** A lineage as on the page: left to right, each department a lane; undefined where it is too large for paper. */
export function lanePicture({ release, releases, links }: Lineage, words: PictureWords): PdfPicture | undefined {
  if (releases.length > MOST_DRAWN) return undefined;
  const nodes = releases.map((one) => ({ id: one.release, lane: one.provider, height: HEIGHT }));
  const { lanes, places } = inLanes(nodes, links);
  const shapes: PdfShape[] = lanes.flatMap(({ lane, x, y, width, height }, at) => [
    { kind: "path", path: box(x, y, width, height), fill: LANES[at % 2] ?? LANES[0] },
    { kind: "label", text: words.department(lane), x: x + PAD, y: y + 20, size: 13, colour: QUIET, weight: "bold" },
  ]);
  for (const { from, to, how } of links) {
    const [one, other] = [places.get(from), places.get(to)];
    if (one === undefined || other === undefined) continue;
    const [x1, y1, x2, y2] = [one.x + one.width, one.y + one.height / 2, other.x, other.y + other.height / 2];
    const middle = (x1 + x2) / 2;
    const path = `M ${x1} ${y1} C ${middle} ${y1} ${middle} ${y2} ${x2 - 6} ${y2}`;
    shapes.push({ kind: "path", path, stroke: QUIET, ...(how === "derived" ? {} : { dashed: true as const }) });
    shapes.push({ kind: "path", path: `M ${x2} ${y2} l -8 -4 l 0 8 Z`, fill: QUIET });
  }
  for (const one of releases) {
    const place = places.get(one.release);
    if (place !== undefined) shapes.push(...boxOf(one, place, words, one.release === release));
  }
  const width = Math.max(...lanes.map((lane) => lane.width));
  const height = lanes.reduce((sum, lane) => sum + lane.height, 0);
  return { kind: "picture", width, height, description: words.description, shapes };
}

function boxOf(
  { name, release, mark }: LineageEntry,
  { x, y, width, height }: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  words: PictureWords,
  isRoot: boolean,
): PdfShape[] {
  const shown = name.length > MOST_LETTERS ? `${name.slice(0, MOST_LETTERS)}…` : name;
  const border = { stroke: BORDERS[mark] ?? QUIET, lineWidth: isRoot ? 3 : 1 };
  const label = (text: string, line: number) => ({ text, x: x + PAD, y: y + 22 + line * LINE });
  return [
    { kind: "path", path: box(x, y, width, height), fill: "#ffffff", ...border },
    { kind: "label", ...label(shown, 0), size: 13, colour: INK, weight: "bold" },
    { kind: "label", ...label(`${release.slice(0, 8)}  ${words.mark(mark)}`, 1), size: 11, colour: INK },
  ];
}

const box = (x: number, y: number, width: number, height: number): string =>
  `M ${x} ${y} h ${width} v ${height} h ${-width} Z`;
