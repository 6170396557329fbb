import { Quotas } from "@wanlian/client/exchange/provider/quota.js";
import type { Instant, TransactionId } from "@wanlian/model/identifiers.js";
import type { GrantRead } from "@wanlian/model/reading.js";
import { expect } from "chai";

const START = "2026-03-02T00:00:00Z" as Instant;
const NEXT = "2026-03-03T00:00:00Z" as Instant;
const id = (name: string) => name as TransactionId;
const granted = (calls: number) => ({ frequency: { calls, per: "day" } }) as unknown as GrantRead;

describe("the calls that a grant has left", () => {
  it("are those that its node has not served in the period, from its own records on", async () => {
    const asked: string[] = [];
    const quotas = new Quotas(async (grant, from) => {
      asked.push(`${grant} ${from}`);
      return from === START ? 1 : 0;
    });
    const take = (start: Instant) => quotas.take(id("one"), granted(3), start);
    expect([await take(START), await take(START), await take(START)]).to.deep.equal([true, true, false]);
    expect(await take(NEXT), "the next day").to.equal(true);
    expect(await quotas.take(id("other"), granted(3), START), "another grant").to.equal(true);
    expect(asked, "once a period").to.deep.equal([`one ${START}`, `one ${NEXT}`, `other ${START}`]);
  });

  it("are not given twice to those who ask at once", async () => {
    const quotas = new Quotas(async () => 0);
    const taken = await Promise.all([1, 2, 3].map(() => quotas.take(id("one"), granted(2), START)));
    expect(taken.filter(Boolean)).to.have.length(2);
  });

  it("are asked for again where the records could not be read", async () => {
    let away = true;
    const quotas = new Quotas(async () => {
      if (away) throw new Error("the database is away");
      return 0;
    });
    const failed = await quotas.take(id("one"), granted(1), START).catch((error: Error) => error.message);
    expect(failed).to.equal("the database is away");
    away = false;
    expect(await quotas.take(id("one"), granted(1), START)).to.equal(true);
  });

  it("of 50,000 periods are kept in memory, and the oldest asked for anew beyond", async () => {
    let asked = 0;
    const quotas = new Quotas(async () => {
      asked += 1;
      return 0;
    });
    const take = (at: number) => quotas.take(id(String(at)), granted(9), START);
    for (let at = 0; at < 50_000; at += 1) await take(at);
    await take(0);
    expect(asked, "the first is there").to.equal(50_000);
    await take(50_000);
    await take(1);
    expect(asked, "the second is").to.equal(50_001);
    await take(0);
    expect(asked, "the first had to go").to.equal(50_002);
  });
});
