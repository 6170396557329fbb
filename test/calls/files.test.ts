import { appendFile, rename, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { PROVIDER, passTime } from "../exchange/exchange-world.js";
import { type CallsWorld, callsOf, makeCallsWorld, record } from "./calls-world.js";

describe("files of a platform's calls", () => {
  let calls: CallsWorld;
  beforeEach(async () => {
    calls = await makeCallsWorld();
  });
  afterEach(() => calls.remove());

  const at = (name: string) => join(calls.folderOf(PROVIDER), name);
  const line = (call: string, more = {}) => `${JSON.stringify(record(call, more))}\n`;
  const follow = (part = calls.provider) => part.look(new AbortController().signal);
  const taken = async () => {
    const { catchUp, list } = calls.provider.ofOfficers;
    await catchUp();
    return (await list({}, "all", { limit: 2000 })).map(({ call }) => call.facts.call).reverse();
  };
  const notes = async (code?: string) =>
    (await calls.provider.ofOfficers.notes(100, code, undefined))
      .map((note) => `${note.code} ${note.source}`)
      .reverse();

  it("are followed line by line, and never past a line that is still being written", async () => {
    await writeFile(at("a.jsonl"), line("1") + line("2").slice(0, 30));
    await follow();
    expect(await taken()).to.deep.equal(["1"]);
    await appendFile(at("a.jsonl"), line("2").slice(30) + line("3"));
    await follow();
    expect(await taken()).to.deep.equal(["1", "2", "3"]);
    expect(await notes()).to.deep.equal([]);
  });

  it("are not read again while they do not grow, however long a line is that has not ended", async () => {
    const [begun, ended] = [line("1") + line("2").replace("\n", " "), line("1") + line("2")];
    await writeFile(at("a.jsonl"), begun);
    await follow();
    await writeFile(at("a.jsonl"), ended);
    await follow();
    expect(await taken(), "of the same size").to.deep.equal(["1"]);
    await appendFile(at("a.jsonl"), line("3"));
    await follow();
    expect(await taken()).to.deep.equal(["1", "2", "3"]);
  });

  it("are taken up by another run where the last left them", async () => {
    await writeFile(at("a.jsonl"), line("1"));
    await follow();
    await calls.world.provider.restart();
    await appendFile(at("a.jsonl"), line("2"));
    const again = callsOf(calls.world.provider, { folder: calls.folderOf(PROVIDER) });
    await follow(again);
    const { catchUp, list } = again.ofOfficers;
    await catchUp();
    expect((await list({}, "all", { limit: 9 })).map(({ call }) => call.facts.call)).to.deep.equal(["2", "1"]);
    expect(await again.ofOfficers.notes(9, undefined, undefined)).to.deep.equal([]);
  });

  it("may be CSV with headings, quotation marks, line ends of Windows and a byte order mark", async () => {
    const head = "流水号,调用时间,提供方,使用方,条数,scenario";
    const rows = ['"1",2026-03-02 10:00:00,民政局,公安局,1,"a, ""b"""', "2,2026-03-02 10:00:00,民政局,公安局,2,", ""];
    await writeFile(at("a.csv"), `\uFEFF${[head, ...rows].join("\r\n")}`);
    await follow();
    expect(await taken()).to.deep.equal(["1", "2"]);
    const [, first] = await calls.provider.ofOfficers.list({}, "all", { limit: 2 });
    expect(first?.call.details.scenario).to.equal('a, "b"');
  });

  it("show what is lost, doubled, altered or late", async () => {
    const lines = [
      line("1", { 序号: 7 }),
      line("2", { 序号: 8 }),
      line("2", { 序号: 8 }),
      line("5", { 序号: 11 }),
      line("1", { 序号: 12, 条数: 5 }),
    ];
    await writeFile(at("a.jsonl"), lines.join(""));
    await follow();
    await passTime(calls.world, "2026-03-04T00:00:00Z");
    await appendFile(at("a.jsonl"), line("6", { 序号: 13 }));
    await follow();
    expect(await taken()).to.deep.equal(["1", "2", "5", "1", "6"]);
    expect((await notes()).sort()).to.deep.equal(
      ["DOUBLED a.jsonl:3", "ALTERED a.jsonl:5", "GAP a.jsonl:4", "LATE a.jsonl:6"].sort(),
    );
    const [gap] = await calls.provider.ofOfficers.notes(1, "GAP", undefined);
    expect(gap?.said).to.equal("2 records are missing: 9 to 10");
  });

  it("wait for the ledger's clock where it has not come to a call yet, and are not held up by a call of another year", async () => {
    const far = { 调用时间: "2098-03-02 10:00:00" };
    await writeFile(at("a.jsonl"), line("1", far) + line("2", { 调用时间: "2026-03-02 20:00:00" }) + line("3"));
    await follow();
    expect(await taken()).to.deep.equal([]);
    expect(await notes()).to.deep.equal(["TIME_AHEAD a.jsonl:1"]);
    await passTime(calls.world, "2026-03-02T12:00:00Z");
    await follow();
    expect(await taken()).to.deep.equal(["2", "3"]);
  });

  it("that become shorter are left alone, and told of once; in a file of another name they are taken", async () => {
    await writeFile(at("a.jsonl"), line("1") + line("2"));
    await follow();
    await truncate(at("a.jsonl"), 10);
    await follow();
    await follow();
    expect(await notes()).to.deep.equal(["FILE_SHRANK a.jsonl"]);
    await rename(at("a.jsonl"), at("old.txt"));
    await writeFile(at("b.jsonl"), line("1") + line("3"));
    await follow();
    expect(await taken()).to.deep.equal(["1", "2", "3"]);
  });

  it("may be GB18030", async () => {
    const chinese = callsOf(calls.world.provider, { folder: calls.folderOf(PROVIDER), encoding: "gb18030" });
    // Headings, and a call of 民政局 and 公安局.
    const hex =
      "c1f7cbaebac52cb5f7d3c3cab1bce42ccce1b9a9b7bd2ccab9d3c3b7bd2cccf5cafd0a392c323032362d30332d30322031303a30303a30302cc3f1d5febed62cb9abb0b2bed62c340a";
    await writeFile(at("a.csv"), Buffer.from(hex, "hex"));
    await follow(chinese);
    const { catchUp, list } = chinese.ofOfficers;
    await catchUp();
    const [only] = await list({}, "all", { limit: 9 });
    expect(only?.call.facts).to.include({ call: "9", rows: 4, provider: PROVIDER });
  });
});
