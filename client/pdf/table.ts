import type { PdfTable } from "./document.js";
import { COLOUR, SIZE } from "./face.js";
import { heightLeft, heightOf, keepTogether, letters, type Sheet, widthOf } from "./sheet.js";
import { cutText, printable } from "./text.js";

/** Around a cell's text, in points. */
const PADDING = 4;

/** A row that goes on over a page is not begun where less than this is left, in points. */
const LEAST_BEGUN = 60;

/** Below a table, in points. */
const BELOW = 12;

interface Column {
  readonly x: number;
  readonly width: number;
  readonly align: "left" | "right";
}

type Weight = "regular" | "bold";

/** A table over as many pages as it takes, its heads above it on each. */
export function writeTable(sheet: Sheet, table: PdfTable): void {
  const columns = columnsOf(sheet, table);
  const heads = table.columns.map(({ head }) => printable(head));
  const headHeight = rowHeight(sheet, columns, heads, "bold");
  const structure = sheet.struct("Table");
  sheet.addStructure(structure);

  const writeHeads = () => {
    const { left } = sheet.page.margins;
    sheet.rect(left, sheet.y, widthOf(sheet), headHeight).fill(COLOUR.head);
  };
  const headRow = () => {
    artifact(sheet, writeHeads);
    structure.add(row(sheet, columns, heads, "TH"));
  };
  /** On later pages a reader is not told the heads again. */
  const repeatHeads = () => {
    sheet.addPage();
    artifact(sheet, () => {
      writeHeads();
      writeCells(sheet, columns, heads, "bold");
    });
  };

  const [first = []] = table.rows;
  const firstHeight = rowHeight(sheet, columns, first.map(printable), "regular");
  keepTogether(sheet, headHeight + Math.min(firstHeight, LEAST_BEGUN));
  headRow();
  for (const cells of table.rows) {
    let left = columns.map((_, at) => printable(cells[at] ?? ""));
    for (;;) {
      const height = rowHeight(sheet, columns, left, "regular");
      const whole = height <= heightOf(sheet) - headHeight;
      if (height > heightLeft(sheet) && (whole || heightLeft(sheet) < LEAST_BEGUN)) repeatHeads();
      const { fitting, rest } = cutRow(sheet, columns, left);
      structure.add(row(sheet, columns, fitting, "TD"));
      if (rest.every((text) => text === "")) break;
      left = rest;
      repeatHeads();
    }
  }
  structure.end();
  sheet.x = sheet.page.margins.left;
  sheet.y += BELOW;
}

function columnsOf(sheet: Sheet, { columns }: PdfTable): Column[] {
  const shares = columns.reduce((sum, { share }) => sum + share, 0);
  let x: number = sheet.page.margins.left;
  return columns.map(({ share, align }) => {
    const width = (widthOf(sheet) * share) / shares;
    const column: Column = { x, width, align: align ?? "left" };
    x += width;
    return column;
  });
}

/** What of a row fits on this page, and what goes on the next. */
function cutRow(sheet: Sheet, columns: readonly Column[], cells: readonly string[]) {
  const room = heightLeft(sheet);
  const cut = columns.map((column, at) =>
    cutText(cells[at] ?? "", (text) => cellHeight(sheet, column, text, "regular") <= room),
  );
  return { fitting: cut.map(({ fitting }) => fitting), rest: cut.map(({ left }) => left) };
}

function cellHeight(sheet: Sheet, { width }: Column, text: string, weight: Weight): number {
  const { lineGap } = letters(sheet, SIZE.cell, weight);
  return sheet.heightOfString(text, { width: width - 2 * PADDING, lineGap }) + 2 * PADDING;
}

const rowHeight = (sheet: Sheet, columns: readonly Column[], cells: readonly string[], weight: Weight): number =>
  Math.max(...columns.map((column, at) => cellHeight(sheet, column, cells[at] ?? "", weight)));

/** A row as part of the document's structure; what it shows is written as it is made. */
function row(sheet: Sheet, columns: readonly Column[], cells: readonly string[], kind: "TH" | "TD") {
  const weight = kind === "TH" ? "bold" : "regular";
  const height = rowHeight(sheet, columns, cells, weight);
  const top = sheet.y;
  const made = sheet.struct("TR");
  columns.forEach((column, at) => {
    const content = sheet.markStructureContent(kind);
    writeCell(sheet, column, cells[at] ?? "", weight, top);
    sheet.endMarkedContent();
    made.add(sheet.struct(kind, {}, content));
  });
  sheet.y = top + height;
  artifact(sheet, () => line(sheet));
  made.end();
  return made;
}

function writeCells(sheet: Sheet, columns: readonly Column[], cells: readonly string[], weight: Weight): void {
  const [height, top] = [rowHeight(sheet, columns, cells, weight), sheet.y];
  columns.forEach((column, at) => {
    writeCell(sheet, column, cells[at] ?? "", weight, top);
  });
  sheet.y = top + height;
  line(sheet);
}

function writeCell(sheet: Sheet, { x, width, align }: Column, text: string, weight: Weight, top: number): void {
  const { lineGap } = letters(sheet, SIZE.cell, weight);
  sheet.text(text, x + PADDING, top + PADDING, { width: width - 2 * PADDING, align, lineGap });
}

/** Under the row, from margin to margin. */
function line(sheet: Sheet): void {
  const { left } = sheet.page.margins;
  const right = left + widthOf(sheet);
  sheet.moveTo(left, sheet.y).lineTo(right, sheet.y).lineWidth(0.5).strokeColor(COLOUR.line).stroke();
}

/** Drawn for the eye alone. */
function artifact(sheet: Sheet, draw: () => void): void {
  sheet.markContent("Artifact", { type: "Layout" });
  draw();
  sheet.endMarkedContent();
}
