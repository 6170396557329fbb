import { Readable } from "node:stream";
import { type DeliveredRecord, parseDelivered } from "@wanlian/client/access/answer.js";
import { ExchangeError } from "@wanlian/client/core/exchange-error.js";
import { ConsumerDesk, type ProviderLink } from "@wanlian/client/exchange/consumer/consumer-desk.js";
import {
  decodeFrames,
  encodeBatchFrame,
  encodeRecordFrame,
  type Frame,
} from "@wanlian/client/exchange/streams/frames.js";
import { downloadRelease } from "@wanlian/client/exchange/streams/release-download.js";
import { type ColumnBatch, RunningDigest } from "@wanlian/client/sheets/index.js";
import type { Digest, TransactionId } from "@wanlian/model/identifiers.js";
import type { SignedRecord } from "@wanlian/verify/records/access-record.js";
import { signStatement } from "@wanlian/verify/records/statement.js";
import { expect } from "chai";
import { type ExchangeWorld, makeExchangeWorld, PROVIDER } from "./exchange-world.js";

const FIELDS = ["code", "name"];
const ROWS = 60_000;
const CSV = `code,name\n${Array.from({ length: ROWS }, (_, at) => `${at},name ${at}`).join("\n")}\n`;

/** What an honest provider sends: an opening, batches, a closing. */
interface Stream {
  readonly opening: DeliveredRecord;
  readonly batches: readonly ColumnBatch[];
  readonly closing: DeliveredRecord;
}

describe("a download from a provider that lies", () => {
  let world: ExchangeWorld;
  let grant: TransactionId;
  let earlier: Stream;
  /** Rows that the last download handed on before it ended. */
  let handedOn = 0;
  before(async () => {
    world = await makeExchangeWorld({ csv: CSV });
    grant = await world.grant(FIELDS);
    expect(await download((stream) => inOrder(stream))).to.equal("served");
  });
  after(() => world.remove());

  /** @returns how it ended, or why it was refused; then nothing was countersigned of what was refused */
  async function download(change: (stream: Stream) => Frame[] | Promise<Frame[]>): Promise<string> {
    const { parts } = world.consumer.exchange.consumer;
    const connections: ProviderLink = {
      json: parts.connections.json.bind(parts.connections),
      post: async (...question) => {
        const stream = await read(await parts.connections.post(...question));
        earlier ??= stream;
        return Readable.from((await change(stream)).flatMap(encode));
      },
    };
    const desk = new ConsumerDesk({ ...parts, connections });
    const ask = world.ask(grant, { way: "download", fields: FIELDS });
    handedOn = 0;
    try {
      for await (const part of downloadRelease(desk, world.officer.signer, ask)) {
        if (part.$case === "end") return part.filed.signed.record.result;
        handedOn += part.batch.rows;
      }
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      return `${error.code}: ${error.message}`;
    }
    return "no end";
  }

  async function read(answer: AsyncIterable<Uint8Array>): Promise<Stream> {
    const frames: Frame[] = [];
    for await (const frame of decodeFrames(answer, FIELDS.length)) frames.push(frame);
    const records = frames.flatMap((frame) => (frame.$case === "record" ? [parseDelivered(frame.json)] : []));
    const [opening, closing] = records as [DeliveredRecord, DeliveredRecord];
    return { opening, closing, batches: frames.flatMap((frame) => (frame.$case === "batch" ? [frame.batch] : [])) };
  }

  const encode = (frame: Frame) =>
    frame.$case === "record" ? encodeRecordFrame(frame.json) : encodeBatchFrame(frame.batch);
  const record = (json: DeliveredRecord): Frame => ({ $case: "record", json });
  const batch = (one: ColumnBatch): Frame => ({ $case: "batch", batch: one });
  const inOrder = ({ opening, batches, closing }: Stream) => [record(opening), ...batches.map(batch), record(closing)];

  /** Other batches, with a closing that fits them, signed by the provider's node. */
  async function with_(stream: Stream, batches: readonly ColumnBatch[]): Promise<Frame[]> {
    const running = new RunningDigest(FIELDS);
    for (const one of batches) running.update(one);
    const { rows, root } = running.finish();
    return await stating({ ...stream, batches }, { rows, response: root });
  }

  /** A closing that says something else of what came, signed by the provider's node. */
  async function stating(stream: Stream, stated: Partial<SignedRecord["record"]>): Promise<Frame[]> {
    const { nodeSigner } = await world.ledger.node(PROVIDER);
    const changed = { ...stream.closing.signed.record, ...stated } as SignedRecord["record"];
    const signed = { record: changed, signature: await signStatement("access-record", changed, nodeSigner) };
    return inOrder({ ...stream, closing: { ...stream.closing, signed } });
  }

  const first = ({ batches }: Stream): ColumnBatch => batches[0] as ColumnBatch;
  const text = (column: Uint8Array | undefined) => Buffer.from(column ?? []).toString();
  const bytes = (lines: string) => Buffer.from(lines);
  const withoutRow = ({ rows, columns }: ColumnBatch): ColumnBatch => ({
    rows: rows - 1,
    columns: columns.map((column) => bytes(text(column).replace(/^.*\n/, ""))),
  });

  const EMPTY: ColumnBatch = { rows: 0, columns: FIELDS.map(() => bytes("")) };

  const NOT_REGISTERED = 'BAD_ANSWER: column "code" is not the one that the release registered';
  const NOT_THE_RECORDS = "BAD_ANSWER: what came is not what the provider's record says of it";
  const TOO_MANY = `BAD_ANSWER: more rows than the ${ROWS} that the release has`;
  const TOO_EARLY = "BAD_ANSWER: data comes before its record";
  const TOO_LATE = "BAD_ANSWER: something follows the end";
  const NO_PLACE = "BAD_ANSWER: a record that has no place there";
  const OTHER_REQUEST = "BAD_ANSWER: the provider's record is of another request";
  const NO_END = `BROKEN_OFF: ${PROVIDER} ended the stream before its end`;
  const lies: [string, string, (stream: Stream) => Frame[] | Promise<Frame[]>][] = [
    ["a row fewer", NOT_REGISTERED, (s) => with_(s, [withoutRow(first(s)), ...s.batches.slice(1)])],
    [
      "other bytes",
      NOT_REGISTERED,
      (s) => {
        const { rows, columns } = first(s);
        const changed = { rows, columns: [bytes(text(columns[0]).replace("7", "8")), columns[1] as Uint8Array] };
        return with_(s, [changed, ...s.batches.slice(1)]);
      },
    ],
    [
      "columns in each other's place",
      NOT_REGISTERED,
      (s) =>
        with_(
          s,
          s.batches.map(({ rows, columns }) => ({ rows, columns: [...columns].reverse() })),
        ),
    ],
    ["batches in another order", NOT_REGISTERED, (s) => with_(s, [...s.batches].reverse())],
    ["a batch twice", TOO_MANY, (s) => with_(s, [first(s), ...s.batches])],
    ["another digest than that of what came", NOT_THE_RECORDS, (s) => inOrder({ ...s, batches: s.batches.slice(1) })],
    ["a record of fewer rows than came", NOT_THE_RECORDS, (s) => stating(s, { rows: ROWS - 1 })],
    ["a record of other data than came", NOT_THE_RECORDS, (s) => stating(s, { response: "ab".repeat(32) as Digest })],
    ["data before its opening", TOO_EARLY, (s) => [batch(first(s)), ...inOrder(s)]],
    ["nothing but a batch of no rows before its opening", TOO_EARLY, (s) => [batch(EMPTY), ...inOrder(s)]],
    ["data after its closing", TOO_LATE, (s) => [...inOrder(s), batch(first(s))]],
    ["nothing but a batch of no rows after its closing", TOO_LATE, (s) => [...inOrder(s), batch(EMPTY)]],
    ["rows without end", TOO_MANY, (s) => with_(s, Array.from({ length: 5 }, () => s.batches).flat())],
    ["a closing first", NO_PLACE, (s) => [record(s.closing), record(s.opening)]],
    ["an opening twice", NO_PLACE, (s) => [record(s.opening), ...inOrder(s)]],
    ["a closing twice", TOO_LATE, (s) => [...inOrder(s), record(s.closing)]],
    ["another stream's closing", NO_PLACE, (s) => inOrder({ ...s, closing: earlier.closing })],
    ["another stream's opening", OTHER_REQUEST, (s) => inOrder({ ...s, opening: earlier.opening })],
    ["no closing", NO_END, (s) => inOrder(s).slice(0, -1)],
    ["nothing", NO_END, () => []],
  ];
  for (const [what, why, change] of lies) {
    it(`is not taken for whole: ${what}`, async () => {
      expect(await download(change)).to.equal(why);
      expect(handedOn, "rows that the release does not have are not handed on").to.be.at.most(ROWS);
    });
  }

  it("is not countersigned where its columns are not the release's", async () => {
    const { log, missed } = world.consumer.exchange;
    // What the lies before left open.
    await missed.ask();
    const before = log.size;
    expect(await download((s) => with_(s, [withoutRow(first(s)), ...s.batches.slice(1)]))).to.equal(NOT_REGISTERED);
    await missed.ask();
    expect(log.size - before, "the opening alone").to.equal(1);
  });
});
