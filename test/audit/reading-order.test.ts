import { furthestBehind } from "@wanlian/client/audit/comparison/reading-order.js";
import type { MspId } from "@wanlian/model/identifiers.js";
import { expect } from "chai";
import { CONSUMER, makeExchangeWorld, PROVIDER } from "../exchange/exchange-world.js";
import { anchor, makeAuditor } from "./audit-world.js";

describe("logs that are gone through side by side", () => {
  it("are each read on when they are furthest behind: by the ledger's time, then by what was read of that time", () => {
    const [early, late] = ["2026-03-02T01:00:00Z", "2026-03-02T01:05:00Z"];
    const log = (name: string, time: string, sinceTime: number) => ({ name, time, sinceTime });
    const [a, b, c] = [log("a", early, 2), log("b", early, 1), log("c", late, 0)];
    expect(furthestBehind([a, b, c])?.name).to.equal("b");
    expect(furthestBehind([a, c])?.name).to.equal("a");
    expect(furthestBehind([c, log("begun", "", 0)])?.name).to.equal("begun");
    expect(furthestBehind([])).to.equal(undefined);
  });

  it("stay side by side in a time of the ledger that has any number of records, so that none is verified twice", async () => {
    const world = await makeExchangeWorld();
    try {
      const grant = await world.grant(["code", "name"]);
      for (let at = 0; at < 12; at += 1) {
        const ask = world.ask(grant, { subject: { code: "0371" } });
        await world.consumer.exchange.consumer.access(world.officer.signer, ask);
      }
      await world.consumer.exchange.receipts.settled();
      for (const side of [world.provider, world.consumer]) await anchor(world, side);
      const read = new Map<MspId, number>([PROVIDER, CONSUMER].map((department) => [department as MspId, 0]));
      let furthest = 0;
      const { run } = await makeAuditor(world, "9102", [PROVIDER, CONSUMER], (honest) => ({
        json: (...asked) => honest.json(...asked),
        get: (...asked) => honest.get(...asked),
        bytes: async (to, path, body, bounds) => {
          const { from, most } = body as { readonly from: number; readonly most?: number };
          if (path === "/audit/v1/entries") read.set(to, Math.max(read.get(to) ?? 0, from));
          const [one = 0, other = 0] = read.values();
          furthest = Math.max(furthest, Math.abs(one - other));
          return await honest.bytes(to, path, { ...(body as object), most: most && 1 }, bounds);
        },
      }));
      expect((await run()).findings).to.deep.equal([]);
      expect([...read.values()], "all of it, one by one").to.deep.equal([12, 12]);
      // One page is told, one judged, and one on its way.
      expect(furthest).to.be.at.most(4);
    } finally {
      await world.remove();
    }
  });
});
