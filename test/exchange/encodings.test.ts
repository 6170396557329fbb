import { decodeColumn } from "@wanlian/client/sheets/column.js";
import { readCsv } from "@wanlian/client/sheets/csv.js";
import { recogniseEncoding } from "@wanlian/client/sheets/recognise.js";
import { type TextEncoding, utf8Text } from "@wanlian/client/sheets/utf8-text.js";
import { expect } from "chai";
import fc from "fast-check";
import iconv from "iconv-lite";

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const text = async (bytes: Uint8Array, encoding: TextEncoding, size = 3) => {
  const parts: Uint8Array[] = [];
  for await (const part of utf8Text(pieces(bytes, size), encoding)) parts.push(Uint8Array.from(part));
  return Buffer.concat(parts).toString("utf8");
};
const refusal = async (act: Promise<unknown>) =>
  await act.then(
    () => ({ code: "accepted", message: "", details: {} }),
    ({ code, message, details }: { code: string; message: string; details: unknown }) => ({ code, message, details }),
  );

const TEXT = "code,name\n411302,宛城区\n411303,卧龙区\n";
const WRITTEN: readonly [what: string, bytes: Buffer, encoding: TextEncoding][] = [
  ["UTF-8", Buffer.from(TEXT), "utf-8"],
  ["UTF-8 with a mark", Buffer.from(`\ufeff${TEXT}`), "utf-8"],
  ["GB18030", iconv.encode(`${TEXT}㐀\n`, "gb18030"), "gb18030"],
  [
    "GB18030 with a mark",
    Buffer.concat([Buffer.from([0x84, 0x31, 0x95, 0x33]), iconv.encode(TEXT, "gb18030")]),
    "gb18030",
  ],
  ["GBK", iconv.encode(TEXT, "gbk"), "gb18030"],
  ["UTF-16 LE", iconv.encode(TEXT, "utf-16le"), "utf-16le"],
  ["UTF-16 LE with a mark", iconv.encode(TEXT, "utf-16le", { addBOM: true }), "utf-16le"],
  ["UTF-16 BE", iconv.encode(TEXT, "utf-16be"), "utf-16be"],
  ["UTF-16 BE with a mark", iconv.encode(TEXT, "utf-16be", { addBOM: true }), "utf-16be"],
  ["ASCII", Buffer.from("a,b\n1,2\n"), "utf-8"],
];

describe("encodings", () => {
  for (const [what, bytes, encoding] of WRITTEN) {
    it(`recognises ${what}, and reads it, wherever it is cut`, async () => {
      expect(await recogniseEncoding(() => pieces(bytes, 7))).to.equal(encoding);
      const expected = what === "ASCII" ? "a,b\n1,2\n" : what === "GB18030" ? `${TEXT}㐀\n` : TEXT;
      for (const size of [1, 2, 3, 5, 1000]) expect(await text(bytes, encoding, size), String(size)).to.equal(expected);
    });
  }

  const BAD: readonly [what: string, bytes: Buffer, encoding: TextEncoding, line: number, byte: number][] = [
    ["GBK taken for UTF-8", iconv.encode(TEXT, "gbk"), "utf-8", 2, 18],
    ["a byte that is in no UTF-8", Buffer.from("a,b\n1,2\n3,\xff\n", "latin1"), "utf-8", 3, 11],
    ["a character that the file's end cuts", Buffer.from("a,b\n1,\xe5\xae", "latin1"), "utf-8", 2, 7],
    ["a surrogate", Buffer.from("a,b\n\xed\xa0\x80,2\n", "latin1"), "utf-8", 2, 5],
    ["a longer form than needed", Buffer.from("a,b\n\xc0\xaf,2\n", "latin1"), "utf-8", 2, 5],
    ["what is no GB18030", Buffer.from("a,b\n\xcd\xf0,\xff\n", "latin1"), "gb18030", 2, 8],
  ];
  for (const [what, bytes, encoding, line, byte] of BAD) {
    it(`names line and byte of ${what}, wherever it is cut`, async () => {
      for (const size of [1, 2, 3, 4, 1000]) {
        let lines = 0;
        const act = async () => {
          for await (const chunk of utf8Text(pieces(bytes, size), encoding, () => lines)) {
            lines += Buffer.from(chunk).toString("latin1").split("\n").length - 1;
          }
        };
        const found = await refusal(act());
        expect(found.code, String(size)).to.equal("SOURCE_MALFORMED");
        expect(found.details, String(size)).to.deep.equal({ line, byte, encoding });
      }
    });
  }

  it("agrees with the platform's own decoder on what is UTF-8, wherever it is cut", async () => {
    const bytes = fc.array(
      fc.oneof(
        fc.string({ unit: "binary", maxLength: 3 }).map((part) => Buffer.from(part.toWellFormed(), "utf8")),
        fc.uint8Array({ maxLength: 2 }).map((part) => Buffer.from(part)),
      ),
      { maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.integer({ min: 1, max: 9 }), async (parts, size) => {
        const whole = Buffer.concat(parts);
        const platform = () => new TextDecoder("utf-8", { fatal: true }).decode(whole);
        let expected: string | undefined;
        try {
          expected = platform();
        } catch (error) {
          if (!(error instanceof TypeError)) throw error;
        }
        const found = await text(whole, "utf-8", size).catch(() => undefined);
        expect(found).to.equal(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("says of a file in no known encoding where it stops being UTF-8", async () => {
    const found = await refusal(recogniseEncoding(() => pieces(Buffer.from("a,b\n1,\xff\n", "latin1"), 4)));
    expect(found.code).to.equal("SOURCE_MALFORMED");
    expect(found.message).to.match(/byte 7, in line 2/);
  });

  it("reads UTF-16 as a table, and refuses half a character", async () => {
    const rows: (string | null)[][] = [];
    for await (const batch of readCsv(pieces(iconv.encode(TEXT, "utf-16le"), 5), { encoding: "utf-16le" })) {
      const [codes = [], names = []] = batch.columns.map(decodeColumn);
      for (const [at, code] of codes.entries()) rows.push([code, names[at] ?? null]);
    }
    expect(rows).to.deep.equal([
      ["411302", "宛城区"],
      ["411303", "卧龙区"],
    ]);
    const half = Buffer.from([0x61, 0x00, 0x00, 0xd8, 0x61, 0x00]);
    expect((await refusal(text(half, "utf-16le"))).code).to.equal("SOURCE_MALFORMED");
  });

  it("refuses a file whose lines end with CR alone, and takes a CR inside a value", async () => {
    const rows = async (written: string) => {
      let count = 0;
      for await (const batch of readCsv(pieces(Buffer.from(written), 4))) count += batch.rows;
      return count;
    };
    const found = await refusal(rows("code,name\r01,a\r02,b\r"));
    expect(found.code).to.equal("SOURCE_MALFORMED");
    expect(found.message).to.match(/carriage return/);
    expect(await rows("code,name\n01,a\rb\n")).to.equal(1);
  });
});
