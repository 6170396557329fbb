import { inflateSync } from "node:zlib";

/**
 * What somebody who selects all text of a file's pages gets, read from the file alone: the letters' numbers of each page's text
 * operators, by the table (`ToUnicode`) of the font that they are written in. Reads what our writer writes, not any PDF file.
 */
export function pdfTexts(file: Uint8Array): string[] {
  const objects = objectsOf(Buffer.from(file));
  const pages = /\/Kids \[([^\]]*)\]/.exec(
    [...objects.values()].find(({ head }) => head.includes("/Type /Pages"))?.head ?? "",
  );
  return references(pages?.[1] ?? "").map((page) => pageText(objects, page));
}

interface PdfObject {
  readonly head: string;
  readonly content: string;
}

function objectsOf(file: Buffer): Map<string, PdfObject> {
  const text = file.toString("latin1");
  const objects = new Map<string, PdfObject>();
  for (const { 1: number = "", 2: body = "" } of text.matchAll(/(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) {
    const [head = "", stream] = body.split("\nstream\n");
    const bytes = Buffer.from(stream?.replace(/\nendstream$/, "") ?? "", "latin1");
    const packed = head.includes("/FlateDecode");
    objects.set(number, { head, content: (packed ? inflateSync(bytes) : bytes).toString("latin1") });
  }
  return objects;
}

const references = (text: string): string[] => [...text.matchAll(/(\d+) 0 R/g)].map(({ 1: number = "" }) => number);

function pageText(objects: ReadonlyMap<string, PdfObject>, page: string): string {
  const headOf = (number = "") => objects.get(number)?.head ?? "";
  const referred = (name: string, head: string) => new RegExp(`/${name} (\\d+) 0 R`).exec(head)?.[1];
  const resources = headOf(referred("Resources", headOf(page)));
  const fonts = new Map(
    [...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(({ 1: name = "", 2: font = "" }) => [
      name,
      lettersOf(objects.get(referred("ToUnicode", headOf(font)) ?? "")?.content ?? ""),
    ]),
  );
  const content = objects.get(referred("Contents", headOf(page)) ?? "")?.content ?? "";
  let letters: readonly string[] = [];
  let text = "";
  for (const { 1: font, 2: shown } of content.matchAll(/\/(F\d+) \S+ Tf|\[([^\]]*)\] TJ/g)) {
    if (font) letters = fonts.get(font) ?? [];
    for (const { 1: hex = "" } of (shown ?? "").matchAll(/<([0-9a-f]*)>/g))
      for (const { 0: code } of hex.matchAll(/.{4}/g)) text += letters[Number.parseInt(code, 16)] ?? "\ufffd";
    if (shown !== undefined) text += "\n";
  }
  return text;
}

/** By a letter's number in the file. */
function lettersOf(table: string): string[] {
  const letters: string[] = [];
  for (const { 1: from = "", 2: list = "" } of table.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/g)) {
    let number = Number.parseInt(from, 16);
    for (const { 1: hex = "" } of list.matchAll(/<([0-9a-f ]*)>/g))
      letters[number++] = Buffer.from(hex.replaceAll(" ", ""), "hex").swap16().toString("utf16le");
  }
  return letters;
}
