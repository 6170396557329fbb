/** Documents to print: headings, paragraphs, tables, pictures, as a PDF file with Chinese letters. Knows nothing of the node's. */

export type {
  PdfDocument,
  PdfHeading,
  PdfPageBreak,
  PdfParagraph,
  PdfPart,
  PdfPicture,
  PdfShape,
  PdfTable,
} from "./document.js";
export { writePdf } from "./write-pdf.js";
