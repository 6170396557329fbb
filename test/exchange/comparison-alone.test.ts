import { compareWithRelease } from "@wanlian/client/exchange/comparison/compare-with-release.js";
import type { Ask } from "@wanlian/client/exchange/consumer/consumer-desk.js";
import { downloadRelease } from "@wanlian/client/exchange/streams/release-download.js";
import { rowDigest } from "@wanlian/client/sheets/compared/keyed-digests.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { AccessRecord } from "@wanlian/verify/records/access-record.js";
import { type ComparedRows, randomDigest } from "@wanlian/verify/records/access-request.js";
import { expect } from "chai";
import { type ExchangeWorld, makeExchangeWorld } from "./exchange-world.js";

const FIELDS = ["code", "name"];
const KEY = randomDigest();
const compared: ComparedRows = {
  key: KEY,
  rows: rowDigest(Buffer.from(KEY, "hex"), ["0371"]).toString("base64"),
};

describe("a grant for comparison alone, at the provider's doors", () => {
  let world: ExchangeWorld;
  let grant: TransactionId;
  before(async () => {
    world = await makeExchangeWorld({ model: 2 });
    grant = await world.grant(FIELDS, { only: "comparison" });
  });
  after(() => world.remove());

  const reasonIn = (record: AccessRecord) => ("reason" in record ? record.reason : record.result);

  async function asked(more: Partial<Ask>, under = grant) {
    const ask = world.ask(under, { fields: FIELDS, subject: { code: "0371" }, ...more });
    const { filed, payload } = await world.consumer.exchange.consumer.access(world.officer.signer, ask);
    return { reason: reasonIn(filed.signed.record), payload };
  }
  async function streamed(parts: ReturnType<typeof downloadRelease>) {
    const batches = [];
    for await (const part of parts) {
      if (part.$case === "end") return { reason: reasonIn(part.filed.signed.record), batches: batches.length };
      batches.push(part.batch);
    }
    return expect.fail("no end");
  }
  const desk = () => world.consumer.exchange.consumer;

  for (const way of ["lookup", "verification"] as const) {
    it(`refuses a ${way}, on record, and gives nothing`, async () => {
      const { reason, payload } = await asked({ way });
      expect(reason).to.equal("COMPARISON_ONLY");
      expect(payload).to.equal(undefined);
      const whole = await world.grant(FIELDS);
      expect((await asked({ way }, whole)).reason, "the same under a grant without the limit").to.equal("served");
    });
  }

  it("refuses a download", async () => {
    const { subject: _, ...ask } = world.ask(grant, { fields: FIELDS, way: "download" });
    const told = await streamed(downloadRelease(desk(), world.officer.signer, ask));
    expect(told).to.deep.equal({ reason: "COMPARISON_ONLY", batches: 0 });
  });

  for (const road of ["file", "platform"] as const) {
    it(`refuses to file what went out by ${road}`, async () => {
      const { subject: _, ...ask } = world.ask(grant, { fields: FIELDS, way: "download", road });
      const { filed } = await desk().access(world.officer.signer, ask);
      expect(reasonIn(filed.signed.record)).to.equal("COMPARISON_ONLY");
    });
  }

  it("serves a comparison", async () => {
    const { way: _way, road: _road, ...rest } = world.ask(grant, { fields: FIELDS });
    const told = await streamed(compareWithRelease(desk(), world.officer.signer, { ...rest, by: ["code"], compared }));
    expect(told.reason).to.equal("served");
    expect(told.batches).to.be.above(0);
  });
});
