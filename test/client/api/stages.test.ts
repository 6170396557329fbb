import { expect } from "chai";
import { runWanlian } from "../cli/wanlian.js";
import { LIFE_CYCLE } from "./quality-seed.js";
import { type ApiWorld, apiWorld, CIVIL, DATASET, ENTRY, openChannel } from "./world.js";

const digest = (digit: string) => digit.repeat(64);
const checked = {
  ...{ kind: "selfCheck", dataset: DATASET, root: digest("a"), rows: 1, report: digest("b"), engine: "e" },
  rules: { id: "divisions", revision: 1, digest: digest("c") },
  ...{ outcomes: { rules: 4, failed: 1, errors: 1 }, scores: [], total: 7500 },
};

describe("quality by stage", () => {
  let world: ApiWorld;
  let steward: string;
  before(async () => {
    world = await apiWorld({ enrolled: { "0201": ["steward"] } });
    await openChannel(world);
    steward = await world.logIn("0201");
    await world.file(steward, "/datasets", { ...ENTRY, code: "divisions", lifeCycle: LIFE_CYCLE });
  });
  after(() => world.stop());

  const stages = async (query = "") => {
    const answer = await world.call("GET", `/datasets/${DATASET}/stages${query}`, { token: steward });
    return answer.get("items") as object[];
  };

  it("is what the entry says of each stage, before there is a release", async () => {
    expect(await stages()).to.deep.equal(LIFE_CYCLE);
  });

  it("shows which stages the newest release passed, by whom, and what the check there came to", async () => {
    const { releaseRoot } = await import("@wanlian/model/release/release-root.js");
    const stated = await world.file(steward, "/assessments", checked);
    const assessment = String(stated.get("act.case"));
    const fields = ["code", "name"].map((name) => ({ name, digest: digest("d") }));
    const registered = await world.file(steward, "/releases", {
      ...{ dataset: DATASET, fields, root: releaseRoot(fields as never), rows: 3, rowRoot: digest("e") },
      ...{ period: { from: "2025-01-01", to: "2025-12-31" }, derivedFrom: [], selfCheck: [] },
      stages: [{ stage: "collection", responsible: CIVIL, assessment }],
    });
    expect(registered.status, JSON.stringify(registered.body)).to.equal(201);
    const [collection, aggregation] = LIFE_CYCLE;
    const shown = { case: assessment, status: "stated", passed: false, total: 7500 };
    const expected = [{ ...collection, passedBy: CIVIL, assessment: shown }, aggregation];
    expect(await stages()).to.deep.equal(expected);
    expect(await stages(`?release=${registered.get("act.case")}`)).to.deep.equal(expected);
    const trace = await world.call("GET", `/trace/datasets/${DATASET}`, { token: steward });
    const acts = trace.get("items") as { noun: string; body: { stages?: object[] } }[];
    expect(acts.map(({ noun }) => noun)).to.deep.equal(["dataset", "assessment", "release"]);
    expect(acts.at(-1)?.body.stages).to.have.length(1);
  });

  it("is a table on the command line, in the officer's words", async () => {
    const environment = { WANLIAN_NODE: world.base.replace(/\/api\/v1$/, ""), WANLIAN_TOKEN: steward };
    const { out, err } = await runWanlian(["--lang", "zh", "dataset", "stages", DATASET], environment);
    expect(err).to.equal("");
    expect(out)
      .to.match(/采集.*CivilMSP 区划地名处.*GB\/T 2260.*CivilMSP.*未通过 75\.00%/)
      .and.match(/汇聚.*DB41/);
  });

  it("is of no dataset that is not there, and of no release of another", async () => {
    const code = async (path: string) => (await world.call("GET", path, { token: steward })).get("code");
    expect(await code(`/datasets/${CIVIL}/none/stages`)).to.equal("NO_SUCH_CASE");
    expect(await code(`/datasets/${DATASET}/stages?release=${digest("1")}`)).to.equal("NO_SUCH_CASE");
  });
});
