import { readFile } from "node:fs/promises";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import { parseLedgerError } from "@wanlian/model/errors.js";
import { openingPolicyFile } from "@wanlian/scripts/host/processes.js";
import { basisOf } from "@wanlian/scripts/story/basis.js";
import { accessTo } from "@wanlian/scripts/story/on-pilot.js";
import { expect } from "chai";
import { conditionalEntry } from "../attacks/catalogue-entry.js";
import { disagreements, expectSameProjections } from "./agreement.js";
import { expectEachOnce, FilingLoad } from "./filing-load.js";
import { isAvailable } from "./networks.js";
import { PILOT_START_MS } from "./shared.js";
import { RunningPilot } from "./shared-pilot.js";

/** The day after the demo's clock began. */
const DAY = "2026-09-29";
const BEFORE_THE_DAY = "2026-09-28T05:00:00Z";
const ON_THE_DAY = `${DAY}T01:00:00Z`;
const PROVIDER = "CivilMSP";

/** What of a policy is said once, when the channel is opened. */
const OPENING_ONLY = ["calendar", "bureau", "founders", "demo", "opened"];

/** A noun that version 2 brings: what a check of the dataset came to. */
const assessmentOf = (dataset: string) => ({
  ...{ kind: "selfCheck", dataset, root: "a".repeat(64), rows: 3 },
  rules: { id: "codes", revision: 1, digest: "b".repeat(64) },
  ...{ report: "c".repeat(64), engine: "wanlian-quality/1 duckdb/1.5.6" },
  outcomes: { rules: 2, failed: 0, errors: 0 },
  scores: [{ dimension: "completeness", ratio: 10_000 }],
});

for (const consensus of ["embedded", "raft"] as const) {
  const register = isAvailable(consensus) ? describe : describe.skip;
  register(`pilot › from version 1 of the rules to version 2, while departments file (${consensus})`, function () {
    this.timeout(PILOT_START_MS);
    let pilot: RunningPilot;
    let load: FilingLoad;
    let dataset: string;
    /** The block of the tick with which the day began. */
    let switched: number;
    const stated: string[] = [];

    before(async () => {
      pilot = await RunningPilot.start({ departments: 3, consensus, model: 1 });
      await pilot.open();
      const steward = await pilot.desk(PROVIDER, "steward");
      const registered = await steward.file("datasets", conditionalEntry("versions"));
      dataset = registered.case;
      await pilot.foldedEverywhere(registered.block);
      load = new FilingLoad(pilot, dataset, "versions", applicants());
    });
    after(async () => {
      await load?.stop().catch(() => undefined);
      await pilot?.remove();
    });

    const applicants = () => pilot.mspIds.filter((mspId) => mspId !== PROVIDER);
    const moreFiled = () => load.acknowledgedMore(applicants(), 2);
    const bureau = () => pilot.desk("BureauMSP", "administrator");

    /** Neither the own node nor, for whoever goes past it, any department's contract. */
    async function expectNoAssessment(when: string): Promise<void> {
      const steward = await pilot.desk(PROVIDER, "steward");
      const body = assessmentOf(dataset);
      expect(await steward.refusal("assessments", body), when).to.equal("NO_SUCH_ROUTE");
      const operator = await accessTo(pilot.pilot, pilot.topology, pilot.network).operator(PROVIDER, "steward");
      const basis = await basisOf(steward, [
        { noun: "member", case: PROVIDER },
        { noun: "dataset", case: dataset },
      ]);
      for (const mspId of pilot.mspIds) {
        const input = { case: null, body, basis };
        const refusal = await operator.askHonestly(pilot.peer(mspId), "assessment:state", input);
        expect(parseLedgerError(refusal)?.code, `${when}: ${refusal}`).to.equal("UNKNOWN_COMMAND");
      }
    }

    it("what version 2 brings is refused up to the day that the bureau has named, and counts from then on", async () => {
      await moreFiled();
      await expectNoAssessment("before anybody spoke of it");
      const opening: Record<string, unknown> = JSON.parse(await readFile(openingPolicyFile(pilot.pilot.data), "utf8"));
      expect(opening.model).to.equal(1);
      const rules = Object.fromEntries(Object.entries(opening).filter(([name]) => !OPENING_ONLY.includes(name)));
      await (await bureau()).file("policy/amend", { ...rules, model: 2, from: DAY });
      await moreFiled();
      const { block } = await (await bureau()).file("clock/tick", { time: BEFORE_THE_DAY });
      await pilot.foldedEverywhere(block);
      await expectNoAssessment("between the amendment and its day");
      await moreFiled();
      switched = (await (await bureau()).file("clock/tick", { time: ON_THE_DAY })).block;
      await pilot.foldedEverywhere(switched);
      const steward = await pilot.desk(PROVIDER, "steward");
      const assessment = await steward.file("assessments", assessmentOf(dataset));
      expect(assessment.state.status).to.equal("stated");
      stated.push(assessment.case);
      await moreFiled();
      await load.stop();
    });

    it("what was filed meanwhile is on every node, once", async () => {
      await expectEachOnce(pilot, dataset, load.acknowledged);
      for (const mspId of pilot.mspIds) {
        const assessments = await (await pilot.desk(mspId, "user")).all<{ readonly case: string }>("assessments");
        expect(
          assessments.map((assessment) => assessment.case),
          mspId,
        ).to.deep.equal(stated);
      }
      expect(await disagreements(pilot)).to.deep.equal([]);
    });

    it("each act was given by the version of its day, none is void, and every node has the same, as from block 0", async () => {
      await Promise.all(pilot.mspIds.map((mspId) => pilot.stop(`node-${mspId}`)));
      await expectSameProjections(pilot, PROVIDER);
      const acts = await actsOf(PROVIDER);
      expect(
        acts.filter(({ counted }) => counted === 0),
        "void",
      ).to.deep.equal([]);
      const ofAnother = acts.filter(({ block, model }) => model !== (Number(block) <= switched ? 1 : 2));
      // In the block of the tick, what comes behind it is of the day.
      expect(ofAnother.filter(({ block }) => Number(block) !== switched)).to.deep.equal([]);
      for (const model of [1, 2]) expect(acts.filter((act) => act.model === model)).to.have.length.above(5);
    });

    /** Of a node that is stopped. */
    async function actsOf(mspId: string) {
      const db = await openDatabase({ directory: pilot.pilot.data.file("nodes", mspId, "data"), url: undefined });
      const query = db.selectFrom("acts").select(["noun", "type", "block", "model", "counted", "reason"]);
      return await query.execute().finally(() => db.destroy());
    }
  });
}
