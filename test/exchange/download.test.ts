import { appendFile, writeFile } from "node:fs/promises";
import { ExchangeError } from "@wanlian/client/core/exchange-error.js";
import type { Ask } from "@wanlian/client/exchange/consumer/consumer-desk.js";
import { downloadRelease } from "@wanlian/client/exchange/streams/release-download.js";
import { decodeColumn } from "@wanlian/client/sheets/column.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import { type AccessRecord, openingOf } from "@wanlian/verify/records/access-record.js";
import { expect } from "chai";
import { CONSUMER, CSV, type ExchangeWorld, makeExchangeWorld, PROVIDER } from "./exchange-world.js";

/** Several batches, so that a stream has a middle. */
const ROWS = 20_000;
const NOTE = "x".repeat(1000);
const LARGE = `code,name,id,note\n${Array.from({ length: ROWS }, (_, i) => `${String(i).padStart(6, "0")},名称${i},${411302199001010000n + BigInt(i)},${NOTE}`).join("\n")}\n`;

describe("download of a release", () => {
  let world: ExchangeWorld;
  let grant: TransactionId;
  before(async () => {
    world = await makeExchangeWorld({ csv: LARGE, stallMs: 300, recheckMs: 0 });
    grant = await world.grant(["code", "name", "id"]);
  });
  after(() => world.remove());

  const ask = (more: Partial<Ask> = {}) => world.ask(grant, { way: "download", fields: ["id", "code"], ...more });

  interface Downloaded {
    readonly columns: (string | null)[][];
    readonly record: AccessRecord;
  }
  async function download(more: Partial<Ask> = {}, between?: () => Promise<unknown>): Promise<Downloaded> {
    const columns: (string | null)[][] = [];
    let record: AccessRecord | undefined;
    for await (const part of downloadRelease(world.consumer.exchange.consumer, world.officer.signer, ask(more))) {
      if (part.$case === "end") record = part.filed.signed.record;
      else
        for (const [at, column] of part.batch.columns.entries()) {
          columns[at] = (columns[at] ?? []).concat(decodeColumn(column));
        }
      if (part.$case === "batch") await between?.();
    }
    return { columns, record: record as AccessRecord };
  }
  async function failureOf(act: Promise<unknown>): Promise<string> {
    const error = await act.then(
      () => undefined,
      (cause: unknown) => cause,
    );
    expect(error).to.be.instanceOf(ExchangeError);
    return (error as ExchangeError).code;
  }
  /** The provider's closing record behind the opening at a position; waits for it. */
  async function closingAfter(position: number): Promise<AccessRecord> {
    const { log, records } = world.provider.exchange;
    while (log.size < position + 2) await new Promise((resolve) => setImmediate(resolve));
    return (await records.find(position + 1))?.signed.record as AccessRecord;
  }

  it("brings the granted columns whole, each with the digest that the release registered", async () => {
    const { columns, record } = await download();
    expect(columns[1]?.slice(0, 2)).to.deep.equal(["000000", "000001"]);
    expect(columns[0]?.[ROWS - 1]).to.equal("411302199001029999");
    expect(columns[0]).to.have.length(ROWS);
    expect(record).to.include({ kind: "closing", result: "served", rows: ROWS });
  });

  it("has an opening and a closing record in both logs, the same to the byte", async () => {
    const ends = (exchange: typeof world.provider.exchange) =>
      Promise.all([exchange.log.size - 2, exchange.log.size - 1].map((position) => exchange.records.find(position)));
    await download();
    const [provider, consumer] = await Promise.all([ends(world.provider.exchange), ends(world.consumer.exchange)]);
    expect(provider.map((found) => found?.id)).to.deep.equal(consumer.map((found) => found?.id));
    expect(provider.map((found) => found?.signed.record.kind)).to.deep.equal(["opening", "closing"]);
    expect(openingOf(provider[1]?.signed.record as AccessRecord)).to.equal(provider[0]?.id);
  });

  it("gives nothing of a field that was not granted", async () => {
    const { columns, record } = await download({ fields: ["code", "note"] });
    expect(columns).to.deep.equal([]);
    expect(record).to.include({ kind: "access", result: "refused", reason: "FIELD_NOT_GRANTED" });
  });

  it("ends as soon as the grant is found suspended", async () => {
    const own = await world.grant(["code"]);
    let suspended = false;
    const { record, columns } = await download({ grant: own, fields: ["code"] }, async () => {
      if (suspended) return;
      suspended = true;
      const body = { reasons: { digest: "cd".repeat(32) } };
      await world.act(world.steward, { noun: "application", case: own, type: "suspend", body });
    });
    expect(record).to.include({ kind: "closing", result: "stopped", reason: "GRANT_SUSPENDED" });
    expect(columns[0]?.length, "some had gone out before").to.be.within(1, ROWS - 1);
    expect(record.rows).to.equal(columns[0]?.length);
  });

  describe("from a provider that goes on although the grant has ended", () => {
    /** @param end whether it ends at all, once the first batch is here */
    async function rowsHandedOut(end: boolean): Promise<{ rows: number; failure: string | undefined }> {
      const own = await world.grant(["code"]);
      const { view } = world.provider;
      view.pretended.set(own, (await view.head("application", own)) ?? expect.fail("no grant"));
      const wanted = ask({ grant: own, fields: ["code"] });
      let rows = 0;
      const failure = await (async () => {
        for await (const part of downloadRelease(world.consumer.exchange.consumer, world.officer.signer, wanted, 0)) {
          if (part.$case !== "batch") continue;
          if (end && rows === 0) {
            const body = { reasons: { digest: "cd".repeat(32) } };
            await world.act(world.steward, { noun: "application", case: own, type: "suspend", body });
          }
          rows += part.batch.rows;
        }
      })().then(
        () => undefined,
        (error: unknown) => (error instanceof ExchangeError ? `${error.code} ${error.message}` : String(error)),
      );
      view.pretended.clear();
      return { rows, failure };
    }

    it("hands out nothing more of what is on its way", async () => {
      const { rows, failure } = await rowsHandedOut(true);
      expect(failure).to.match(/does not hold any more: GRANT_SUSPENDED/);
      expect(rows).to.be.within(1, ROWS - 1);
    });

    it("hands out all of it while the grant stands", async () => {
      expect(await rowsHandedOut(false)).to.deep.equal({ rows: ROWS, failure: undefined });
    });
  });

  it("says that a source changed while it was read, and that one is not what was registered", async () => {
    const changed = await download({}, () => writeFile(world.file, LARGE));
    expect(changed.record).to.include({ result: "failed", reason: "SOURCE_CHANGED" });
    await appendFile(world.file, "999999,x,1,x\n");
    const differs = await download();
    expect(differs.record).to.include({ result: "failed", reason: "SOURCE_DIFFERS" });
    await writeFile(world.file, CSV.replace("name", "title"));
    const broken = await download({ fields: ["name"] });
    expect(broken.record).to.include({ result: "failed", reason: "SOURCE_FAILED", rows: 0 });
    await writeFile(world.file, LARGE);
  });

  it("puts on record that the consumer went away, or stopped reading", async () => {
    const { log } = world.provider.exchange;
    let before = log.size;
    for await (const part of downloadRelease(world.consumer.exchange.consumer, world.officer.signer, ask())) {
      expect(part.$case).to.equal("batch");
      break;
    }
    expect(await closingAfter(before)).to.include({ result: "failed", reason: "CONSUMER_GONE" });

    before = log.size;
    const all = await world.grant(["code", "name", "id", "note"]);
    const signed = await world.consumer.exchange.consumer.sign(
      world.officer.signer,
      ask({ grant: all, fields: ["note", "name"] }),
    );
    const answer = await world.consumer.exchange.connections.post(PROVIDER, "/exchange/v1/download", signed);
    answer.pause();
    const closing = await closingAfter(before);
    answer.destroy();
    expect(closing).to.include({ result: "failed", reason: "CONSUMER_STALLED" });
    expect(closing.rows, "not all went out").to.be.lessThan(ROWS);
  });

  it("is not taken for whole when the connection breaks in the middle", async () => {
    const broken = download({}, async () => world.consumer.exchange.connections.close());
    expect(await failureOf(broken)).to.equal("BROKEN_OFF");
    expect((await download()).record.result).to.equal("served");
  });

  it("is not asked of a node whose certificate is another department's", async () => {
    const address = world.addresses.get(PROVIDER) as string;
    world.addresses.set(PROVIDER, world.addresses.get(CONSUMER) as string);
    world.consumer.exchange.connections.close();
    const failure = await download().catch((error: unknown) => error);
    world.addresses.set(PROVIDER, address);
    expect(failure).to.have.property("code", "UNREACHABLE");
    expect(String(failure)).to.include(`not one of ${PROVIDER}`);
  });
});
