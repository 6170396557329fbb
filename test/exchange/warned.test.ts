import { listWarnings } from "@wanlian/client/warnings";
import { expect } from "chai";
import { CONSUMER, type ExchangeWorld, makeExchangeWorld } from "./exchange-world.js";

describe("unusual use between two nodes", () => {
  let world: ExchangeWorld;
  before(async () => {
    world = await makeExchangeWorld();
  });
  after(() => world.remove());

  const warned = async (side: "provider" | "consumer") => {
    const { db } = world[side].exchange.options;
    for (;;) {
      const { items } = await listWarnings(db, { shown: "all" }, {});
      if (items.length > 0) return items;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  it("is warned of at both: keys gone through that nobody has, by the provider's own eyes too", async () => {
    const grant = await world.grant(["code", "name"], { calls: 10_000 });
    const { consumer } = world.consumer.exchange;
    for (let key = 411_400; key < 411_435; key += 1) {
      await consumer.access(world.officer.signer, world.ask(grant, { way: "lookup", subject: { code: String(key) } }));
    }
    const [seen] = await warned("provider");
    expect(seen).to.include({ kind: "SCANNING", consumer: CONSUMER, officer: "" });
    expect(seen?.figures.empty).to.be.at.least(1);
    expect(seen?.figures.following).to.be.at.least(29);
    const [own] = await warned("consumer");
    expect(own, "who asked knows no more than its log says").to.deep.include({ kind: "SCANNING" });
    expect(own?.figures.asked).to.equal(0);
  });
});
