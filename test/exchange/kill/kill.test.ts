import { expect } from "chai";
import { anchor, makeAuditor } from "../../audit/audit-world.js";
import { random } from "../../random.js";
import { CONSUMER, type ExchangeWorld, makeExchangeWorld } from "../exchange-world.js";
import { KilledExchange } from "./killed-exchange.js";
import { STAGES, type Stage } from "./stages.js";
import { TurnProxy } from "./turn-proxy.js";

/** WANLIAN_KILL_ROUNDS=300 for the long run; WANLIAN_SEED to repeat one's choices. */
const ROUNDS = Number(process.env.WANLIAN_KILL_ROUNDS ?? 30);
const SEED = Number(process.env.WANLIAN_SEED ?? Date.now() % 1_000_000);
/** Some four million bytes, so that a stream has a middle. */
const ROWS = 20_000;
const CSV = `code,name\n${Array.from({ length: ROWS }, (_, i) => `${String(i).padStart(6, "0")},${"名".repeat(66)}`).join("\n")}\n`;

describe(`an exchange, one side of it killed ${ROUNDS} times (seed ${SEED})`, () => {
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

  it("comes up whole each time, with every answered access in both logs, and just those gaps that the kill left", async function () {
    this.timeout(ROUNDS * 10_000 + 30_000);
    const grant = await world.grant(["code", "name"], { calls: 1_000_000 });
    const auditor = await makeAuditor(world, "9100");
    const exchange = await KilledExchange.take(world, proxy, grant);
    try {
      await exchange.begin();
      const next = random(SEED);
      for (let round = 0; round < ROUNDS; round += 1) {
        // Each stage once before one comes again.
        const stage = STAGES[(round + (SEED % STAGES.length)) % STAGES.length] as Stage;
        await exchange.round(stage, next, `round ${round}, ${stage.victim}: ${stage.name}`);
      }
    } finally {
      await exchange.end();
    }
    for (const side of [world.provider, world.consumer]) {
      await side.reopen();
      await anchor(world, side);
    }
    const { findings } = await auditor.run();
    expect(findings.map(({ kind, department, record }) => `${kind} ${department} ${record}`).sort()).to.deep.equal(
      [...exchange.lost().map((record) => `NOT_COUNTERSIGNED ${CONSUMER} ${record}`)].sort(),
    );
    await exchange.checkKept();
  });
});
