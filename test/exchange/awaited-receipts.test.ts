import { rm } from "node:fs/promises";
import { join } from "node:path";
import { AwaitedReceipts } from "@wanlian/client/exchange/receipts/awaited-receipts.js";
import { OpenPositions } from "@wanlian/client/exchange/receipts/open-positions.js";
import type { Digest, Instant, TransactionId } from "@wanlian/model/identifiers.js";
import type { PolicyState } from "@wanlian/model/model-1/policy/policy-schema.js";
import { addSeconds } from "@wanlian/model/time/instant.js";
import { type AccessRecord, reasonOf } from "@wanlian/verify/records/access-record.js";
import { expect } from "chai";
import fc from "fast-check";
import { BUREAU, CONSUMER, type ExchangeWorld, makeExchangeWorld, PROVIDER, passTime } from "./exchange-world.js";

describe("a consumer that does not countersign", () => {
  let world: ExchangeWorld;
  let grant: TransactionId;
  beforeEach(async () => {
    world = await makeExchangeWorld();
    grant = await world.grant(["code", "name"]);
  });
  afterEach(() => world.remove());

  /** With altered software: it takes the answer, and neither logs nor countersigns it. */
  async function take(): Promise<string> {
    const { consumer, connections } = world.consumer.exchange;
    const signed = await consumer.sign(world.officer.signer, world.ask(grant, { subject: { code: "0371" } }));
    const answer = await connections.json(PROVIDER, "/exchange/v1/access", signed);
    const { record } = (answer as { record: { signed: { record: AccessRecord } } }).record.signed;
    return reasonOf(record) ?? record.result;
  }
  /** As its own software does it. */
  async function access(): Promise<string> {
    const ask = world.ask(grant, { subject: { code: "0371" } });
    const { filed } = await world.consumer.exchange.consumer.access(world.officer.signer, ask);
    await world.consumer.exchange.receipts.settled();
    return reasonOf(filed.signed.record) ?? filed.signed.record.result;
  }
  const missing = (before: string) => world.provider.exchange.awaited.missing(before as Instant);
  const asks = async (countersigning: object | undefined) => {
    const { view } = world.provider;
    const policy = (await view.head("policy", "policy")) ?? expect.fail("no policy");
    const state = policy.state as PolicyState;
    const versions = state.versions.map((one) => ({ ...one, rules: { ...one.rules, countersigning } }));
    view.pretended.set("policy", { ...policy, state: { ...state, versions } as typeof state });
  };

  it("is seen by its provider, how many records and since when; one that does is not", async () => {
    expect(await access()).to.equal("served");
    expect(missing("2027-01-01T00:00:00Z")).to.deep.equal([]);
    for (const _ of [1, 2]) expect(await take()).to.equal("served");
    const { time } = world.provider.view.position();
    expect(missing("2027-01-01T00:00:00Z")).to.deep.equal([{ consumer: CONSUMER, records: 2, oldest: time }]);
    expect(missing(time), "what is in time is not told").to.deep.equal([]);
    await world.provider.restart();
    expect(missing("2027-01-01T00:00:00Z")[0], "nor is it forgotten").to.include({ records: 2, oldest: time });
  });

  it("is served on where the policy asks nothing of it", async () => {
    for (const _ of [1, 2, 3]) await take();
    await passTime(world, "2026-03-02T03:00:00Z");
    expect(await take()).to.equal("served");
  });

  it("is cut off where the policy says so, on the record, and served again once it has countersigned", async () => {
    await asks({ withinMinutes: 10, atMost: 2 });
    for (const _ of [1, 2]) expect(await take()).to.equal("served");
    await passTime(world, "2026-03-02T01:05:00Z");
    expect(await take()).to.equal("served");
    await passTime(world, "2026-03-02T01:11:00Z");
    expect(await take(), "two are late, which the policy allows").to.equal("served");
    await passTime(world, "2026-03-02T01:16:00Z");
    expect(await take()).to.equal("RECEIPTS_MISSING");
    expect(await access(), "its honest officers too").to.equal("RECEIPTS_MISSING");
    await catchUp();
    expect(missing("2027-01-01T00:00:00Z")).to.deep.equal([]);
    expect(await take()).to.equal("served");
  });

  it("is asked for what its provider's disk lost of it, which it has too", async () => {
    for (const _ of [1, 2, 3]) expect(await access()).to.equal("served");
    const { dir } = world.provider.exchange.options;
    const kept = [0, 1, 2].map((position) => world.provider.exchange.vault.read(position).receipt);
    await world.provider.exchange.close();
    await rm(join(dir, "keys"));
    await world.provider.reopen();
    await world.provider.exchange.fetched();
    expect([0, 1, 2].map((position) => world.provider.exchange.vault.read(position).receipt)).to.deep.equal(kept);
    expect(kept).not.to.include(undefined);
    expect(missing("2027-01-01T00:00:00Z")).to.deep.equal([]);
  });

  it("gives its countersignatures to nobody but the provider of the record", async () => {
    expect(await access()).to.equal("served");
    const id = (await world.provider.exchange.records.find(0))?.id;
    const ask = (side: typeof world.provider) =>
      side.exchange.connections.json(CONSUMER, "/exchange/v1/countersignatures", { records: [id] });
    expect(await ask(world.provider)).to.have.nested.property("receipts[0].record", id);
    expect(await ask(world.bureau)).to.deep.equal({ receipts: [] });
  });

  /** The records that it left out, countersigned after all. */
  async function catchUp(): Promise<void> {
    const { log, records } = world.provider.exchange;
    const { receipts, connections, options } = world.consumer.exchange;
    const certificate = Buffer.from(options.nodeSigner.certificate).toString("utf8");
    for (let position = 0; position < log.size; position += 1) {
      const id = (await records.find(position))?.id as Digest;
      const { signature } = await receipts.countersign(id);
      const body = { receipts: [{ record: id, position, signature, certificate }] };
      expect(await connections.json(PROVIDER, "/exchange/v1/receipts", body)).to.deep.equal({ refused: [] });
    }
  }
});

describe("receipts that are awaited", () => {
  const at = (minute: number) => `2026-03-02T01:${String(minute).padStart(2, "0")}:00Z` as Instant;
  const awaited = (...minutes: number[]) => {
    const made = new AwaitedReceipts();
    for (const [position, minute] of minutes.entries()) {
      const record = { request: { consumer: CONSUMER }, checked: { time: at(minute) } };
      made.await({ position, signed: { record } } as unknown as Parameters<AwaitedReceipts["await"]>[0]);
    }
    return made;
  };

  it("count from before an instant, one consumer apart from another", () => {
    const made = awaited(1, 2, 3);
    expect(made.isBehind(CONSUMER, at(3), 1)).to.equal(true);
    expect(made.isBehind(CONSUMER, at(3), 2), "as many as are allowed").to.equal(false);
    expect(made.isBehind(CONSUMER, at(2), 1), "in time").to.equal(false);
    expect(made.isBehind(BUREAU, at(9), 0)).to.equal(false);
    made.settle(BUREAU, 0);
    expect(made.isBehind(CONSUMER, at(3), 1), "another's receipt changes nothing").to.equal(true);
    made.settle(CONSUMER, 0);
    expect(made.isBehind(CONSUMER, at(3), 1)).to.equal(false);
    expect(made.missing(at(9))).to.deep.equal([{ consumer: CONSUMER, records: 2, oldest: at(2) }]);
  });

  it("are all remembered, however many, in a bit each, and found again by whoever starts anew", async () => {
    const MANY = 1_000_000;
    const made = new AwaitedReceipts();
    const record = { request: { consumer: CONSUMER }, checked: { time: at(1) } };
    const before = process.memoryUsage();
    for (let position = 0; position < MANY; position += 1) {
      made.await({ position, signed: { record } } as unknown as Parameters<AwaitedReceipts["await"]>[0]);
    }
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    expect(heapUsed + arrayBuffers - before.heapUsed - before.arrayBuffers, "bytes").to.be.below(20e6);
    expect(made.missing(at(9))).to.deep.equal([{ consumer: CONSUMER, records: MANY, oldest: at(1) }]);
    for (let position = 0; position < MANY - 3; position += 1) made.settle(CONSUMER, position);
    expect(made.missing(at(9))[0]).to.include({ records: 3 });

    const open = new Set([...made.all()].flatMap(([, positions]) => [...positions]));
    expect([...open]).to.deep.equal([MANY - 3, MANY - 2, MANY - 1]);
    const anew = new AwaitedReceipts();
    const rows = [...open, 7].map((position) => ({ position, consumer: CONSUMER, time: at(1) }));
    await anew.takeUp(PROVIDER, {
      size: MANY,
      vault: {
        read: (position) => ({ key: undefined, receipt: open.has(position) ? undefined : ({} as never) }),
        withoutReceipt: (from, to) => [...open].filter((position) => from <= position && position < to),
      },
      index: { given: async (_, from) => rows.filter(({ position }) => position >= from) },
    });
    expect(anew.missing(at(9))).to.deep.equal(made.missing(at(9)));
  });

  it("are counted like a plain list of them, in whatever order they come and go", () => {
    const step = fc.record({ position: fc.nat(5000), is: fc.constantFrom("open", "closed") });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.nat(6000), fc.nat(20), (steps, before, most) => {
        const positions = new OpenPositions();
        const plain = new Set<number>();
        const timeOf = (position: number) => addSeconds(at(0), Math.floor(position / 1000) * 1000);
        for (const { position, is } of steps.toSorted((a, b) => (a.is === b.is ? 0 : a.is === "open" ? -1 : 1))) {
          if (is === "open") plain.add(position);
          else plain.delete(position);
        }
        const opened = steps.filter(({ is }) => is === "open").map(({ position }) => position);
        for (const position of opened.toSorted((a, b) => a - b)) positions.open(position, timeOf(position));
        for (const { position, is } of steps) if (is === "closed") positions.close(position);
        const inOrder = [...plain].sort((a, b) => a - b);
        expect([...positions.positions()]).to.deep.equal(inOrder);
        const instant = addSeconds(at(0), before);
        const early = inOrder.filter((position) => timeOf(position) < instant);
        expect(positions.countBefore(instant)).to.equal(early.length);
        expect(positions.countBefore(instant, most)).to.equal(Math.min(most, early.length));
        const [first] = inOrder;
        expect(positions.oldest()).to.equal(first === undefined ? undefined : timeOf(first));
      }),
    );
  });
});
