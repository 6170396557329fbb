import PDFKit from "pdfkit";
import type { PdfDocument } from "./document.js";
import { COLOUR, FONTS, LEADING, PAGE, SIZE } from "./face.js";
import { printable } from "./text.js";

type Weight = keyof typeof FONTS;

/** The pages that are being written, and where on them the next part goes. */
export type Sheet = InstanceType<typeof PDFKit>;

export function openSheet({ title, language, author, made, page }: PdfDocument): Sheet {
  return new PDFKit({
    size: PAGE.size,
    layout: page,
    margin: PAGE.margin,
    lang: language,
    displayTitle: true,
    tagged: true,
    pdfVersion: "1.7",
    // Page numbers are written once it is known how many there are.
    bufferPages: true,
    font: FONTS.regular,
    info: { Title: printable(title), Author: printable(author), CreationDate: made, ModDate: made },
  });
}

/** From margin to margin, in points. */
export const widthOf = ({ page }: Sheet): number => page.width - page.margins.left - page.margins.right;

/** Down to the margin, in points. */
export const heightLeft = (sheet: Sheet): number => sheet.page.height - sheet.page.margins.bottom - sheet.y;

/** Of a page with nothing on it, in points. */
export const heightOf = ({ page }: Sheet): number => page.height - page.margins.top - page.margins.bottom;

/** Letters of this kind from here on. @returns what to hand over with the text */
export function letters(sheet: Sheet, size: number, weight: Weight = "regular", colour: string = COLOUR.text) {
  sheet.font(FONTS[weight]).fontSize(size).fillColor(colour);
  return { lineGap: size * LEADING };
}

/** Begins a page where so many points are not left of this one. */
export function keepTogether(sheet: Sheet, height: number): void {
  if (heightLeft(sheet) < height) sheet.addPage();
}

/** Below every page its number, which no reader of the text is told in its midst. */
export function writeFeet(sheet: Sheet, foot: PdfDocument["foot"]): void {
  const { count } = sheet.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    sheet.switchToPage(page);
    letters(sheet, SIZE.foot, "regular", COLOUR.pale);
    const text = printable(foot(page + 1, count));
    const x = sheet.page.margins.left + (widthOf(sheet) - sheet.widthOfString(text)) / 2;
    sheet.markContent("Artifact", { type: "Pagination" });
    sheet.text(text, x, sheet.page.height - PAGE.foot, { lineBreak: false });
    sheet.endMarkedContent();
  }
}
