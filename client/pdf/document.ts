/** What is to be printed: parts in the order in which they are read. Texts are plain; a line break in one is a new line. */
export interface PdfDocument {
  readonly title: string;
  readonly language: "zh-CN" | "en";
  /** Whose document it is, for the file's properties. */
  readonly author: string;
  /** Stands in the file as the time of its making: the same document with the same time is the same bytes. */
  readonly made: Date;
  /** `landscape` for wide tables and pictures. */
  readonly page: "portrait" | "landscape";
  /** What stands below every page. @param page from 1 */
  readonly foot: (page: number, pages: number) => string;
  readonly parts: readonly PdfPart[];
}

export type PdfPart = PdfHeading | PdfParagraph | PdfTable | PdfPicture | PdfPageBreak;

export interface PdfHeading {
  readonly kind: "heading";
  /** 1 is the title that is shown on the first page. */
  readonly level: 1 | 2 | 3;
  readonly text: string;
}

export interface PdfParagraph {
  readonly kind: "paragraph";
  readonly text: string;
  /** `note` is smaller and paler: sources, how something was computed. */
  readonly tone?: "note";
}

export interface PdfTable {
  readonly kind: "table";
  /** `share`: how much of the width, beside the others'. */
  readonly columns: readonly { readonly head: string; readonly share: number; readonly align?: "right" }[];
  /** A cell for each column. */
  readonly rows: readonly (readonly string[])[];
}

/** Lines, areas and labels in units of their own, made as large as the page's width lets them be. */
export interface PdfPicture {
  readonly kind: "picture";
  readonly width: number;
  readonly height: number;
  /** What the picture shows, for who cannot see it. */
  readonly description: string;
  readonly shapes: readonly PdfShape[];
}

export type PdfShape =
  | {
      readonly kind: "path";
      /** As the `d` of an SVG path. */
      readonly path: string;
      /** `#rrggbb`; without it nothing is filled. */
      readonly fill?: string;
      /** `#rrggbb`; without it no line is drawn. */
      readonly stroke?: string;
      readonly lineWidth?: number;
      readonly dashed?: true;
    }
  | {
      readonly kind: "label";
      readonly text: string;
      /** Where the text's line begins, is centred or ends; the lower edge of its letters. */
      readonly x: number;
      readonly y: number;
      readonly size: number;
      readonly anchor?: "middle" | "end";
      readonly colour?: string;
      readonly weight?: "bold";
    };

export interface PdfPageBreak {
  readonly kind: "pageBreak";
}
