import { expect } from "chai";
import { anchor, makeAuditor } from "../../audit/audit-world.js";
import { random, SEED } from "../../random.js";
import { type ExchangeWorld, makeExchangeWorld } from "../exchange-world.js";
import { CSV, KilledExchange } from "./killed-exchange.js";
import { STAGES, type Stage } from "./stages.js";
import { TurnProxy } from "./turn-proxy.js";

/** WANLIAN_KILL_ROUNDS=300 for the long run; WANLIAN_SEED to repeat one's choices. */
const ROUNDS = Number(process.env.WANLIAN_KILL_ROUNDS ?? 12);
/** Has no divisor with the number of stages. */
const STRIDE = 5;

describe(`an exchange, one side of it or both killed ${ROUNDS} times (seed ${SEED})`, () => {
  let world: ExchangeWorld;
  let proxy: TurnProxy;
  before(async () => {
    world = await makeExchangeWorld({ csv: CSV });
    proxy = await TurnProxy.listen();
  });
  after(async () => {
    await proxy.close();
    await world.remove();
  });

  it("comes up whole each time, with every access in both logs and nothing for an audit to find", async function () {
    this.timeout(ROUNDS * 10_000 + 30_000);
    const grant = await world.grant(["code", "name"], { calls: 1_000_000 });
    const auditor = await makeAuditor(world, "9100");
    const exchange = await KilledExchange.take(world, proxy, grant);
    try {
      await exchange.begin();
      const next = random(SEED);
      for (let round = 0; round < ROUNDS; round += 1) {
        // Each stage once before one comes again, and few rounds spread over all of them.
        const stage = STAGES[(round * STRIDE + SEED) % STAGES.length] as Stage;
        await exchange.round(stage, next, `round ${round}, ${stage.victim}: ${stage.name}`);
      }
    } finally {
      await exchange.end();
    }
    for (const side of [world.provider, world.consumer]) {
      await side.reopen();
      await anchor(world, side);
    }
    expect(await auditor.findings()).to.deep.equal([]);
    await exchange.checkKept();
  });
});
