import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExcelSource } from "@wanlian/client/exchange/sources/excel-source.js";
import { HttpSource } from "@wanlian/client/exchange/sources/http-source.js";
import type { Source } from "@wanlian/client/exchange/sources/source.js";
import { sourceAt } from "@wanlian/client/exchange/sources/source-list.js";
import { decodeColumn } from "@wanlian/client/sheets/column.js";
import { expect } from "chai";
import { workbook, workbookOf } from "../sheets/workbook.js";
import { JsonService } from "./json-service.js";

const failureOf = (act: Promise<unknown>): Promise<{ code?: string; message?: string }> =>
  act.then(
    () => ({}),
    (error: { code?: string; message?: string }) => error,
  );
/** A workbook whose directory says that a file of it takes so many bytes. */
function unpackingTo(size: number): Uint8Array {
  const bytes = Buffer.from(workbook([["code"], ["1"]]));
  bytes.writeUInt32LE(size, bytes.indexOf(Buffer.from("PK\x01\x02", "latin1")) + 24);
  return bytes;
}
/** Rows with a member each, of another name. */
const sparse = (count: number) => JSON.stringify(Array.from({ length: count }, (_, at) => ({ [`m${at}`]: "1" })));
const columnOf = async (source: Source, field: string) => {
  const values: (string | null)[] = [];
  for await (const { columns } of source.read([field])) values.push(...decodeColumn(columns[0] ?? new Uint8Array()));
  return values;
};

describe("a workbook as a source", () => {
  let directory: string;
  let path: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-workbook-"));
    path = join(directory, "list.xlsx");
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it("is its first sheet: names above, texts as they are, what is empty missing, empty rows at the end none", async () => {
    await writeFile(
      path,
      workbook([
        ["code", "name"],
        ["0371", "宛城区"],
        ["0372", ""],
        ["", ""],
      ]),
    );
    const source = new ExcelSource(path);
    expect(await source.fields()).to.deep.equal(["code", "name"]);
    expect(await columnOf(source, "name")).to.deep.equal(["宛城区", null]);
    expect(await source.find({ code: "0371" }, ["name"], 2)).to.deep.equal([["宛城区"]]);
    expect(await failureOf(source.find({ nothing: "x" }, ["name"], 1))).to.include({ code: "FIELD_UNKNOWN" });
  });

  it("is read again when it was written to, and says so by its stamp", async () => {
    await writeFile(path, workbook([["code"], ["1"]]));
    const source = new ExcelSource(path);
    const [values, stamp] = [await columnOf(source, "code"), await source.stamp()];
    await writeFile(path, workbook([["code"], ["2"], ["3"]]));
    expect([values, await columnOf(source, "code")]).to.deep.equal([["1"], ["2", "3"]]);
    expect(await source.stamp()).to.not.equal(stamp);
  });

  const WRONG: [string, string[][], string][] = [
    [
      "a column without a name",
      [
        ["", "code"],
        ["1", "2"],
      ],
      "column 1 has no name in the first row",
    ],
    [
      "two of one name",
      [
        ["code", "code"],
        ["1", "2"],
      ],
      'two columns are called "code"',
    ],
    ["a value beyond the names", [["code"], ["1", "2"]], "row 2 has a value in a column without a name"],
  ];
  for (const [what, rows, message] of WRONG)
    it(`is refused with ${what}, which is named`, async () => {
      await writeFile(path, workbook(rows));
      expect(await failureOf(new ExcelSource(path).fields())).to.include({ code: "SOURCE_MALFORMED", message });
    });

  const cell = (place: string) => `<c r="${place}" t="inlineStr"><is><t>x</t></is></c>`;
  const VAST: [string, Uint8Array, string][] = [
    [
      "a row further down than rows go",
      workbookOf(`<row r="1">${cell("A1")}</row><row r="1e9"></row>`),
      "SOURCE_TOO_LARGE",
    ],
    ["a column further out than columns go", workbookOf(`<row r="1">${cell("ZZZZZZ1")}</row>`), "SOURCE_TOO_LARGE"],
    ["two cells with too many between", workbookOf(`<row r='1048576'>${cell("XFD1048576")}</row>`), "SOURCE_TOO_LARGE"],
    ["a place written otherwise", workbookOf(`<row r="&#57;e9">${cell("A1")}</row>`), "SOURCE_MALFORMED"],
    ["files that unpack to gigabytes", unpackingTo(0xf0000000), "SOURCE_TOO_LARGE"],
  ];
  for (const [what, bytes, code] of VAST)
    it(`is refused with ${what}, before it is taken apart`, async () => {
      await writeFile(path, bytes);
      expect(await failureOf(new ExcelSource(path).fields())).to.include({ code });
    });

  it("is refused where it is none, and read once it is one", async () => {
    await writeFile(path, "PK, and no more");
    const source = new ExcelSource(path);
    expect(await failureOf(source.fields())).to.include({ code: "SOURCE_MALFORMED" });
    await writeFile(path, workbook([["code"], ["1"]]));
    expect(await source.fields()).to.deep.equal(["code"]);
    await rm(path);
    expect(await failureOf(source.fields())).to.include({ code: "SOURCE_MISSING" });
  });
});

describe("an HTTP service as a source", () => {
  let service: JsonService;
  let directory: string;
  beforeEach(async () => {
    service = await JsonService.start([]);
    directory = await mkdtemp(join(tmpdir(), "wanlian-service-"));
  });
  afterEach(async () => {
    service.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it("gives numbers and truth values as they are written, members that are not there as missing", async () => {
    service.says('{"data":{"items":[{"n":12345678901234567890.10,"ok":true},{"n":null,"name":"x"}]}}');
    const source = new HttpSource(service.url, { rows: "data.items" });
    expect(await source.fields()).to.deep.equal(["n", "ok", "name"]);
    expect(await columnOf(source, "n")).to.deep.equal(["12345678901234567890.10", null]);
    expect(await columnOf(source, "ok")).to.deep.equal(["true", null]);
    expect(await columnOf(source, "name")).to.deep.equal([null, "x"]);
  });

  it("is asked each time, and spared sending again what it calls unchanged", async () => {
    const etag = '"1"';
    service.answer = (response, request) =>
      request.headers["if-none-match"] === etag
        ? response.writeHead(304).end()
        : response.writeHead(200, { etag }).end('[{"code":"1"}]');
    const source = new HttpSource(service.url);
    expect(await columnOf(source, "code")).to.deep.equal(["1"]);
    expect(await columnOf(source, "code")).to.deep.equal(["1"]);
    expect(service.asked.map(({ headers }) => headers["if-none-match"])).to.deep.equal([undefined, etag]);
    service.says('[{"code":"2"}]');
    expect(await columnOf(source, "code")).to.deep.equal(["2"]);
  });

  it("is known by a token in a file that others cannot read, which goes to it and nowhere else", async () => {
    const other = await JsonService.start([{ code: "stolen" }]);
    const tokenFile = join(directory, "token");
    await writeFile(tokenFile, "a-secret\n", { mode: 0o644 });
    const open = () => sourceAt({ kind: "http", url: service.url, tokenFile });
    service.says('[{"code":"1"}]');
    expect(await failureOf((await open()).fields())).to.include({ code: "SOURCE_MISSING" });
    expect(service.asked).to.have.length(0);
    await writeFile(join(directory, "closed"), "a-secret\n", { mode: 0o600 });
    const known = new HttpSource(service.url, { token: async () => "a-secret" });
    await known.fields();
    expect(service.asked[0]?.headers.authorization).to.equal("Bearer a-secret");
    service.says("", 302, { location: other.url });
    expect(await failureOf(known.fields())).to.include({ code: "SOURCE_MISSING" });
    expect(other.asked, "it follows no redirect").to.have.length(0);
    other.stop();
  });

  it("sends no token over a network where others read it", async () => {
    const tokenFile = join(directory, "token");
    await writeFile(tokenFile, "a-secret\n", { mode: 0o600 });
    const open = (url: string, token: object = { tokenFile }) => sourceAt({ kind: "http", url, ...token });
    const refused = await failureOf(open("http://births.example/rows"));
    expect(refused).to.include({ code: "SOURCE_MISSING" });
    expect(refused.message).to.contain("use https");
    for (const url of ["https://births.example/rows", service.url, "http://localhost:1/", "http://[::1]:1/"]) {
      await open(url);
    }
    await open("http://births.example/rows", {});
  });

  it("is asked once by many at the same time, and anew by whoever comes after", async () => {
    let answer: (() => void) | undefined;
    service.answer = (response) => {
      answer = () => response.writeHead(200).end('[{"code":"1"},{"code":"2"}]');
    };
    const source = new HttpSource(service.url);
    const asked = Array.from({ length: 20 }, (_, at) => source.find({ code: String(at % 3) }, ["code"], 1));
    while (answer === undefined) await new Promise((resolve) => setImmediate(resolve));
    answer();
    const found = await Promise.all(asked);
    expect(found.slice(0, 3)).to.deep.equal([[], [["1"]], [["2"]]]);
    expect(service.asked).to.have.length(1);
    service.says("[]");
    expect(await failureOf(source.fields()), "what is new is seen").to.include({ code: "SOURCE_MALFORMED" });
    service.says('[{"code":"3"}]');
    expect(await columnOf(source, "code"), "and a failure is not kept").to.deep.equal(["3"]);
  });

  const WRONG: [string, string | Uint8Array, string, string][] = [
    ["no JSON", "<html>", "SOURCE_MALFORMED", "is not JSON"],
    ["no UTF-8", new Uint8Array([0x5b, 0x22, 0xff, 0x22, 0x5d]), "SOURCE_MALFORMED", "is not JSON"],
    ["a member twice", '[{"a":1,"a":2}]', "SOURCE_MALFORMED", "stands twice"],
    ["no list", '{"rows":[]}', "SOURCE_MALFORMED", "has no list"],
    ["a row that is none", '[{"a":1},[2]]', "SOURCE_MALFORMED", "row 2 of the service's answer is no object"],
    ["a value that is several", '[{"a":{"b":1}}]', "SOURCE_MALFORMED", 'has in "a" more than one value'],
    ["no rows, so no columns", "[]", "SOURCE_MALFORMED", "is empty"],
    ["members that no two rows share", sparse(10_000), "SOURCE_TOO_LARGE", "10000 rows of 10000 columns"],
    ["more members than anything has", sparse(10_001), "SOURCE_TOO_LARGE", "10001 columns"],
    ["too much", `["${"x".repeat(33 << 20)}"]`, "SOURCE_TOO_LARGE", "over 33554432 bytes"],
  ];
  for (const [what, text, code, message] of WRONG)
    it(`is refused with ${what}`, async () => {
      service.says(text);
      const failure = await failureOf(new HttpSource(service.url).fields());
      expect(failure).to.include({ code });
      expect(failure.message).to.include(message);
    });

  it("is missing where it answers an error, breaks off, or is not there", async () => {
    const source = new HttpSource(service.url);
    service.says("[]", 500);
    expect((await failureOf(source.fields())).message).to.include("answered 500");
    service.answer = (response) => {
      response.writeHead(200, { "content-length": "1000" }).write("[");
      setImmediate(() => response.destroy());
    };
    expect(await failureOf(source.fields())).to.include({ code: "SOURCE_MISSING" });
    service.stop();
    expect(await failureOf(source.fields())).to.include({ code: "SOURCE_MISSING" });
  });
});
