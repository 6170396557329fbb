import { randomDigest } from "@wanlian/verify/records/access-request.js";
import { expect } from "chai";
import { CONSUMER, type ExchangeWorld, makeExchangeWorld } from "../exchange/exchange-world.js";
import { anchor, makeAuditor } from "./audit-world.js";

/** More than wait for the other side's log at a time. */
const FORGED = 8_500;
/** So many of a kind are told one by one. */
const TOLD = 1_000;

describe("an audit of a log with more forged records than can wait for the other side's", () => {
  let world: ExchangeWorld;
  before(async function () {
    this.timeout(120_000);
    world = await makeExchangeWorld();
  });
  after(() => world.remove());

  it("finds every one of them, counts all and tells a thousand", async function () {
    this.timeout(120_000);
    const ask = world.ask(await world.grant(["code", "name"]), { subject: { code: "0371" } });
    const { filed } = await world.consumer.exchange.consumer.access(world.officer.signer, ask);
    await world.consumer.exchange.receipts.settled();
    const { record, signature } = filed.signed;
    // The signature is that of another record: nobody has to make eight thousand.
    const forged = Array.from({ length: FORGED }, () => ({ record: { ...record, nonce: randomDigest() }, signature }));
    await Promise.all(forged.map((one) => world.consumer.exchange.records.append(one)));
    for (const side of [world.provider, world.consumer]) await anchor(world, side);
    const auditor = await makeAuditor(world, "9100");
    const told: string[] = [];
    let counted: unknown;
    for await (const event of auditor.events({ show: "findings" })) {
      if (event.kind === "finding") told.push(`${event.finding.kind} ${event.finding.department}`);
      if (event.kind === "end") counted = event.found;
    }
    expect(counted).to.deep.equal([{ kind: "RECORD_FORGED", department: CONSUMER, count: FORGED }]);
    expect(new Set(told)).to.deep.equal(new Set([`RECORD_FORGED ${CONSUMER}`]));
    expect(told).to.have.length(TOLD);
  });
});
