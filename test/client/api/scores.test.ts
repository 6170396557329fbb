import type { Digest } from "@wanlian/model/identifiers.js";
import { releaseRoot } from "@wanlian/model/release/release-root.js";
import { expect } from "chai";
import { runWanlian } from "../cli/wanlian.js";
import { BIRTHS, CHECKED, type SeededQuality, seedQuality } from "./quality-seed.js";
import { type ApiWorld, apiWorld, CIVIL, HEALTH, openChannel } from "./world.js";

describe("scores over a dataset's releases", () => {
  let world: ApiWorld;
  let steward: string;
  let seeded: SeededQuality;

  before(async () => {
    world = await apiWorld();
    await openChannel(world);
    seeded = await seedQuality(world);
    steward = await world.logIn("CA-1");
  });
  after(() => world.stop());

  interface Scored {
    readonly release: string;
    readonly checks: readonly { readonly assessment: string; readonly total: number; readonly scores: object[] }[];
  }
  const scores = async () =>
    (await world.call("GET", `/datasets/${BIRTHS}/scores`, { token: steward })).get("items") as Scored[];

  it("go from release to release in order, with the provider's checks and the consumer's, also one from before", async () => {
    const found = await scores();
    const [before, atCollection] = seeded.selfChecks;
    expect(found.map(({ release, checks }) => [release, checks.map(({ assessment }) => assessment)])).to.deep.equal([
      [seeded.releases[0], [before]],
      [seeded.releases[1], [atCollection, seeded.acceptance]],
      [seeded.releases[2], []],
    ]);
    expect(found[1]?.checks[1]).to.deep.equal({
      ...{ assessment: seeded.acceptance, kind: "acceptance", author: HEALTH, passed: false, total: 9550 },
      scores: [
        { dimension: "completeness", ratio: 9300 },
        { dimension: "accuracy", ratio: 9800 },
      ],
    });
  });

  it("are a table on the command line, with every release", async () => {
    const environment = { WANLIAN_NODE: world.base.replace(/\/api\/v1$/, ""), WANLIAN_TOKEN: steward };
    const { out, err } = await runWanlian(["--lang", "zh", "dataset", "scores", BIRTHS], environment);
    expect(err).to.equal("");
    expect(out)
      .to.match(/自查 +CivilMSP +合格 +92\.5% +完整性 90% 准确性 95%/)
      .and.match(/验收 +HealthMSP +不合格 +95\.5%/)
      .and.contain(seeded.releases[2]);
  });

  it("stand in the catalogue: the last check of the newest release, if there is one", async () => {
    const latest = async () => {
      const found = await world.call("GET", `/catalogue?text=${encodeURIComponent("出生")}`, { token: steward });
      expect(found.get("items.0.case")).to.equal(BIRTHS);
      return found.get("items.0.latestCheck");
    };
    expect(await latest(), "nobody has checked it").to.equal(undefined);
    const fields = ["code", "name"].map((name) => ({ name, digest: "4".repeat(64) as Digest }));
    const root = releaseRoot(fields);
    const { body } = await world.file(steward, "/assessments", { ...CHECKED, dataset: BIRTHS, root, total: 8_800 });
    const assessment = (body as { act: { case: string } }).act.case;
    expect(await latest(), "of data that is no release").to.equal(undefined);
    const release = { dataset: BIRTHS, fields, root, rows: 3, rowRoot: "e".repeat(64), derivedFrom: [], selfCheck: [] };
    const period = { from: "2026-01-01", to: "2026-06-30" };
    expect((await world.file(steward, "/releases", { ...release, period })).status).to.equal(201);
    expect(await latest()).to.deep.equal({ assessment, kind: "selfCheck", author: CIVIL, passed: true, total: 8_800 });
  });

  it("leave out a check that was taken back", async () => {
    const { acceptance } = seeded;
    await world.ledger.act(HEALTH, ["user"], {
      ...{ noun: "assessment", case: acceptance, type: "withdraw", body: { reasons: { digest: "a".repeat(64) } } },
    });
    expect((await scores())[1]?.checks.map(({ assessment }) => assessment)).to.deep.equal([seeded.selfChecks[1]]);
  });

  it("are all there, however many checks were stated since, and a case says when more refer to it than it names", async () => {
    const before = await scores();
    const more = 600;
    const [self = ""] = seeded.selfChecks;
    const like = await world.db.selectFrom("cases").selectAll().where("case_id", "=", self).execute();
    const since = await world.db
      .selectFrom("cases")
      .select(({ fn }) => fn.max("changed_block").as("block"))
      .execute();
    const ids = Array.from({ length: more }, (_, at) => String(at).padStart(64, "f"));
    const state = JSON.stringify({ kind: "selfCheck", author: CIVIL, root: "9".repeat(64), passed: true });
    const changed_block = Number(since[0]?.block) + 1;
    for (let from = 0; from < more; from += 100) {
      const lot = ids.slice(from, from + 100);
      const rows = lot.map((case_id, at) => ({ ...like[0], case_id, state, changed_block, changed_tx: from + at }));
      await world.db
        .insertInto("cases")
        .values(rows as never)
        .execute();
      const about = lot.map((case_id) => ({ noun: "assessment", case_id, to_noun: "dataset", to_case: BIRTHS }));
      await world.db.insertInto("case_references").values(about).execute();
    }
    expect(await scores()).to.deep.equal(before);
    const dataset = await world.call("GET", `/datasets/${BIRTHS}`, { token: steward });
    expect([(dataset.get("referredToBy") as unknown[]).length, dataset.get("moreReferring")]).to.deep.equal([
      200,
      true,
    ]);
    const release = await world.call("GET", `/releases/${seeded.releases[2]}`, { token: steward });
    expect(release.get("moreReferring")).to.equal(false);
  });

  it("are of no dataset that is not there", async () => {
    const answer = await world.call("GET", `/datasets/${CIVIL}/none/scores`, { token: steward });
    expect(answer.get("code")).to.equal("NO_SUCH_CASE");
  });
});
