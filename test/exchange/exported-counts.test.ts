import type { Request } from "@wanlian/client/api/operation.js";
import { countOperations } from "@wanlian/client/api/operations/access/counts.js";
import { officersExchange } from "@wanlian/client/running/desks/officers-exchange.js";
import { expect } from "chai";
import { type ExchangeWorld, makeExchangeWorld, type Side } from "./exchange-world.js";

describe("the sheet of accesses", () => {
  let world: ExchangeWorld;

  before(async () => {
    world = await makeExchangeWorld();
    const grant = await world.grant(["code", "name"]);
    await world.consumer.exchange.consumer.access(
      world.officer.signer,
      world.ask(grant, { subject: { code: "0371" } }),
    );
  });
  after(() => world.remove());

  async function sheetOf(side: Side): Promise<string> {
    const operations = countOperations(() => officersExchange(side.exchange, side.view.honest));
    const operation = operations.find(({ id }) => id === "exportAccessCounts") ?? expect.fail("there is no sheet");
    // It reads what was asked for and the reader's language, and nothing else of a request.
    const request: Pick<Request, "query" | "language"> = { query: {}, language: "en" };
    const { stream } = await operation.handle(request as Request);
    const parts: Buffer[] = [];
    for await (const part of stream ?? []) parts.push(Buffer.from(part));
    return Buffer.concat(parts).toString("utf8");
  }

  it("has both parties' accesses at their nodes and none of them at a third, and never what was looked up", async () => {
    const sheets = { provider: await sheetOf(world.provider), consumer: await sheetOf(world.consumer) };
    for (const [who, text] of Object.entries(sheets)) {
      expect(text.trim().split("\r\n").length, who).to.equal(2);
      expect(text, who)
        .to.include("3001")
        .and.not.match(/0371|宛城区/);
    }
    const third = await sheetOf(world.bureau);
    expect(third.trim().split("\r\n").length).to.equal(1);
    expect(third).not.to.include("3001");
  });
});
