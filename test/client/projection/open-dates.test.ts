import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listDuties } from "@wanlian/client/api/reading/duties.js";
import { readBlock } from "@wanlian/client/ledger/block.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import type { NodeDatabase } from "@wanlian/client/projection/database/schema.js";
import { digestProjection } from "@wanlian/client/projection/digest.js";
import { Projection } from "@wanlian/client/projection/projection.js";
import { listCases } from "@wanlian/client/read/cases.js";
import { RELEASED } from "@wanlian/model/models.js";
import { expect } from "chai";
import type { Kysely } from "kysely";
import { CHAINCODE, CHANNEL, publishDemand, TestLedger, tick } from "../test-ledger.js";

/** A demand of 30 December 2026, due in five working days of a year that nobody has announced. */
describe("projection › dates beyond the calendar", () => {
  const NEXT_YEAR = { year: 2027, notice: "made up", holidays: ["2027-01-01"], makeUpDays: [] };
  let ledger: TestLedger;
  let demand: string;
  let directory: string;
  let db: Kysely<NodeDatabase>;
  let projection: Projection;

  beforeEach(async () => {
    ledger = await TestLedger.opened();
    directory = await mkdtemp(join(tmpdir(), "wanlian-open-dates-"));
    db = await openDatabase({ directory, url: undefined });
    projection = await Projection.open(db, CHANNEL, CHAINCODE, RELEASED);
    await pass("2026-12-30T01:00:00Z");
    const made = await ledger.make(await ledger.officer("CivilMSP", "1001", "user"), publishDemand("births"));
    demand = made.transactionId;
    ledger.appendValid(made);
    await catchUp();
  });

  afterEach(async () => {
    await db.destroy();
    await rm(directory, { recursive: true, force: true });
    await ledger.remove();
  });

  async function pass(time: string): Promise<void> {
    ledger.appendValid(await ledger.make(await ledger.officer("BureauMSP", "9000", "node"), tick(time)));
    await catchUp();
  }

  async function byBureau(
    noun: "policy" | "demand",
    type: string,
    body: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const administrator = await ledger.officer("BureauMSP", "9001", "administrator");
    const id = noun === "policy" ? null : demand;
    ledger.appendValid(await ledger.make(administrator, { noun, case: id, type, body }));
    await catchUp();
  }

  async function catchUp(): Promise<void> {
    for (const bytes of ledger.blocks.slice(Number(projection.height))) await projection.take(readBlock(bytes));
  }

  const duty = async (filter: object = { owner: "PoliceMSP" }) => {
    const { items } = await listDuties(db, filter, ledger.time);
    return items.find((item) => item.case === demand)?.deadline;
  };
  const overdue = async () => {
    const { items } = await listCases(db, "demand", { overdueAt: ledger.time });
    return items.length;
  };

  it("are shown as open and are never overdue, for anybody", async () => {
    const open = { due: "2027-01-04T15:59:59Z", provisional: true, overdue: false };
    expect(await duty()).to.include(open);
    await pass("2027-03-01T01:00:00Z");
    expect(await duty()).to.include(open);
    expect(await duty({ overdueAt: ledger.time })).to.equal(undefined);
    expect(await duty({ owner: "BureauMSP", escalatedAt: ledger.time })).to.equal(undefined);
    expect(await overdue()).to.equal(0);
  });

  it("become firm when the bureau announces the year, on a node that was there and on one that is rebuilt, in any portions", async () => {
    await pass("2027-03-01T01:00:00Z");
    await byBureau("policy", "announce", NEXT_YEAR);
    const firm = { due: "2027-01-07T15:59:59Z", provisional: false, overdue: true };
    expect(await duty({ overdueAt: ledger.time })).to.include(firm);
    expect(await duty({ owner: "BureauMSP", escalatedAt: ledger.time })).to.include(firm);
    expect(await overdue()).to.equal(1);
    await expectTheSameRebuilt();
    // An act of the case takes nothing back: the state that it stores is the old one's.
    await byBureau("demand", "urge", {});
    expect(await duty()).to.include(firm);
    await expectTheSameRebuilt();
  });

  async function expectTheSameRebuilt(): Promise<void> {
    const digest = await digestProjection(db);
    for (const atOnce of [1, ledger.blocks.length]) {
      const other = await mkdtemp(join(tmpdir(), "wanlian-open-dates-"));
      const rebuilt = await openDatabase({ directory: other, url: undefined });
      const again = await Projection.open(rebuilt, CHANNEL, CHAINCODE, RELEASED);
      for (let at = 0; at < ledger.blocks.length; at += atOnce)
        await again.takeAll(ledger.blocks.slice(at, at + atOnce).map(readBlock));
      expect(await digestProjection(rebuilt), `${atOnce} at once`).to.deep.equal(digest);
      await rebuilt.destroy();
      await rm(other, { recursive: true, force: true });
    }
  }

  it("have a cure that is among the bureau's tasks before the calendar ends", async () => {
    const { items } = await listDuties(db, { owner: "BureauMSP" }, ledger.time);
    expect(items.map(({ deadline }) => [deadline.kind, deadline.due, deadline.overdue])).to.deep.equal([
      ["calendarExtension", "2026-12-15T15:59:59Z", true],
    ]);
    await byBureau("policy", "announce", NEXT_YEAR);
    const after = await listDuties(db, { owner: "BureauMSP" }, ledger.time);
    expect(after.items.map(({ deadline }) => deadline.due)).to.deep.equal(["2027-12-15T15:59:59Z"]);
  });
});
