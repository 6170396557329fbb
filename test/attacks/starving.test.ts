import type { Digest } from "@wanlian/model/identifiers.js";
import { ACTS_PER_TICK } from "@wanlian/model/model-1/limits.js";
import { releaseRoot } from "@wanlian/model/release/release-root.js";
import { type Desk, type Filed, refusalCode } from "@wanlian/scripts/host/desk.js";
import { expect } from "chai";
import { onEveryNetwork, PILOT_START_MS } from "../pilot/shared.js";
import type { RunningPilot } from "../pilot/shared-pilot.js";
import { conditionalEntry } from "./catalogue-entry.js";

const ATTACKER = "StatisticsMSP";
const DATASET = `${ATTACKER}/starving`;
/** A tick, in milliseconds: what an honest act may be delayed by at most. */
const TICK_MS = 5 * 60 * 1000;

const digest = (character: string) => character.repeat(64) as Digest;
const text = { text: "理由" };
const fields = ["code", "name"].map((name, at) => ({ name, digest: digest(String(at + 1)) }));

/** Trust: a department that does its worst by legal acts delays others' acts by a tick at most. */
onEveryNetwork("attacks › starving", function (shared) {
  this.timeout(TICK_MS + 60_000);
  let pilot: RunningPilot;
  let steward: Desk;
  let administrator: Desk;
  let release: Filed;
  let serial = 0;

  before(async function () {
    this.timeout(PILOT_START_MS);
    pilot = await shared.opened();
    steward = await pilot.desk(ATTACKER, "steward");
    administrator = await pilot.desk(ATTACKER, "administrator");
    await steward.file("datasets", conditionalEntry("starving"));
    release = await steward.file("releases", {
      dataset: DATASET,
      root: releaseRoot(fields),
      fields,
      rows: 9,
      rowRoot: digest("8"),
      period: { from: "2026-01-01", to: "2026-06-30" },
      derivedFrom: [],
      selfCheck: [],
    });
  });

  beforeEach(async () => {
    const bureau = await pilot.desk("BureauMSP", "administrator");
    const { case: clock } = await bureau.get<{ case: { state: { time: string } } }>("clock");
    const time = new Date(Date.parse(clock.state.time) + 1000).toISOString().replace(".000", "");
    await bureau.file("clock/tick", { time });
  });

  /** Another version of the attacker's dataset, as often as it can. */
  const revise = () => {
    const { code: _code, ...content } = conditionalEntry("starving");
    serial += 1;
    return steward.file(`datasets/${DATASET}/revise`, { ...content, name: `数据集${serial}`, changes: "名称" });
  };
  const update = () => {
    serial += 1;
    const officers = { head: `8${serial}`, deputy: "702", stewards: ["703"], name: "统计局", level: "municipal" };
    return administrator.file(`members/${ATTACKER}/update`, officers);
  };
  const moveAndWithdraw = async () => {
    serial += 1;
    const body = { kind: "admit", subject: `Noise${serial}MSP`, name: "噪声" };
    const { number } = await administrator.file("consortium/propose", body);
    return administrator.file("consortium/withdraw", { motion: number });
  };

  /** Files while the attacker loops, from before it is filed until the rules stop the loop. */
  async function against(attack: () => Promise<unknown>, honest: () => Promise<Filed>): Promise<void> {
    let moves = 0;
    const looping = (async () => {
      for (;;) {
        try {
          await attack();
          moves += 1;
        } catch (error) {
          const code = refusalCode(error);
          if (code === "TOO_MANY_ACTS") return;
          if (code !== "CONFLICT" && code !== "MOVED") throw error;
        }
      }
    })();
    while (moves === 0) await Promise.race([looping, new Promise((resolve) => setTimeout(resolve, 10))]);
    const begun = Date.now();
    const filed = await honest();
    expect(filed.number).to.be.greaterThan(0);
    expect(Date.now() - begun, "milliseconds until the honest act counted").to.be.lessThan(TICK_MS);
    await looping;
    expect(moves).to.be.at.most(ACTS_PER_TICK);
  }

  it("by revising a dataset does not keep applications, suggestions and objections away", async () => {
    const civil = await pilot.desk("CivilMSP", "user");
    const wish = {
      dataset: DATASET,
      kind: "ordinary",
      fields: ["code"],
      purpose: "verification",
      scenario: "业务",
      duty: "职责",
      from: "2026-12-01",
      to: "2026-12-31",
      frequency: { calls: 10, per: "day" },
    };
    const objection = {
      dataset: DATASET,
      release: release.case,
      dimension: "accuracy",
      fields: ["code"],
      rowCount: 1,
      rows: [1],
      evidence: digest("e"),
      claim: text,
    };
    await against(revise, async () => {
      await civil.file("applications", wish);
      await civil.file("suggestions", { dataset: DATASET, suggestion: text });
      return civil.file("objections", objection);
    });
  });

  it("by naming other officers does not keep demands and mandates away", async () => {
    const user = await pilot.desk("CivilMSP", "user");
    const principal = await pilot.desk("CivilMSP", "steward");
    await against(update, async () => {
      const demand = { name: "数据", description: "数据", purpose: "analysis", duty: "职责", addressee: ATTACKER };
      await user.file("demands", demand);
      return principal.file("mandates/delegate", {
        agent: ATTACKER,
        datasets: ["CivilMSP/any"],
        purposes: ["verification"],
        from: "2026-12-01T00:00:00Z",
        to: "2026-12-31T00:00:00Z",
        reason: "代理",
      });
    });
  });

  it("by motions put and taken back does not keep votes away", async () => {
    const mover = await pilot.desk("PoliceMSP", "administrator");
    const voter = await pilot.desk("CivilMSP", "administrator");
    const { number: motion } = await mover.file("consortium/propose", {
      kind: "admit",
      subject: "WaterMSP",
      name: "水利局",
    });
    await against(moveAndWithdraw, () => voter.file("consortium/vote", { motion, vote: "against" }));
  });
});
