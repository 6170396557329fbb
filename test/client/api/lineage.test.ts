import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { linesBelow } from "@wanlian/client/cli/commands/past/lineage.js";
import { Json } from "@wanlian/client/cli/json.js";
import type { Digest } from "@wanlian/model/identifiers.js";
import { releaseRoot } from "@wanlian/model/release/release-root.js";
import { expect } from "chai";
import { pdfTexts } from "../../pdf/pdf-text.js";
import { runWanlian } from "../cli/wanlian.js";
import { PASSPHRASE } from "../keys/officer.js";
import { readProvN } from "../lineage/prov-n-reader.js";
import { provFaults } from "../lineage/prov-validity.js";
import { type PostgresServer, postgresPrograms, startPostgres } from "../postgres.js";
import { type ApiWorld, apiWorld, CIVIL, DATASET, ENTRY, HEALTH, objectionTo, openChannel } from "./world.js";

const programs = postgresPrograms();
const databases = ["embedded SQL", ...(programs === undefined ? [] : ["PostgreSQL"])];

/** Division codes of one department, statistics that another counts on them, an objection that is upheld. */
for (const sql of databases) {
  describe(`lineage over the API and the command line, on ${sql}`, () => {
    let world: ApiWorld;
    let postgres: PostgresServer | undefined;
    let token: string;
    let directory: string;
    const made = { codes: "", statistics: "", objection: "", corrected: "" };

    before(async () => {
      if (sql === "PostgreSQL" && programs !== undefined) postgres = await startPostgres(programs);
      world = await apiWorld(postgres === undefined ? {} : { databaseUrl: postgres.url });
      await openChannel(world, 2);
      directory = await mkdtemp(join(tmpdir(), "wanlian-lineage-"));
      token = await world.logIn("CA-1");
      await as(CIVIL, "dataset", "register", { ...ENTRY, code: "divisions" });
      await as(HEALTH, "dataset", "register", { ...ENTRY, code: "births", name: "出生统计" });
      made.codes = await as(CIVIL, "release", "register", releaseFor(DATASET));
      made.statistics = await as(HEALTH, "release", "register", {
        ...releaseFor(`${HEALTH}/births`),
        derivedFrom: [made.codes],
      });
    });
    after(async () => {
      await world.stop();
      await postgres?.stop();
      await rm(directory, { recursive: true, force: true });
    });

    async function as(department: string, noun: string, type: string, body: object, id: string | null = null) {
      const act = await world.ledger.act(department, ["steward", "user"], {
        noun,
        type,
        body: { ...body },
        ...(id === null ? {} : { case: id }),
      });
      return act.case;
    }
    const marks = async (release: string) => {
      const { body } = await world.call("GET", `/releases/${release}/lineage`, { token });
      return (body as { releases: { release: string; mark: string }[] }).releases.map(({ release, mark }) => [
        release,
        mark,
      ]);
    };
    async function wanlian(...argv: string[]) {
      return runWanlian(argv, {
        WANLIAN_NODE: world.base.replace("/api/v1", ""),
        WANLIAN_SESSION: join(directory, "session.json"),
        WANLIAN_PASSPHRASE: PASSPHRASE,
        LANG: "en_GB.UTF-8",
      });
    }

    it("follows an objection that was upheld to what another department made of the data, until it is made anew", async () => {
      expect(await marks(made.codes)).to.deep.equal([
        [made.codes, "none"],
        [made.statistics, "none"],
      ]);
      made.objection = await as(HEALTH, "objection", "raise", objectionTo(made.codes));
      await as(CIVIL, "objection", "accept", {}, made.objection);
      expect((await marks(made.codes))[0]).to.deep.equal([made.codes, "questioned"]);
      const reasons = { digest: "e".repeat(64) };
      await as(CIVIL, "objection", "conclude", { outcome: "substantiated", reasons }, made.objection);
      expect(await marks(made.codes)).to.deep.equal([
        [made.codes, "wrong"],
        [made.statistics, "affected"],
      ]);
      made.corrected = await as(CIVIL, "release", "register", {
        ...{ ...releaseFor(DATASET, "5"), revises: made.codes, objection: made.objection },
      });
      await as(CIVIL, "objection", "correct", { release: made.corrected }, made.objection);
      await as(HEALTH, "objection", "confirm", {}, made.objection);
      const anew = await as(HEALTH, "release", "register", {
        ...{ ...releaseFor(`${HEALTH}/births`, "6"), revises: made.statistics, derivedFrom: [made.corrected] },
      });
      const answer = await world.call("GET", `/releases/${made.statistics}/lineage`, { token });
      const releases = answer.get("releases") as { release: string; outstanding: boolean; madeAnewBy?: string }[];
      expect(releases.find(({ release }) => release === made.statistics)).to.include({
        outstanding: false,
        madeAnewBy: anew,
      });
    });

    it("follows a field into what a consumer made of it, and tells its owner when it rests on wrong data", async () => {
      const births = await as(HEALTH, "release", "register", releaseFor(`${HEALTH}/births`, "7"));
      const codes = await as(CIVIL, "release", "register", {
        ...{ ...releaseFor(DATASET, "8"), derivedFrom: [births] },
        derivation: [
          { source: births, how: "joined", fields: [{ field: "code", as: "code" }], program: "d".repeat(64) },
        ],
      });
      const term = { dataset: `${HEALTH}/births`, fields: ["code"], from: "2026-09-21", to: "2026-12-31" };
      const often = { ...term, frequency: { calls: 9, per: "day" } };
      const wish = { kind: "ordinary", purpose: "analysis", scenario: "plans", duty: "law" };
      const grant = await as(CIVIL, "application", "apply", { ...often, ...wish });
      await as(HEALTH, "application", "grant", often, grant);
      const report = await as(CIVIL, "product", "register", {
        ...{ kind: "report", name: "births by division", use: "statistics" },
        sources: [{ source: births, grant, how: "aggregated", fields: [{ field: "code", as: "count" }] }],
      });
      const ask = (path: string) => world.call("GET", path, { token });
      const counted = {
        ...{ from: { release: births, field: "code" }, to: { release: report, field: "count" }, how: "aggregated" },
      };
      expect((await ask(`/releases/${report}/lineage?field=count`)).get("fieldLinks")).to.deep.equal([counted]);
      const down = await ask(`/releases/${births}/lineage?field=code`);
      expect(down.get("fieldLinks")).to.have.deep.members([
        counted,
        {
          ...{ from: { release: births, field: "code" }, to: { release: codes, field: "code" }, how: "joined" },
          program: "d".repeat(64),
        },
      ]);
      const shown = down.get("releases") as { release: string; noun: string; provider: string; name: string }[];
      expect(shown.find(({ release }) => release === report)).to.include({
        ...{ noun: "product", provider: CIVIL, name: "births by division" },
      });
      const affected = async () => {
        const items = (await ask("/tasks/affected")).get("items") as Record<string, unknown>[];
        return items.map(({ case: id, causes, restsOn, actions }) => ({ id, causes, restsOn, actions }));
      };
      expect(await affected()).to.deep.equal([]);
      await as(HEALTH, "release", "withdraw", {}, births);
      const notices = (await ask("/notices")).get("items") as { case: string; type: string }[];
      expect(notices.find(({ case: id }) => id === births)).to.include({ type: "withdraw" });
      const both = [codes, report].map((id) => ({ id, causes: [births], restsOn: [births] }));
      expect((await affected()).map(({ actions: _, ...rest }) => rest)).to.have.deep.members(both);
      expect((await affected())[0]?.actions).to.include("explain");
      const reasons = { digest: "e".repeat(64) };
      await as(CIVIL, "product", "explain", { withdrawn: births, reasons }, report);
      expect((await affected()).map(({ id }) => id)).to.deep.equal([codes]);
      expect((await wanlian("login", "CA-1")).code).to.equal(0);
      expect((await wanlian("tasks", "--affected")).out).to.match(/release +\w{12} +行政区划代码 +\w{12} +\w{12}/);
      expect((await wanlian("lineage", births, "--field", "code")).out).to.match(/code +aggregated +\w{12} +count/);
      const prov = JSON.parse((await wanlian("lineage", births, "--as", "prov-json")).out) as object;
      expect(provFaults(prov)).to.deep.equal([]);
      await as(CIVIL, "release", "register", { ...releaseFor(DATASET, "9"), revises: codes });
      expect(await affected()).to.deep.equal([]);
    });

    it("is taken home as W3C PROV, valid, in either form, by API and command line", async () => {
      expect((await wanlian("login", "CA-1")).code).to.equal(0);
      const json = JSON.parse((await wanlian("lineage", made.statistics, "--as", "prov-json")).out) as object;
      expect(provFaults(json)).to.deep.equal([]);
      const notation = (await wanlian("lineage", made.statistics, "--as", "prov-n")).out;
      expect(readProvN(notation)).to.deep.equal(json);
      const trace = await fetch(`${world.base}/trace/datasets/${DATASET}/prov-n`, {
        headers: { Authorization: `Bearer ${token}` },
      });
      expect(trace.headers.get("content-type")).to.match(/^text\/provenance-notation/);
      expect(trace.headers.get("content-disposition")).to.equal(
        'attachment; filename="trace-CivilMSP-divisions.prov-n"',
      );
      const told = readProvN(await trace.text());
      expect(provFaults(told)).to.deep.equal([]);
      expect(told.activity).to.include.keys(`act:${made.codes}`, `act:${made.objection}`);
      const events = (await wanlian("lineage", made.statistics, "--up", "--as", "openlineage")).out.trim().split("\n");
      const outputs = events.map((line) => (JSON.parse(line) as { outputs: { name: string }[] }).outputs[0]?.name);
      expect(outputs).to.deep.equal([DATASET, DATASET, `${HEALTH}/births`, `${HEALTH}/births`]);
      const absent = await wanlian("lineage", "0".repeat(64), "--as", "prov-n");
      expect([absent.code, absent.out]).to.deep.equal([1, ""]);
      expect(absent.err).to.match(/^NO_SUCH_CASE/);
    });

    it("shows nothing of what lies behind the bound in any form: a number of sources and departments stands for it", async () => {
      const entry = { ...ENTRY, code: "hidden-register", name: "不在图中的登记" };
      await as(CIVIL, "dataset", "register", entry);
      const behind = await as(CIVIL, "release", "register", releaseFor(`${CIVIL}/hidden-register`, "b"));
      const shown = await as(HEALTH, "release", "register", {
        ...{ ...releaseFor(`${HEALTH}/births`, "a"), derivedFrom: [behind] },
      });
      await as(HEALTH, "objection", "raise", { ...objectionTo(behind), dataset: `${CIVIL}/hidden-register` });
      const { root } = releaseFor(`${CIVIL}/hidden-register`, "b");
      const secrets = [CIVIL, "hidden-register", "不在图中的登记", root, "c".repeat(64)];
      const own = new Set<string>([releaseFor(`${HEALTH}/births`, "a").root]);
      const text = async (path: string) => {
        const answer = await fetch(world.base + path, { headers: { Authorization: `Bearer ${token}` } });
        expect(answer.status, path).to.equal(200);
        const bytes = new Uint8Array(await answer.arrayBuffer());
        return path.includes("/pdf")
          ? pdfTexts(bytes).join("").replaceAll("\n", "")
          : Buffer.from(bytes).toString("utf8");
      };
      const FORMS = ["", "/prov-json", "/prov-n", "/openlineage", "/pdf"];
      for (const form of FORMS) {
        const near = await text(`/releases/${shown}/lineage${form}?depth=0`);
        const found = secrets.filter((secret) => near.includes(secret) && !own.has(secret));
        expect(found, `${form} ${near}`).to.deep.equal([]);
        const whole = await text(`/releases/${shown}/lineage${form}?depth=5`);
        expect(whole, `${form}: the test looks for what is there`).to.contain(
          form === "/pdf" ? "不在图中" : "hidden-register",
        );
      }
      const { body } = await world.call("GET", `/releases/${shown}/lineage?depth=0`, { token });
      const { further, objections } = body as { further: object; objections: unknown[] };
      expect(further).to.deep.include({ up: { releases: 1, departments: 1 } });
      expect(objections, "to what lies behind").to.deep.equal([]);
      expect(await text(`/releases/${shown}/lineage/pdf?depth=0`)).to.contain("另有来源1个，涉及1个部门");
      for (const form of FORMS) {
        const refused = await fetch(`${world.base}/releases/${shown}/lineage${form}`);
        expect(refused.status, `${form} for who is not logged in`).to.equal(401);
      }
    });

    it("refuses what is no release, a depth beyond the bound, and whoever is not logged in", async () => {
      const of = (path: string, more = {}) => world.call("GET", path, { token, ...more });
      expect((await of(`/releases/${"0".repeat(64)}/lineage`)).get("code")).to.equal("NO_SUCH_CASE");
      expect((await of(`/releases/${made.codes}/lineage?depth=51`)).get("code")).to.equal("BAD_REQUEST");
      expect((await of(`/releases/${made.codes}/lineage?direction=sideways`)).get("code")).to.equal("BAD_REQUEST");
      expect((await world.call("GET", `/releases/${made.codes}/lineage`)).get("code")).to.equal("NOT_LOGGED_IN");
    });

    it("shows as a table, with what is not in it below", async () => {
      expect((await wanlian("login", "CA-1")).code).to.equal(0);
      const up = await wanlian("lineage", made.statistics, "--up");
      expect([up.code, up.err]).to.deep.equal([0, ""]);
      expect(up.out).to.match(/-1 +release +\w{12} +CivilMSP +行政区划代码 .* wrong, made anew by \w{12}/);
      expect(up.out).to.match(
        /0 +release +\w{12} +HealthMSP +出生统计 .* rests on wrong data, made anew by \w{12} +\w{12}/,
      );
      const near = await wanlian("lineage", made.statistics, "--up", "--depth", "0", "--lang", "zh");
      expect(near.out).to.include("所依据的数据有误").and.include("另有来源1个批次，涉及1个部门");
      expect((await wanlian("lineage", made.statistics, "--up", "--down")).code).to.equal(2);
      const json = JSON.parse((await wanlian("--json", "lineage", made.statistics)).out) as { release: string };
      expect(json.release).to.equal(made.statistics);
    });
  });
}

describe("what a lineage's table does not show", () => {
  it("is told as a least number where not all was counted", () => {
    const lines = (down: object) => linesBelow(new Json({ further: { down }, complete: true }));
    const [counted, more] = [
      { releases: 2000, departments: 2 },
      { releases: 2000, departments: 2, more: true },
    ].map(lines);
    expect(counted?.[0]?.zh).to.equal("另有去向2000个批次，涉及2个部门");
    expect(more?.[0]).to.deep.equal({
      zh: "另有去向至少2000个批次，涉及至少2个部门",
      en: "further releases made from these: at least 2000, of at least 2 departments",
    });
  });
});

function releaseFor(dataset: string, digit = "4") {
  const fields = ["code", "name"].map((name, at) => ({ name, digest: `${at}${digit}`.repeat(32) as Digest }));
  return {
    ...{ dataset, fields, root: releaseRoot(fields), rows: 3, rowRoot: "c".repeat(64), derivedFrom: [], selfCheck: [] },
    period: { from: "2022-01-01", to: "2022-12-31" },
  };
}
