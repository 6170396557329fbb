import type { Act } from "@wanlian/model/kernel/act.js";
import { encodeActKey } from "@wanlian/model/kernel/key.js";
import { type Desk, type Filed, refusalCode } from "@wanlian/scripts/host/desk.js";
import { basisOf } from "@wanlian/scripts/story/basis.js";
import type { HeldTransaction } from "@wanlian/scripts/story/operator.js";
import { expect } from "chai";
import { onEveryNetwork, PILOT_START_MS } from "../pilot/shared.js";
import type { RunningPilot } from "../pilot/shared-pilot.js";
import { Attacker, type Writing } from "./attacker.js";
import { conditionalEntry } from "./catalogue-entry.js";

/** k of six founders is four. */
const COLLUDERS = ["StatisticsMSP", "HrssMSP", "PoliceMSP", "HealthMSP"];
const ROUNDS = 5;
/** Numbers of the clock's case that one transaction takes, and keys that it writes elsewhere. */
const SQUATTED = 10_001;

/** Trust: what keeps others' acts off the ledger. Stale envelopes do not, and numbers that void acts took do not. */
onEveryNetwork("attacks › crowding out", function (shared) {
  this.timeout(120_000);
  let pilot: RunningPilot;
  let attacker: Attacker;
  let administrator: Desk;

  before(async function () {
    this.timeout(PILOT_START_MS);
    pilot = await shared.opened();
    attacker = new Attacker(pilot);
    administrator = await pilot.desk("BureauMSP", "administrator");
  });

  async function tick(): Promise<Filed> {
    const { case: clock } = await administrator.get<{ case: { state: { time: string } } }>("clock");
    const time = new Date(Date.parse(clock.state.time) + 1000).toISOString().replace(".000", "");
    return administrator.file("clock/tick", { time });
  }

  /** A motion by a department's administrator, endorsed by every peer. */
  async function motion(mspId: string, subject: string): Promise<HeldTransaction> {
    const desk = await pilot.desk(mspId, "administrator");
    const consortium = await standing(desk, "consortium");
    const basis = await basisOf(desk, [{ noun: "member", case: mspId }]);
    const input = {
      case: "consortium",
      body: { kind: "admit", subject, name: subject },
      basis: [consortium, ...basis],
    };
    const operator = await attacker.operator(mspId, "administrator");
    const peers = pilot.mspIds.map((peer) => pilot.peer(peer));
    return operator.prepare(peers, "consortium:propose", [JSON.stringify(input)]);
  }

  /** Where a single case stands, also before its first act. */
  async function standing(desk: Desk, noun: "consortium"): Promise<object> {
    try {
      const [entry] = await basisOf(desk, [{ noun, case: noun }]);
      return entry ?? {};
    } catch (error) {
      if (refusalCode(error) !== "NO_SUCH_CASE") throw error;
      return { noun, case: noun, act: 0, next: 1 };
    }
  }

  it("by stale envelopes for the same number: the honest act in the same block counts, five times of five", async () => {
    const thief = await attacker.operator("StatisticsMSP", "administrator");
    const honest = await attacker.operator("CivilMSP", "administrator");
    const steward = await pilot.desk("StatisticsMSP", "administrator");
    let together = 0;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const stale = [
        await motion("StatisticsMSP", `Stale${round}aMSP`),
        await motion("StatisticsMSP", `Stale${round}bMSP`),
      ];
      const officers = { head: `77${round}`, deputy: "702", stewards: ["703"], name: "统计局", level: "municipal" };
      await steward.file("members/StatisticsMSP/update", officers);
      const wanted = await motion("CivilMSP", `Wanted${round}MSP`);
      await pilot.folded("CivilMSP", 0);
      const [first, second] = stale.map((held) => thief.submit(held, pilot.peer("StatisticsMSP")));
      const counted = await honest.submit(wanted, pilot.peer("CivilMSP"));
      const fates = [await first, await second];
      expect(counted.code, `round ${round}`).to.equal("VALID");
      for (const fate of fates) expect(fate?.code).to.equal("PHANTOM_READ_CONFLICT");
      if (fates.some((fate) => fate?.block === counted.block)) together += 1;
      await pilot.foldedEverywhere(counted.block);
      const withdrawal = { motion: await motionOn(`Wanted${round}MSP`) };
      const withdrawn = await (await pilot.desk("CivilMSP", "administrator")).file("consortium/withdraw", withdrawal);
      await pilot.foldedEverywhere(withdrawn.block);
    }
    expect(together, "stale and honest met in one block").to.be.greaterThan(0);
  });

  async function motionOn(subject: string): Promise<number> {
    const desk = await pilot.desk("CivilMSP", "administrator");
    type Sitting = { case: { state: { motions: { number: number; subject: string }[] } } };
    const { case: found } = await desk.get<Sitting>("consortium");
    return found.state.motions.find((open) => open.subject === subject)?.number ?? 0;
  }

  it("by ten thousand numbers of the clock in one transaction: the next tick goes past them all", async () => {
    const { case: clock } = await administrator.get<{ case: { next: number } }>("clock");
    const squatting: Writing = (transaction) => ({
      writes: Array.from({ length: SQUATTED }, (_, at) => ({
        key: encodeActKey({ noun: "clock", case: "clock", number: clock.next + at }, transaction),
        value: Buffer.from("x"),
      })),
    });
    const { identity } = await attacker.officer("StatisticsMSP", "steward");
    const fate = await attacker.write(identity, COLLUDERS, squatting);
    expect(fate.code).to.equal("VALID");
    await pilot.foldedEverywhere(fate.block);
    const ticked = await tick();
    expect(ticked.number).to.equal(clock.next + SQUATTED);
    const civil = await pilot.desk("CivilMSP", "steward");
    expect((await civil.file("datasets", conditionalEntry("after-squatting"))).number).to.equal(1);
  });

  it("by keys in a number's range that are no act's: the number is used up, and the case goes on", async () => {
    const { case: clock } = await administrator.get<{ case: { next: number } }>("clock");
    const range = encodeActKey({ noun: "clock", case: "clock", number: clock.next } as Act, "0".repeat(64) as never);
    const key = `${range.slice(0, range.indexOf("0".repeat(64)))}in the way`;
    const { identity } = await attacker.officer("StatisticsMSP", "steward");
    const fate = await attacker.write(identity, COLLUDERS, { writes: [{ key, value: Buffer.from("x") }] });
    expect(fate.code).to.equal("VALID");
    await pilot.foldedEverywhere(fate.block);
    expect((await tick()).number).to.equal(clock.next + 1);
  });

  it("by keys of ten thousand cases: every node takes the block in, and goes on", async () => {
    const foreign: Writing = (transaction) => ({
      writes: Array.from({ length: SQUATTED }, (_, at) => ({
        key: encodeActKey({ noun: "dataset", case: `CivilMSP/foreign-${at}`, number: 1 }, transaction),
        value: Buffer.from("x"),
      })),
    });
    const { identity } = await attacker.officer("StatisticsMSP", "steward");
    const fate = await attacker.write(identity, COLLUDERS, foreign);
    expect(fate.code).to.equal("VALID");
    const begun = Date.now();
    await pilot.foldedEverywhere(fate.block);
    expect(Date.now() - begun, "milliseconds to fold it on six nodes").to.be.lessThan(30_000);
    const civil = await pilot.desk("CivilMSP", "steward");
    const registered = await civil.file("datasets", conditionalEntry("foreign-7"));
    expect(registered.number, "its own dataset goes on behind the void act").to.equal(2);
  });
});
