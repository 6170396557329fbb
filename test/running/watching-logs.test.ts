import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LogWitness } from "@wanlian/client/ledger-tree/log-witness.js";
import { OwedReceipts } from "@wanlian/client/ledger-tree/owed-receipts.js";
import { StandingAlarms } from "@wanlian/client/node/standing-alarms.js";
import { tellLateAnchors, watchLogs } from "@wanlian/client/running/logs/watching.js";
import { RELEASED } from "@wanlian/model/models.js";
import { expect } from "chai";
import { pino } from "pino";
import { anchor, rewriteLog } from "../audit/audit-world.js";
import {
  BUREAU,
  CONSUMER,
  type ExchangeWorld,
  makeExchangeWorld,
  PROVIDER,
  passTime,
  type Side,
} from "../exchange/exchange-world.js";

const logger = pino({ level: "silent" });

describe("honest nodes that watch the others' logs", () => {
  let world: ExchangeWorld;
  let dir: string;
  beforeEach(async function () {
    this.timeout(60_000);
    world = await makeExchangeWorld();
    dir = await mkdtemp(join(tmpdir(), "wanlian-watching-"));
    await access(2);
    await anchor(world, world.provider);
    await access(2);
  });
  afterEach(async () => {
    await world.remove();
    await rm(dir, { recursive: true });
  });

  async function access(count: number): Promise<void> {
    const grant = await world.grant(["code", "name"]);
    const { consumer, receipts } = world.consumer.exchange;
    for (let one = 0; one < count; one += 1)
      await consumer.access(world.officer.signer, world.ask(grant, { subject: { code: "0371" } }));
    await receipts.settled();
    await world.provider.exchange.log.publish();
  }

  const servicesOf = ({ exchange }: Side) => ({
    department: exchange.options.department,
    now: () => world.ledger.time,
    model: () => RELEASED.of(1) as never,
  });
  const told = (standing: StandingAlarms) =>
    standing
      .list()
      .map(({ kind, department }) => `${kind} ${department}`)
      .sort();

  /** The two that are honest, each with its own alarms. */
  async function watchers(): Promise<readonly { readonly witness: LogWitness; readonly standing: StandingAlarms }[]> {
    return await Promise.all(
      [world.consumer, world.bureau].map(async (side) => {
        const standing = new StandingAlarms(() => undefined);
        const { db, department } = side.exchange.options;
        const parts = { services: servicesOf(side), db, dir: join(dir), connections: side.exchange.connections };
        const witness = await watchLogs(
          { ...parts, dir: await mkdtemp(join(dir, department)), standing, logger },
          new OwedReceipts(),
        );
        return { witness, standing };
      }),
    );
  }
  const look = async (all: Awaited<ReturnType<typeof watchers>>) => {
    for (const { witness } of all) await witness.look();
    return all.map(({ standing }) => told(standing));
  };

  it("have no alarm while they grow, and all have it once one signs another log of the same size", async () => {
    const all = await watchers();
    expect(await look(all)).to.deep.equal([[], []]);
    await access(1);
    expect(await look(all)).to.deep.equal([[], []]);
    await rewriteLog(world.provider, (entries) => [...entries.slice(0, -2), ...entries.slice(-2).reverse()]);
    expect(await look(all)).to.deep.equal([[`TWO_LOGS ${PROVIDER}`], [`TWO_LOGS ${PROVIDER}`]]);
  });

  it("all have the alarm of a log that is not the one anchored, whoever saw it before", async () => {
    const all = await watchers();
    await rewriteLog(world.provider, (entries) => [...entries].reverse());
    expect(await look(all)).to.deep.equal([[`LOG_REWRITTEN ${PROVIDER}`], [`LOG_REWRITTEN ${PROVIDER}`]]);
  });

  it("all have the alarm of an anchor that is late or missing, until there is one again", async () => {
    const standing = [world.consumer, world.bureau].map((side) => ({
      side,
      alarms: new StandingAlarms(() => undefined),
    }));
    const at = async (time: string) => {
      await passTime(world, `2026-03-02T${time}Z`);
      for (const { side, alarms } of standing)
        await tellLateAnchors({ services: servicesOf(side), db: side.exchange.options.db, standing: alarms });
      const [one, other] = standing.map(({ alarms }) => told(alarms));
      expect(one, "every honest node says the same").to.deep.equal(other);
      return one;
    };
    expect(await at("03:00:00"), "two hours to the second").to.deep.equal([]);
    const others = [`NOT_ANCHORED ${BUREAU}`, `NOT_ANCHORED ${CONSUMER}`];
    expect(await at("03:00:01")).to.deep.equal([`ANCHOR_LATE ${PROVIDER}`, ...others]);
    await anchor(world, world.provider);
    await anchor(world, world.consumer);
    expect(await at("03:10:00")).to.deep.equal([`NOT_ANCHORED ${BUREAU}`]);
    expect(await at("06:00:00")).to.deep.equal([`ANCHOR_LATE ${PROVIDER}`, `ANCHOR_LATE ${CONSUMER}`, others[0]]);
  });
});
