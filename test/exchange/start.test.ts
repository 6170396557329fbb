import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { DepartmentExchange } from "@wanlian/client/running/department-exchange.js";
import { expect } from "chai";
import { type ExchangeWorld, makeExchangeWorld } from "./exchange-world.js";

describe("an exchange that cannot begin", () => {
  let world: ExchangeWorld;
  let other: Server;

  before(async () => {
    world = await makeExchangeWorld({ csv: "code,name\n1,a\n" });
    other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
  });

  after(async () => {
    other.close();
    await world.remove();
  });

  it("leaves nothing behind that runs or is held: once the port is free, it begins", async () => {
    const { provider } = world;
    const { options } = provider.exchange;
    await provider.exchange.close();
    const taken = `127.0.0.1:${(other.address() as AddressInfo).port}`;
    const intervals = countIntervals();
    const refusal = await DepartmentExchange.start({ ...options, listen: taken }).catch((error: unknown) => error);
    expect(refusal)
      .to.be.instanceOf(Error)
      .and.have.property("message")
      .that.matches(/EADDRINUSE/);
    expect(countIntervals(), "timers left running").to.equal(intervals);
    await provider.reopen();
  });
});

/** Timers that keep the process going. */
const countIntervals = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
