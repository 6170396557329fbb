import { createHash } from "node:crypto";
import { join } from "node:path";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import { canonicalJson } from "@wanlian/model/canonical.js";
import type { Digest, Instant } from "@wanlian/model/identifiers.js";
import { releaseRoot } from "@wanlian/model/release/release-root.js";
import { addDays, dayOf } from "@wanlian/model/time/instant.js";
import { refusalCode } from "@wanlian/scripts/host/desk.js";
import { catalogueEntry } from "@wanlian/scripts/story/chapters/catalogue.js";
import { expect } from "chai";
import { REPORT } from "../web/seed.js";
import { PILOT_START_MS } from "./shared.js";
import { RunningPilot } from "./shared-pilot.js";

const [BUREAU, CIVIL, POLICE, HEALTH] = ["BureauMSP", "CivilMSP", "PoliceMSP", "HealthMSP"] as const;
const DATASET = `${CIVIL}/reported`;
const FIELDS = ["code", "name"].map((name) => ({ name, digest: "a".repeat(64) as Digest }));

interface Shown {
  readonly author: string;
  readonly digest: string;
  readonly report: unknown;
}

/** Of the same check, without the rows that fail: it concerns those who hold a grant, and the bureau. */
const WITHOUT_ROWS = { ...REPORT, results: REPORT.results.map((result) => ({ ...result, sample: [] })) };

const digestOf = (report: unknown): Digest =>
  createHash("sha256").update(canonicalJson(report)).digest("hex") as Digest;

const statementOf = (report: unknown) => ({
  ...{ kind: "selfCheck", dataset: DATASET, root: releaseRoot(FIELDS), rows: 3, engine: "wanlian-quality/1" },
  rules: { id: "divisions", revision: 1, digest: "d".repeat(64) },
  ...{ report: digestOf(report), outcomes: { rules: 2, failed: 1, errors: 1 }, scores: [], total: 9_812 },
});

describe("pilot › the report of a check", function () {
  this.timeout(PILOT_START_MS);
  let pilot: RunningPilot;
  /** Two checks by the provider: the report of one shows no rows, that of the other does. */
  let withoutRows: string;
  let withRows: string;

  before(async () => {
    pilot = await RunningPilot.start({ departments: 4 });
    await pilot.open();
    const steward = await pilot.desk(CIVIL, "steward");
    const fields = FIELDS.map(({ name }) => ({ name, type: "字符型", meaning: name, sensitivity: 1 }));
    const entry = { code: "reported", name: "受检名单", abstract: "a list that was checked", category: ["基础信息"] };
    const dataset = await steward.file("datasets", catalogueEntry({ ...entry, fields }));
    await pilot.foldedEverywhere(dataset.block);
    withoutRows = await stated(WITHOUT_ROWS);
    withRows = await stated(REPORT);
    const user = await pilot.desk(HEALTH, "user");
    const claimed = await user.file("applications/claim", await wish());
    await pilot.foldedEverywhere(claimed.block);
  });
  after(() => pilot?.remove());

  async function stated(report: object): Promise<string> {
    const steward = await pilot.desk(CIVIL, "steward");
    const { case: id, block } = await steward.file("assessments", statementOf(report));
    await steward.mark(`assessments/${id}/report`, { report });
    await pilot.foldedEverywhere(block);
    return id;
  }

  async function wish() {
    const desk = await pilot.desk(HEALTH, "user");
    const { case: clock } = await desk.get<{ case: { state: { time: string } } }>("clock");
    const from = dayOf(clock.state.time as Instant);
    return {
      ...{ dataset: DATASET, fields: ["code"], purpose: "verification", scenario: "核对", duty: "卫生统计" },
      ...{ from, to: addDays(from, 10), frequency: { calls: 10, per: "day" } },
    };
  }

  const shown = async (mspId: string, id: string) =>
    await (await pilot.desk(mspId, mspId === HEALTH ? "user" : "steward")).get<Shown>(`assessments/${id}/report`);

  async function refusal(mspId: string, id: string): Promise<string | undefined> {
    try {
      await shown(mspId, id);
    } catch (error) {
      const code = refusalCode(error);
      if (code !== undefined) return code;
      throw error;
    }
    return undefined;
  }

  /** What civil affairs' own database says a report is, its node being stopped meanwhile. */
  async function alter(digest: Digest, content: string): Promise<void> {
    await pilot.stop(`node-${CIVIL}`);
    const db = await openDatabase({ directory: join(pilot.pilot.data.path, "nodes", CIVIL, "data"), url: undefined });
    try {
      await db.updateTable("local.reports").set({ content }).where("digest", "=", digest).execute();
    } finally {
      await db.destroy();
    }
    await pilot.restart(`node-${CIVIL}`);
  }

  it("goes to whoever holds a grant and to nobody else, and one that shows rows to neither", async () => {
    const { author, digest, report } = await shown(HEALTH, withoutRows);
    expect({ author, digest, report }).to.deep.equal({
      ...{ author: CIVIL, digest: digestOf(WITHOUT_ROWS), report: WITHOUT_ROWS },
    });
    expect(await refusal(POLICE, withoutRows)).to.equal("NOT_PERMITTED");
    expect(await refusal(HEALTH, withRows)).to.equal("NOT_PERMITTED");
    expect(await refusal(BUREAU, withRows)).to.equal("NOT_PERMITTED");
    expect((await shown(CIVIL, withRows)).report).to.deep.equal(REPORT);
  });

  it("is refused where the provider's node hands over other bytes, and is kept nowhere then", async () => {
    const better = { ...WITHOUT_ROWS, verdict: "passed" };
    await alter(digestOf(WITHOUT_ROWS), canonicalJson(better));
    expect(await refusal(BUREAU, withoutRows)).to.equal("BAD_ANSWER");
    // Whoever has it, has it: nobody is asked again.
    expect((await shown(HEALTH, withoutRows)).report).to.deep.equal(WITHOUT_ROWS);
    await alter(digestOf(WITHOUT_ROWS), canonicalJson(WITHOUT_ROWS));
    expect((await shown(BUREAU, withoutRows)).report).to.deep.equal(WITHOUT_ROWS);
  });

  it("stays with those who got it while its author's node is gone, and the others are told that", async () => {
    await pilot.stop(`node-${CIVIL}`);
    try {
      expect((await shown(BUREAU, withoutRows)).report).to.deep.equal(WITHOUT_ROWS);
      expect(await refusal(POLICE, withoutRows)).to.equal("UNREACHABLE");
    } finally {
      await pilot.restart(`node-${CIVIL}`);
    }
  });
});
