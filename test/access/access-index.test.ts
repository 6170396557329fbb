import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AccessIndex } from "@wanlian/client/access/access-index.js";
import { AccessSpans, type Range, SPAN_ROWS } from "@wanlian/client/access/access-spans.js";
import { RecordLog } from "@wanlian/client/access/record-log.js";
import { localDisk } from "@wanlian/client/log/disk.js";
import { AccessLog } from "@wanlian/client/log/log.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import type { DatasetId, Digest, Instant, MspId } from "@wanlian/model/identifiers.js";
import { noteSigner } from "@wanlian/model/note.js";
import type { SignedRecord } from "@wanlian/verify/records/access-record.js";
import { randomDigest } from "@wanlian/verify/records/access-request.js";
import { encodeFilingEntry } from "@wanlian/verify/records/refused-filing.js";
import { expect } from "chai";

const { entries, questions } = JSON.parse(
  readFileSync(new URL("../../vectors/access-record/vectors.json", import.meta.url), "utf8"),
) as { entries: { value: SignedRecord }[]; questions: { canonical: string }[] };
const DATASET = "CivilMSP/divisions" as DatasetId;

describe("index of accesses", () => {
  let dir: string;
  let log: AccessLog;
  let records: RecordLog;
  let db: Awaited<ReturnType<typeof openDatabase>>;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "wanlian-index-"));
    db = await openDatabase({ directory: dir, url: undefined });
    log = await AccessLog.open(join(dir, "log"), noteSigner("test/log", generateKeyPairSync("ed25519").privateKey));
    const disk = localDisk(join(dir, "log"));
    records = new RecordLog(log, (path) => disk.read(path));
  });
  afterEach(async () => {
    await log.close();
    await db.destroy();
    await rm(dir, { recursive: true });
  });

  const record = (time = "2026-09-28T01:00:00Z"): SignedRecord => {
    const { record, signature } = structuredClone((entries[0] as { value: SignedRecord }).value);
    record.nonce = randomDigest();
    record.request.nonce = randomDigest();
    record.checked.time = time as Instant;
    return { record, signature };
  };
  const append = (count: number, time?: string) =>
    Promise.all(Array.from({ length: count }, () => records.append(record(time))));
  const indexed = async (index: AccessIndex) => {
    await log.publish();
    await index.catchUp();
    return await index.find({}, { limit: 10_000 });
  };

  it("has the same rows of what it was told as of what it read", async () => {
    const early = await append(120);
    const index = new AccessIndex(db, records);
    await append(250);
    await log.append(Buffer.from((questions[0] as { canonical: string }).canonical));
    await log.append(Buffer.from("of no known kind"));
    await append(130);
    const told = await indexed(index);
    expect(told.map(({ position }) => position)).to.deep.equal(Array.from({ length: 502 }, (_, at) => 501 - at));
    expect(told[501]?.id).to.equal(early[0]?.id);
    await db.deleteFrom("local.accesses").execute();
    expect(await indexed(new AccessIndex(db, records))).to.deep.equal(told);
    expect(told.filter(({ kind }) => kind !== "access").map(({ kind }) => kind)).to.deep.equal(["other", "audit"]);
  });

  it("has what a department gave out, of which an auditor's question to it is nothing", async () => {
    const index = new AccessIndex(db, records);
    const [first] = await append(1);
    await log.append(Buffer.from((questions[0] as { canonical: string }).canonical));
    const provider = first?.signed.record.request.provider ?? expect.fail("no record");
    const rows = await indexed(index);
    const [question] = rows.filter(({ kind }) => kind === "audit");
    expect(question).to.include({ position: 1 });
    // Whoever was asked is in the place of the provider: it waits for nobody's countersignature of that.
    for (const asked of [provider, question?.provider ?? ""])
      expect((await index.given(asked as MspId, 0, 10)).map(({ position }) => position)).to.not.include(1);
    expect(await index.given(provider, 0, 10)).to.have.length(1);
  });

  it("has a refused filing under its officer and department, with what was filed and why it was refused", async () => {
    const index = new AccessIndex(db, records);
    const filing = {
      ...{ schema: 1, kind: "filing", channel: "pilot", department: "CivilMSP", officer: "0202" },
      ...{ noun: "application", case: "ab".repeat(32), command: "grant", body: "cd".repeat(32), code: "WRONG_STATE" },
      ledger: { height: 7, time: "2026-09-28T17:00:00Z" },
    };
    await log.append(encodeFilingEntry(filing as never));
    await indexed(index);
    const [row] = await index.find({ officer: "0202" as never }, { limit: 9 });
    expect(row).to.include({ kind: "filing", consumer: "CivilMSP", result: "refused", reason: "WRONG_STATE" });
    expect(row).to.include({ filing: `application.grant ${"ab".repeat(32)}`, day: "2026-09-29", height: 7 });
    expect(await index.count({}), "it is no access").to.deep.equal([]);
    expect(await index.firstDifference()).to.equal(undefined);
  });

  it("goes on where it was", async () => {
    const index = new AccessIndex(db, records);
    await append(3);
    expect(await indexed(index)).to.have.lengthOf(3);
    await append(2);
    expect(await indexed(index)).to.have.lengthOf(5);
    expect(await indexed(new AccessIndex(db, records))).to.have.lengthOf(5);
  });

  it("finds a dataset's accesses page by page, and a record by its id", async () => {
    const index = new AccessIndex(db, records);
    const [first] = await append(5);
    await indexed(index);
    const page = await index.find({ dataset: DATASET }, { limit: 2 });
    const rest = await index.find({ dataset: DATASET }, { before: page.at(-1)?.position as number, limit: 10 });
    expect([...page, ...rest].map(({ position }) => position)).to.deep.equal([4, 3, 2, 1, 0]);
    expect(await index.find({ dataset: "CivilMSP/none" as DatasetId }, { limit: 2 })).to.deep.equal([]);
    expect(await index.positionOf(first?.id as string)).to.equal(0);
    expect(records.recentPosition(first?.id as Digest)).to.equal(0);
    expect(records.recentPosition("00".repeat(32) as Digest)).to.equal(undefined);
  });

  describe("of a period", () => {
    const at = (hour: number) => `2026-09-28T${String(hour).padStart(2, "0")}:00:00Z` as Instant;
    let index: AccessIndex;
    /** Three hours, each in spans of its own and across their borders; one record that came hours late. */
    beforeEach(async () => {
      index = new AccessIndex(db, records);
      await append(SPAN_ROWS + 300, at(1));
      await append(SPAN_ROWS, at(2));
      await append(SPAN_ROWS, at(3));
      await append(1, at(1));
      await append(40, at(3));
      await indexed(index);
    });
    const positions = async (filter: Parameters<AccessIndex["find"]>[0], page: Parameters<AccessIndex["find"]>[1]) =>
      (await index.find({ dataset: DATASET, ...filter }, page)).map(({ position }) => position);

    it("has those and no others, newest first, page by page", async () => {
      const all = await positions({}, { limit: 10_000 });
      const timed = new Map((await index.find({}, { limit: 10_000 })).map(({ position, time }) => [position, time]));
      for (const [since, until] of [
        [1, 1],
        [2, 2],
        [1, 2],
        [2, 3],
        [3, 3],
        [0, 0],
        [4, 9],
        [undefined, 1],
        [undefined, 2],
        [2, undefined],
        [3, undefined],
      ] as const) {
        const period = {
          ...(since === undefined ? {} : { since: at(since) }),
          ...(until === undefined ? {} : { until: at(until) }),
        };
        const due = all.filter((position) => {
          const time = timed.get(position) as Instant;
          return time >= (period.since ?? "") && time <= (period.until ?? "9");
        });
        const found: number[] = [];
        for (let before: number | undefined; ; before = found.at(-1)) {
          const page = await positions(period, { limit: 700, ...(before === undefined ? {} : { before }) });
          found.push(...page);
          if (page.length < 700) break;
        }
        expect(found, `${since} to ${until}`).to.deep.equal(due);
      }
    });

    it("is found though there were no spans when the rows were made, and after all was thrown away", async () => {
      const due = await positions({ until: at(1) }, { limit: 10_000 });
      expect(due).to.have.lengthOf(SPAN_ROWS + 301);
      await db.deleteFrom("local.access_spans").execute();
      await new AccessIndex(db, records).catchUp();
      expect(await positions({ until: at(1) }, { limit: 10_000 })).to.deep.equal(due);
      await db
        .updateTable("local.access_spans")
        .set({ first_time: at(3) })
        .where("span", "=", 3)
        .execute();
      await new AccessIndex(db, records).catchUp();
      expect(await positions({ until: at(1) }, { limit: 10_000 }), "of the last span").to.deep.equal(due);
      await index.forget();
      expect(await positions({ until: at(1) }, { limit: 10_000 })).to.deep.equal([]);
      expect(await db.selectFrom("local.access_spans").selectAll().execute()).to.deep.equal([]);
      await new AccessIndex(db, records).catchUp();
      expect(await positions({ until: at(1) }, { limit: 10_000 })).to.deep.equal(due);
    });

    it("is read where it can be, and nowhere else", async () => {
      const within = async (period: Parameters<AccessSpans["within"]>[0], before = 1e9) => {
        const ranges: Range[] = [];
        for await (const range of new AccessSpans(db).within(period, before)) ranges.push(range);
        return ranges;
      };
      // Spans 0 and 1 have the first hour, 1 and 2 the second, 2 and 3 the third; 3 has the one that came late, too.
      expect(await within({ until: at(1) })).to.deep.equal([span(3), { from: 0, to: 2 * SPAN_ROWS }]);
      expect(await within({ since: at(2), until: at(2) })).to.deep.equal([{ from: SPAN_ROWS, to: 4 * SPAN_ROWS }]);
      expect(await within({ since: at(3) })).to.deep.equal([{ from: 2 * SPAN_ROWS, to: 4 * SPAN_ROWS }]);
      expect(await within({ until: at(1) }, 10)).to.deep.equal([{ from: 0, to: 10 }]);
      expect(await within({ until: at(0) })).to.deep.equal([]);
    });
    const span = (number: number): Range => ({ from: number * SPAN_ROWS, to: (number + 1) * SPAN_ROWS });
  });

  it("remembers the nonces of requests since an instant, and of none before", async () => {
    const index = new AccessIndex(db, records);
    await append(2, "2026-09-28T01:00:00Z");
    const young = [...(await append(2, "2026-09-28T02:00:00Z")), ...(await append(1, "2026-09-28T02:00:01Z"))];
    await indexed(index);
    const nonces = await index.recentNonces("2026-09-28T02:00:00Z" as Instant);
    expect(nonces.sort()).to.deep.equal(young.map(({ signed }) => signed.record.request.nonce).sort());
  });

  it("is not hurt by a statement that failed", async () => {
    const index = new AccessIndex(db, records);
    await append(100);
    const [newest] = await indexed(index);
    const twice = db.insertInto("local.accesses").values([{ ...newest, position: 0 } as never]);
    for (let time = 0; time < 2; time += 1) {
      const failed = await twice.execute().then(
        () => undefined,
        (error: Error) => error,
      );
      expect(failed?.message).to.match(/UNIQUE/);
    }
    await append(100);
    expect(await indexed(index)).to.have.lengthOf(200);
  });
});
