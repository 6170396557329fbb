import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MOST_NOTES } from "@wanlian/client/calls/notes.js";
import { expect } from "chai";
import { PROVIDER } from "../exchange/exchange-world.js";
import { type CallsWorld, makeCallsWorld, record } from "./calls-world.js";

/** What a broken or hostile platform sends instead of a record. */
const NONSENSE: readonly (readonly [string, unknown, string])[] = [
  ["nothing", null, "MALFORMED"],
  ["a list", [], "MALFORMED"],
  ["a number", 7, "MALFORMED"],
  ["no member", {}, "MEMBER_MISSING"],
  ["members that are objects", { ...record("1"), 流水号: { a: 1 } }, "MEMBER_MISSING"],
  ["members of the language's own", JSON.parse('{"__proto__":{"流水号":"1"},"constructor":"x"}'), "MEMBER_MISSING"],
  ["too many members", Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`m${at}`, 1])), "MALFORMED"],
  ["a text as long as a book", record("x".repeat(20_000)), "TOO_LONG"],
  ["a number longer than a name", record("x".repeat(129)), "MEMBER_WRONG"],
  ["a line break in a number", record("1\n2"), "MEMBER_WRONG"],
  ["rows below nought", record("1", { 条数: -1 }), "MEMBER_WRONG"],
  ["rows beyond what is counted", record("1", { 条数: "9".repeat(40) }), "MEMBER_WRONG"],
  ["a time far beyond", record("1", { 调用时间: "9999999999999" }), "MEMBER_WRONG"],
  ["a time as text for a parser to hang on", record("1", { 调用时间: `${"1".repeat(5000)}!` }), "MEMBER_WRONG"],
  ["a formula", record("1", { 使用方: '=HYPERLINK("x")' }), "MEMBER_WRONG"],
  ["a value named as what every object has", record("1", { 使用方: "toString" }), "UNKNOWN"],
];

describe("hostile records of calls", () => {
  let calls: CallsWorld;
  before(async () => {
    calls = await makeCallsWorld();
  });
  after(() => calls.remove());

  const taken = async () => {
    const { catchUp, list } = calls.provider.ofOfficers;
    await catchUp();
    return await list({}, "all", { limit: 100 });
  };

  for (const [what, sent, code] of NONSENSE.filter(([, , reason]) => reason !== "UNKNOWN")) {
    it(`are refused with the reason: ${what}`, async () => {
      const { refused, taken: count } = await calls.provider.desk.push([sent]);
      expect([count, refused.map((one) => one.code)]).to.deep.equal([0, [code]]);
      expect(refused[0]?.message.length).to.be.lessThan(300);
    });
  }

  it("do not keep out the honest ones that come with them", async () => {
    const sent = NONSENSE.filter(([, , reason]) => reason !== "UNKNOWN").map(([, one]) => one);
    const answer = await calls.provider.desk.push([...sent, record("honest")]);
    expect(answer).to.include({ taken: 1 });
    expect(answer.refused).to.have.lengthOf(sent.length);
    expect((await taken())[0]?.call.facts.call).to.equal("honest");
  });

  it("are noted ten thousand times and no more, whoever sends them for a night", async () => {
    const size = calls.world.provider.exchange.log.size;
    const before = await notes();
    for (let round = 0; round < 11; round += 1) {
      await calls.provider.desk.push(Array.from({ length: 1000 }, (_, at) => ({ 流水号: `${round}-${at}` })));
    }
    expect(calls.world.provider.exchange.log.size, "nothing of it is in the log").to.equal(size);
    expect(before).to.be.lessThan(MOST_NOTES);
    expect(await notes()).to.equal(MOST_NOTES);
    const [last] = await calls.provider.ofOfficers.notes(1, undefined, undefined);
    expect(last).to.include({ code: "MEMBER_MISSING" });
  });

  const notes = async () => {
    const { db } = calls.world.provider.exchange.options;
    const row = await db
      .selectFrom("local.call_notes")
      .select(({ fn }) => fn.countAll<number>().as("notes"))
      .executeTakeFirstOrThrow();
    return Number(row.notes);
  };

  it("in files: a line without end is passed over, bytes of no text are refused, and what follows is taken", async () => {
    const path = join(calls.folderOf(PROVIDER), "a.jsonl");
    await writeFile(path, "");
    const file = await open(path, "a");
    for (let megabyte = 0; megabyte < 40; megabyte += 1) await file.write(Buffer.alloc(1 << 20, 0x20));
    await file.write("\n");
    await file.write(Buffer.from([0xff, 0xfe, 0x00, 0x0a]));
    await file.write(
      `{"a":${"[".repeat(5000)}\n{"流水号":"1","流水号":"2"}\n\u0000\n${JSON.stringify(record("after"))}\n`,
    );
    await file.close();
    const before = process.memoryUsage().arrayBuffers;
    await calls.provider.look(new AbortController().signal);
    expect(process.memoryUsage().arrayBuffers - before, "bytes held").to.be.lessThan(16 << 20);
    const noted = await calls.provider.ofOfficers.notes(5, undefined, undefined);
    expect(noted.map(({ code, source }) => `${code} ${source}`).reverse()).to.deep.equal([
      "TOO_LONG a.jsonl:1",
      "NOT_TEXT a.jsonl:2",
      "MALFORMED a.jsonl:3",
      "MALFORMED a.jsonl:4",
      "NOT_TEXT a.jsonl:5",
    ]);
    expect((await taken())[0]?.call.facts.call).to.equal("after");
  });

  it("are pushed by nobody without the platform's secret", () => {
    const { desk } = calls.provider;
    expect(["", "what", "what-the-platform-pushes-with "].map((secret) => desk.isPlatform(secret))).to.deep.equal([
      false,
      false,
      false,
    ]);
    expect(desk.isPlatform("what-the-platform-pushes-with")).to.equal(true);
  });
});
