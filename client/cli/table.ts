/** Columns between; what is cut off ends with an ellipsis. */
const GAP = "  ";
const MAX_CELL = 80;

/** Rows as columns of equal width, a Chinese character counting for two. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [headings, ...rows].map((row) => row.map((cell) => shorten(oneLine(cell))));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => width(row[column] ?? ""))));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - width(cell)))
      .join(GAP)
      .trimEnd(),
  );
  return `${lines.join("\n")}\n`;
}

/** Names and their values below each other. */
export function listing(entries: readonly (readonly [string, string])[]): string {
  const shown = entries.filter(([, value]) => value !== "");
  const widest = Math.max(0, ...shown.map(([name]) => width(name)));
  return shown.map(([name, value]) => `${name}${" ".repeat(widest - width(name))}${GAP}${oneLine(value)}\n`).join("");
}

/** Others' words must not move the cursor or end a line. */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, " ");

function shorten(text: string): string {
  if (width(text) <= MAX_CELL) return text;
  let kept = "";
  for (const character of text) {
    if (width(kept + character) >= MAX_CELL) break;
    kept += character;
  }
  return `${kept}…`;
}

/** East Asian wide and full-width characters take two places (UAX #11). */
function width(text: string): number {
  return [...text].reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0);
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u;
