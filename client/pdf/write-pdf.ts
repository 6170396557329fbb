import type { PdfDocument, PdfHeading, PdfParagraph, PdfPart } from "./document.js";
import { COLOUR, SIZE } from "./face.js";
import { writePicture } from "./picture.js";
import { heightLeft, keepTogether, letters, openSheet, type Sheet, widthOf, writeFeet } from "./sheet.js";
import { writeTable } from "./table.js";
import { printable } from "./text.js";

/** Above and below, in points. */
const AROUND = { heading: 8, paragraph: 6 } as const;

/** A heading stays with so much of what follows it, in points. */
const BELOW_HEADING = 90;

/**
 * The document as a PDF file (1.7, tagged): A4, Chinese and Latin letters whose shapes are in the file, text that can be
 * selected and searched, headings and tables that a screen reader is told. The same document gives the same bytes.
 */
export async function writePdf(document: PdfDocument): Promise<Uint8Array> {
  const sheet = openSheet(document);
  const whole = bytesOf(sheet);
  for (const part of document.parts) writePart(sheet, part);
  writeFeet(sheet, document.foot);
  sheet.end();
  return whole;
}

function writePart(sheet: Sheet, part: PdfPart): void {
  switch (part.kind) {
    case "heading":
      writeHeading(sheet, part);
      break;
    case "paragraph":
      writeParagraph(sheet, part);
      break;
    case "table":
      writeTable(sheet, part);
      break;
    case "picture":
      writePicture(sheet, part);
      break;
    case "pageBreak":
      sheet.addPage();
  }
}

function writeHeading(sheet: Sheet, { level, text }: PdfHeading): void {
  const size = SIZE[level];
  sheet.y += sheet.y > sheet.page.margins.top ? AROUND.heading : 0;
  keepTogether(sheet, size + BELOW_HEADING);
  const options = letters(sheet, size, "bold");
  writeText(sheet, text, `H${level}`, options);
  sheet.y += AROUND.heading;
}

function writeParagraph(sheet: Sheet, { text, tone }: PdfParagraph): void {
  const options =
    tone === "note" ? letters(sheet, SIZE.note, "regular", COLOUR.pale) : letters(sheet, SIZE.text, "regular");
  if (heightLeft(sheet) < sheet.currentLineHeight(true)) sheet.addPage();
  writeText(sheet, text, "P", options);
  sheet.y += AROUND.paragraph;
}

/** Over as many pages as it takes. */
function writeText(sheet: Sheet, text: string, tag: string, options: { lineGap: number }): void {
  const write = () => {
    sheet.text(printable(text), sheet.page.margins.left, sheet.y, { width: widthOf(sheet), ...options });
  };
  sheet.addStructure(sheet.struct(tag, {}, write));
}

function bytesOf(sheet: Sheet): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const parts: Uint8Array[] = [];
    sheet.on("data", (part: Uint8Array) => parts.push(part));
    sheet.on("end", () => resolve(new Uint8Array(Buffer.concat(parts))));
    sheet.on("error", reject);
  });
}
