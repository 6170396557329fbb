import { padded, screenWidth } from "@wanlian/protocol/screen-width.js";

/** Columns between; what is cut off ends with an ellipsis. */
const GAP = "  ";
const MAX_CELL = 80;

/** Rows as columns of equal width, a Chinese character counting for two. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [headings, ...rows].map((row) => row.map((cell) => shorten(oneLine(cell))));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => screenWidth(row[column] ?? ""))));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => padded(cell, widths[column] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
  return `${lines.join("\n")}\n`;
}

/** Names and their values below each other. */
export function listing(entries: readonly (readonly [string, string])[]): string {
  const shown = entries.filter(([, value]) => value !== "");
  const widest = Math.max(0, ...shown.map(([name]) => screenWidth(name)));
  return shown.map(([name, value]) => `${padded(name, widest)}${GAP}${oneLine(value)}\n`).join("");
}

/** Others' words must not move the cursor or end a line. */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, " ");

function shorten(text: string): string {
  if (screenWidth(text) <= MAX_CELL) return text;
  let kept = "";
  for (const character of text) {
    if (screenWidth(kept + character) >= MAX_CELL) break;
    kept += character;
  }
  return `${kept}…`;
}
