import type { PdfPicture, PdfShape } from "./document.js";
import { COLOUR } from "./face.js";
import { heightOf, keepTogether, letters, type Sheet, widthOf } from "./sheet.js";
import { printable } from "./text.js";

/** Below a picture, in points. */
const BELOW = 12;

/** A picture as wide as the page, or as high as it where that is less; on one page. Its own units are never made larger than points. */
export function writePicture(sheet: Sheet, { width, height, shapes, description }: PdfPicture): void {
  const scale = Math.min(1, widthOf(sheet) / width, (heightOf(sheet) - BELOW) / height);
  keepTogether(sheet, height * scale);
  const [left, top] = [sheet.page.margins.left, sheet.y];
  const content = sheet.markStructureContent("Figure", { alt: printable(description) });
  sheet.save();
  sheet.translate(left, top).scale(scale);
  for (const shape of shapes) draw(sheet, shape);
  sheet.restore();
  sheet.endMarkedContent();
  sheet.addStructure(sheet.struct("Figure", { alt: printable(description) }, content));
  sheet.x = left;
  sheet.y = top + height * scale + BELOW;
}

function draw(sheet: Sheet, shape: PdfShape): void {
  if (shape.kind === "label") {
    const { text, x, y, size, anchor, colour = COLOUR.text, weight = "regular" } = shape;
    letters(sheet, size, weight, colour);
    const shown = printable(text).replaceAll("\n", " ");
    const share = anchor === "middle" ? 0.5 : anchor === "end" ? 1 : 0;
    sheet.text(shown, x - sheet.widthOfString(shown) * share, y, { lineBreak: false, baseline: "alphabetic" });
    return;
  }
  const { path, fill, stroke, lineWidth = 1, dashed } = shape;
  if (!fill && !stroke) return;
  sheet.save();
  sheet.path(path).lineWidth(lineWidth);
  if (dashed) sheet.dash(3 * lineWidth, { space: 2 * lineWidth });
  if (fill && stroke) sheet.fillAndStroke(fill, stroke);
  else if (fill) sheet.fill(fill);
  else if (stroke) sheet.stroke(stroke);
  sheet.restore();
}
