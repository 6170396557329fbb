import { crc32 } from "node:zlib";

/** A workbook of one sheet, as small as Excel's format lets it be; cells are text, empty ones are left out. */
export const workbook = (rows: readonly (readonly string[])[]): Uint8Array => workbookOf(rows.map(rowXml).join(""));

/** One whose sheet has these rows, as they are written in XML. */
export function workbookOf(rows: string): Uint8Array {
  return archive({
    "[Content_Types].xml": xml(
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
    ),
    "xl/workbook.xml": xml(
      '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="清单" sheetId="1" r:id="rId1"/></sheets></workbook>',
    ),
    "xl/_rels/workbook.xml.rels": xml(
      '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    ),
    "xl/worksheets/sheet1.xml": xml(
      `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows}</sheetData></worksheet>`,
    ),
  });
}

const xml = (content: string): Buffer => Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>${content}`);

function rowXml(cells: readonly string[], row: number): string {
  const filled = cells.map((text, column) =>
    text === "" ? "" : `<c r="${String.fromCharCode(65 + column)}${row + 1}" t="inlineStr"><is><t>${text}</t></is></c>`,
  );
  return `<row r="${row + 1}">${filled.join("")}</row>`;
}

/** PKWARE's format, nothing compressed. */
function archive(files: Readonly<Record<string, Buffer>>): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const sizes = [crc32(content), content.length, content.length, Buffer.byteLength(name)];
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50);
    for (const [header, at] of [
      [local, 14],
      [central, 16],
    ] as const) {
      for (const [index, size] of sizes.entries()) {
        if (index < 3) header.writeUInt32LE(size, at + index * 4);
        else header.writeUInt16LE(size, at + 12);
      }
    }
    central.writeUInt32LE(offset, 42);
    directory.push(central, Buffer.from(name));
    parts.push(local, Buffer.from(name), content);
    offset += local.length + Buffer.byteLength(name) + content.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  const count = Object.keys(files).length;
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, listed, end]);
}
