import { createHmac } from "node:crypto";
import { appendFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { type DeliveredRecord, parseDelivered } from "@wanlian/client/access/answer.js";
import { ExchangeError } from "@wanlian/client/core/exchange-error.js";
import { type ComparisonAsk, compareWithRelease } from "@wanlian/client/exchange/comparison/compare-with-release.js";
import { type Ask, ConsumerDesk, type ProviderLink } from "@wanlian/client/exchange/consumer/consumer-desk.js";
import {
  decodeFrames,
  encodeBatchFrame,
  encodeRecordFrame,
  type Frame,
} from "@wanlian/client/exchange/streams/frames.js";
import { cellDigest, rowDigest, textOf } from "@wanlian/client/sheets/compared/keyed-digests.js";
import { type ColumnBatch, decodeColumn, RunningDigest } from "@wanlian/client/sheets/index.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import { type AccessRecord, openingOf, type SignedRecord } from "@wanlian/verify/records/access-record.js";
import { type ComparedRows, comparedDigest, randomDigest } from "@wanlian/verify/records/access-request.js";
import { signStatement } from "@wanlian/verify/records/statement.js";
import { expect } from "chai";
import { CONSUMER, type ExchangeWorld, makeExchangeWorld, PROVIDER } from "./exchange-world.js";

const FIELDS = ["code", "name"];
const BY = ["code"];
const COLUMNS = ["(row)", "name"];
/** Names of what stands twice there, and of a row that has none. */
const CSV = `code,name,id,note\n1,宛城,a,x\n2,卧龙,b,x\n3,,c,x\n4,新野,d,x\n4,新野县,e,x\n,无名,f,x\n`;

const KEY = randomDigest();
const keyBytes = Buffer.from(KEY, "hex");
const asked = (...codes: string[]): ComparedRows => ({
  key: KEY,
  rows: Buffer.concat(codes.map((code) => rowDigest(keyBytes, [code]))).toString("base64"),
});
const row = (code: string) => textOf(rowDigest(keyBytes, [code]));
const cell = (code: string, value: string | null) => textOf(cellDigest(keyBytes, [code], "name", value));

describe("a comparison by keyed digests", () => {
  let world: ExchangeWorld;
  let grant: TransactionId;
  before(async () => {
    world = await makeExchangeWorld({ csv: CSV });
    grant = await world.grant(FIELDS);
  });
  after(() => world.remove());

  const ask = (compared: ComparedRows, more: Partial<ComparisonAsk> = {}): ComparisonAsk => {
    const { way: _way, road: _road, ...rest } = world.ask(grant, { fields: FIELDS });
    return { ...rest, by: BY, compared, ...more };
  };
  interface Compared {
    readonly rows: readonly (readonly (string | null)[])[];
    readonly record: AccessRecord;
  }
  async function compare(given: ComparisonAsk, desk = world.consumer.exchange.consumer): Promise<Compared> {
    const rows: (string | null)[][] = [];
    for await (const part of compareWithRelease(desk, world.officer.signer, given)) {
      if (part.$case === "end") return { rows, record: part.filed.signed.record };
      const columns = part.batch.columns.map(decodeColumn);
      for (let at = 0; at < part.batch.rows; at += 1) rows.push(columns.map((column) => column[at] ?? null));
    }
    return expect.fail("no end");
  }

  it("brings digests of the cells of rows that the consumer has, and of no other row", async () => {
    const { rows, record } = await compare(ask(asked("1", "3", "9")));
    expect(rows).to.deep.equal([
      [row("1"), cell("1", "宛城")],
      [row("3"), cell("3", null)],
    ]);
    expect(record).to.include({ kind: "closing", result: "served", rows: 2 });
  });

  it("is HMAC-SHA256 under the comparison's key, of canonical JSON, cut to 16 bytes", () => {
    const hmac = (text: string) => createHmac("sha256", keyBytes).update(text).digest().subarray(0, 16);
    expect(rowDigest(keyBytes, ["1", "a"])).to.deep.equal(hmac('["row","1","a"]'));
    expect(cellDigest(keyBytes, ["1"], "name", null)).to.deep.equal(hmac('["cell","name",null,"1"]'));
    expect(cell("1", "宛城"), "equal values of two rows do not show as equal").to.not.equal(cell("2", "宛城"));
  });

  it("shows a name that stands twice there as often as it does, and no row without one", async () => {
    const { rows } = await compare(ask(asked("4", "")));
    expect(rows).to.deep.equal([
      [row("4"), cell("4", "新野")],
      [row("4"), cell("4", "新野县")],
    ]);
  });

  it("leaves the same records in both logs, which have neither the key nor what was compared", async () => {
    const { record } = await compare(ask(asked("2")));
    const { records, log } = world.provider.exchange;
    const opening = openingOf(record);
    const entries = await Promise.all([log.size - 2, log.size - 1].map((at) => records.find(at)));
    expect(entries.map((entry) => entry?.signed.record.kind)).to.deep.equal(["opening", "closing"]);
    expect(entries[0]?.id).to.equal(opening);
    const own = world.consumer.exchange;
    const last = await own.records.find(own.log.size - 1);
    expect(last?.id).to.equal(entries[1]?.id);
    expect(record.request).to.include({ way: "comparison", consumer: CONSUMER }).and.deep.include({ by: BY });
    const text = JSON.stringify(entries);
    for (const secret of [KEY, asked("2").rows, row("2")]) expect(text).to.not.include(secret);
  });

  it("counts against the grant's quota, and needs its fields", async () => {
    const once = await world.grant(FIELDS, { calls: 1 });
    await compare({ ...ask(asked("1")), grant: once });
    const refused = async (given: ComparisonAsk) => {
      const { rows, record } = await compare(given);
      expect(rows).to.deep.equal([]);
      return "reason" in record ? record.reason : undefined;
    };
    expect(await refused({ ...ask(asked("1")), grant: once })).to.equal("QUOTA_EXCEEDED");
    expect(await refused(ask(asked("1"), { fields: ["code", "id"] }))).to.equal("FIELD_NOT_GRANTED");
    expect(await refused(ask(asked("1"), { by: ["id"] })), "by a field not asked for").to.equal("SUBJECT_MISMATCH");
  });

  describe("asked otherwise than signed", () => {
    const parts = () => world.consumer.exchange.consumer.parts;
    /** What the provider's node says to a request that was changed after it was signed, at an address. */
    async function answered(path: string, change: (compared: ComparedRows) => ComparedRows, more: Partial<Ask> = {}) {
      const desk = world.consumer.exchange.consumer;
      const compared = asked("1");
      const signed = await desk.sign(world.officer.signer, {
        ...ask(compared),
        way: "comparison",
        road: "gateway",
        ...more,
      });
      const sent = { ...signed, compared: change(compared) };
      try {
        const frames: Frame[] = [];
        const stream = await parts().connections.post(PROVIDER, path, sent);
        for await (const frame of decodeFrames(stream as Readable, 2)) frames.push(frame);
        const [first] = frames;
        const { record } = parseDelivered((first as { json: unknown }).json).signed;
        return "reason" in record ? record.reason : record.result;
      } catch (error) {
        if (error instanceof ExchangeError) return String(error.details.code);
        throw error;
      }
    }

    it("other rows or another key than the officer signed: refused, on record", async () => {
      expect(await answered("/exchange/v1/comparison", (same) => same)).to.equal("opened");
      expect(await answered("/exchange/v1/comparison", () => asked("2"))).to.equal("SUBJECT_MISMATCH");
      expect(await answered("/exchange/v1/comparison", (same) => ({ ...same, key: randomDigest() }))).to.equal(
        "SUBJECT_MISMATCH",
      );
    });

    it("as a download, which would be of data: refused", async () => {
      expect(await answered("/exchange/v1/download", (same) => same)).to.equal("INVALID_INPUT");
      const download = { way: "download" } as const;
      expect(await answered("/exchange/v1/comparison", (same) => same, download)).to.equal("INVALID_INPUT");
    });

    it("as a look-up, by another road, or a look-up as a comparison: refused, on record", async () => {
      const { consumer } = world.consumer.exchange;
      const reasonOf = async (more: Partial<Ask>) => {
        const { signed } = (
          await consumer.access(world.officer.signer, { ...world.ask(grant, { fields: FIELDS }), ...more })
        ).filed;
        return "reason" in signed.record ? signed.record.reason : signed.record.result;
      };
      const subject = { code: "1" };
      expect(await reasonOf({ subject })).to.equal("served");
      expect(await reasonOf({ subject, by: BY })).to.equal("SUBJECT_MISMATCH");
      expect(await reasonOf({ subject, compared: asked("1") })).to.equal("SUBJECT_MISMATCH");
      const comparison = { way: "comparison", by: BY, compared: asked("1") } as const;
      expect(await reasonOf(comparison), "where look-ups are asked for").to.equal("SUBJECT_MISMATCH");
      expect(await reasonOf({ ...comparison, road: "file" })).to.equal("SUBJECT_MISMATCH");
      const { by: _by, ...unnamed } = comparison;
      expect(await reasonOf(unnamed)).to.equal("SUBJECT_MISMATCH");
    });

    it("by more rows than one comparison can have, or with anything but digests: refused", async () => {
      const tooMany = { key: KEY, rows: Buffer.alloc(16 * 100_001).toString("base64") };
      expect(await answered("/exchange/v1/comparison", () => tooMany)).to.equal("INVALID_INPUT");
      expect(await answered("/exchange/v1/comparison", () => ({ key: KEY, rows: "宛城" }))).to.equal("INVALID_INPUT");
    });
  });

  describe("with another side that is hostile", () => {
    /** What comes of a comparison whose answer is bent, with a closing that fits it, signed by the provider's node. */
    async function bent(change: (batch: ColumnBatch) => ColumnBatch, claims = (rows: number) => rows): Promise<string> {
      const desk = world.consumer.exchange.consumer;
      const connections: ProviderLink = {
        json: desk.parts.connections.json.bind(desk.parts.connections),
        post: async (...question) => {
          const frames: Frame[] = [];
          for await (const frame of decodeFrames(await desk.parts.connections.post(...question), COLUMNS.length)) {
            frames.push(frame);
          }
          const running = new RunningDigest(COLUMNS);
          const sent = frames.map((frame): Frame => {
            if (frame.$case === "record") return frame;
            const batch = frame.batch.rows === 0 ? frame.batch : change(frame.batch);
            if (batch.columns.length === COLUMNS.length) running.update(batch);
            return { $case: "batch", batch };
          });
          const { rows, root } = running.finish();
          const closing = parseDelivered((sent.at(-1) as { json: unknown }).json);
          const { nodeSigner } = await world.ledger.node(PROVIDER);
          const record = { ...closing.signed.record, rows: claims(rows), response: root } as SignedRecord["record"];
          const signed = { record, signature: await signStatement("access-record", record, nodeSigner) };
          const bentClosing: DeliveredRecord = { ...closing, signed };
          const all: Frame[] = [...sent.slice(0, -1), { $case: "record", json: bentClosing }];
          return Readable.from(
            all.flatMap((frame) =>
              frame.$case === "record" ? encodeRecordFrame(frame.json) : encodeBatchFrame(frame.batch),
            ),
          );
        },
      };
      try {
        const { rows } = await compare(ask(asked("1", "2")), new ConsumerDesk({ ...desk.parts, connections }));
        return `${rows.length} rows`;
      } catch (error) {
        if (!(error instanceof ExchangeError)) throw error;
        return error.code;
      }
    }
    const column = (...lines: string[]) => Buffer.from(lines.map((line) => `${line}\n`).join(""));
    const answer = (...rows: [string, string][]): ColumnBatch => ({
      rows: rows.length,
      columns: [column(...rows.map(([name]) => name)), column(...rows.map(([, value]) => value))],
    });

    it("honest: what is bent into itself passes", async () => {
      expect(await bent((batch) => batch)).to.equal("2 rows");
    });

    const LIES: [string, string, (batch: ColumnBatch) => ColumnBatch][] = [
      ["a row that was not asked for", "BAD_ANSWER", () => answer([row("3"), cell("3", null)])],
      ["values instead of digests", "BAD_ANSWER", () => answer([row("1"), "宛城"])],
      ["a missing digest", "BAD_ANSWER", () => answer([row("1"), "\\N"])],
      ["digests that are longer", "BAD_ANSWER", () => answer([row("1"), "A".repeat(1_000_000)])],
      [
        "more rows than the release has",
        "BAD_ANSWER",
        () => answer(...Array.from({ length: 7 }, (): [string, string] => [row("1"), cell("1", "x")])),
      ],
      ["a column more", "BAD_ANSWER", ({ rows, columns }) => ({ rows, columns: [...columns, ...columns.slice(1)] })],
      [
        "fewer cells than rows",
        "BAD_ANSWER",
        ({ rows, columns }) => ({
          rows,
          columns: [columns[0] as Uint8Array, column("AA", "A".repeat(22), "B".repeat(22))],
        }),
      ],
      // These it can say: whether they are true is its signed word.
      ["wrong digests", "2 rows", () => answer([row("1"), cell("1", "南阳")], [row("2"), cell("2", "南阳")])],
      ["one row twice", "2 rows", () => answer([row("1"), cell("1", "宛城")], [row("1"), cell("1", "宛城")])],
      ["no row", "0 rows", () => answer()],
    ];
    for (const [what, outcome, change] of LIES) {
      it(`${what}: ${outcome}`, async () => expect(await bent(change)).to.equal(outcome));
    }

    it("another number of rows on record than came: BAD_ANSWER", async () => {
      expect(
        await bent(
          (batch) => batch,
          (rows) => rows + 1,
        ),
      ).to.equal("BAD_ANSWER");
    });
  });

  it("whose digest the officer signs tells nothing without the access's key", () => {
    const compared = asked("1");
    expect(comparedDigest(randomDigest(), compared)).to.not.equal(comparedDigest(randomDigest(), compared));
  });

  describe("of a source that was changed", () => {
    it("fails on record, before anything is compared", async () => {
      await appendFile(world.file, "5,方城,g,x\n");
      const { rows, record } = await compare(ask(asked("1", "5")));
      expect(record).to.include({ result: "failed", reason: "SOURCE_DIFFERS" });
      expect(rows).to.deep.equal([]);
    });
  });
});
