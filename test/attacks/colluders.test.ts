import type { MspId, OfficerNumber } from "@wanlian/model/identifiers.js";
import type { Act } from "@wanlian/model/kernel/act.js";
import { type Desk, type Filed, refusalCode } from "@wanlian/scripts/host/desk.js";
import { expect } from "chai";
import { onEveryNetwork, PILOT_START_MS } from "../pilot/shared.js";
import type { RunningPilot } from "../pilot/shared-pilot.js";
import { Attacker, sealedAct, unsealedAct, type WriteSet, type Writing } from "./attacker.js";
import { conditionalEntry } from "./catalogue-entry.js";

/** k of six founders is four: these endorse for each other, whatever it is. */
const COLLUDERS = ["StatisticsMSP", "HrssMSP", "PoliceMSP", "HealthMSP"];

interface ShownAlarm {
  readonly departments: readonly string[];
  readonly detail: { readonly code: string; readonly transaction: string };
}

/** Trust, row "k or more departments together": void and named on every honest node; it changes nothing. */
onEveryNetwork("attacks › k departments together", function (shared) {
  this.timeout(60_000);
  let pilot: RunningPilot;
  let attacker: Attacker;
  let civil: Desk;
  let serial = 0;

  before(async function () {
    this.timeout(PILOT_START_MS);
    pilot = await shared.opened();
    attacker = new Attacker(pilot);
    civil = await pilot.desk("CivilMSP", "steward");
  });

  /** A dataset of civil affairs', and what a legal next act of it looks like when civil affairs itself makes it. */
  async function dataset(): Promise<Filed> {
    serial += 1;
    return civil.file("datasets", conditionalEntry(`target-${serial}`));
  }

  async function legalWithdrawal(target: Filed): Promise<Act> {
    return (await civil.preview(`datasets/${target.case}/withdraw`)) as Act;
  }

  /** Commits the writes with the colluders' endorsements, and expects every node to find them void and name who endorsed. */
  async function expectVoid(
    creator: Awaited<ReturnType<Attacker["officer"]>>,
    set: WriteSet | Writing,
    reason: string,
  ): Promise<void> {
    const fate = await attacker.write(creator.identity, COLLUDERS, set);
    expect(fate.code, "Fabric's own validation cannot know").to.equal("VALID");
    for (const mspId of pilot.mspIds) {
      await pilot.folded(mspId, fate.block);
      const alarms = await (await pilot.desk(mspId, "user")).all<ShownAlarm>("alarms");
      const alarm = alarms.find(({ detail }) => detail.transaction === fate.transactionId);
      expect(alarm?.detail.code, `why ${mspId} finds it void`).to.equal(reason);
      expect(alarm?.departments).to.have.members(COLLUDERS);
    }
  }

  async function expectUnharmed(target: Filed): Promise<void> {
    for (const mspId of pilot.mspIds) {
      const desk = await pilot.desk(mspId, "user");
      const { case: found } = await desk.get<{ case: { status: string; act: number } }>(`datasets/${target.case}`);
      expect(found, `as ${mspId} has it`).to.include({ status: "registered", act: target.number });
    }
    const revised = await civil.file(`datasets/${target.case}/withdraw`, {});
    expect(revised.state.status, "the case goes on past the used number").to.equal("withdrawn");
    expect(revised.number).to.be.greaterThan(target.number + 1);
  }

  it("an unsealed act is void, and the case goes on", async () => {
    const target = await dataset();
    const steward = await attacker.officer("CivilMSP", "steward");
    await expectVoid(steward, unsealedAct(await legalWithdrawal(target)), "UNSEALED");
    await expectUnharmed(target);
  });

  it("an act in another's name is void: the author is who signed", async () => {
    const statistics = await pilot.desk("StatisticsMSP", "steward");
    const legal = (await statistics.preview("datasets", conditionalEntry("in-another-name"))) as Act;
    const author = { department: "CivilMSP" as MspId, officer: "0201" as OfficerNumber };
    const thief = await attacker.officer("StatisticsMSP", "steward");
    await expectVoid(thief, sealedAct({ ...legal, author }), "WRONG_AUTHOR");
    expect(await refusalOf(statistics, `datasets/${legal.case}`)).to.equal("NO_SUCH_CASE");
  });

  it("an illegal step is void, though sealed, signed and numbered right", async () => {
    const target = await dataset();
    const legal = await legalWithdrawal(target);
    const statistics = await pilot.desk("StatisticsMSP", "steward");
    const thief = await attacker.officer("StatisticsMSP", "steward");
    const author = { department: "StatisticsMSP" as MspId, officer: thief.number as OfficerNumber };
    const own = (await statistics.preview("datasets", conditionalEntry("own-basis"))) as Act;
    const member = own.basis.find(({ noun }) => noun === "member");
    const basis = legal.basis.map((entry) => (entry.noun === "member" && member !== undefined ? member : entry));
    await expectVoid(thief, sealedAct({ ...legal, author, basis }), "NOT_OWNER");
    await expectUnharmed(target);
  });

  it("a state that the model does not give is void, even from the rightful author", async () => {
    const target = await dataset();
    const steward = await attacker.officer("CivilMSP", "steward");
    const legal = await legalWithdrawal(target);
    await expectVoid(
      steward,
      sealedAct({ ...legal, state: { ...legal.state, grade: 4 } as Act["state"] }),
      "WRONG_VALUE",
    );
    await expectUnharmed(target);
  });

  it("a squatted number is void, and is passed over when the case gets there", async () => {
    const target = await dataset();
    const steward = await attacker.officer("CivilMSP", "steward");
    const legal = await legalWithdrawal(target);
    await expectVoid(steward, sealedAct({ ...legal, number: legal.number + 1 }), "WRONG_NUMBER");
    const withdrawn = await civil.file(`datasets/${target.case}/withdraw`, {});
    expect(withdrawn.number).to.equal(target.number + 1);
  });

  it("a key outside the acts, and an act with company, are void", async () => {
    const target = await dataset();
    const steward = await attacker.officer("CivilMSP", "steward");
    await expectVoid(steward, { writes: [{ key: "settings", value: Buffer.from("{}") }] }, "UNSEALED");
    const act = sealedAct(await legalWithdrawal(target));
    const company = { key: "settings", value: Buffer.from("{}") };
    const inCompany: Writing = (transaction) => {
      const set = act(transaction);
      return { ...set, writes: [...(set.writes ?? []), company] };
    };
    await expectVoid(steward, inCompany, "WRONG_WRITES");
    await expectUnharmed(target);
  });

  it("all nodes have the same projection afterwards", async () => {
    const height = Number((await pilot.peer("BureauMSP").info(pilot.topology.channel)).height);
    const digests = await Promise.all(
      pilot.mspIds.map(async (mspId) => {
        await pilot.folded(mspId, height - 1);
        return (await pilot.desk(mspId, "user")).get<{ digest: string }>("projection/digest");
      }),
    );
    expect(new Set(digests.map(({ digest }) => digest)).size).to.equal(1);
  });
});

async function refusalOf(desk: Desk, route: string): Promise<string | undefined> {
  try {
    await desk.get(route);
    return undefined;
  } catch (error) {
    return refusalCode(error);
  }
}
