import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSheetFile } from "@wanlian/client/sheets";
import { expect } from "chai";
import { pdfTexts } from "../../pdf/pdf-text.js";
import { REPORT, seed } from "../../web/seed.js";
import { runWanlian } from "../cli/wanlian.js";
import { PASSPHRASE } from "../keys/officer.js";
import { type ApiWorld, apiWorld, BUREAU, CIVIL, DATASET, ENTRY, HEALTH, openChannel } from "./world.js";

/** What is nobody's but its author's and those whom it concerns, and would tell itself in any bytes. */
const REASONS = "某户主因病住院期间未更新，联系电话尾号七三九";
const ROW_OF_REPORT = "甲乙丙丁路零号";
const UNSEEN = "深藏来源名册";
const DECLINED = "该系统由省厅统一管理，口令尾号四二六";
/** What a department says it needs: on the ledger for everybody. */
const NEEDED = "危房改造对象名单";

/** Who asks, at which node: the author's own too, since what an officer exports is handed on to others. */
const ASKERS = ["an officer of the author's own department", "a department with no grant", "the bureau"] as const;

describe("what is exported", () => {
  let civil: ApiWorld;
  let others: Record<(typeof ASKERS)[number], ApiWorld>;
  let salt: string;
  let objection: string;
  /** The last of a chain of four releases: one step of it is asked for. */
  let newest: string;
  let assessment: string;
  let behind: readonly string[];

  before(async () => {
    civil = await apiWorld();
    await openChannel(civil);
    const { shared } = civil.ledger;
    const at = (department: string) =>
      apiWorld({ department, channel: shared, enrolled: { "O-1": ["steward", "user"] } });
    const seeded = await seed(civil);
    ({ objection, assessment } = seeded);
    const steward = await civil.logIn("CA-1");
    const report = { ...REPORT, results: REPORT.results.map((one) => ({ ...one, sample: [[ROW_OF_REPORT, null]] })) };
    await keepReport(seeded.assessment, report);
    await civil.file(steward, `/objections/${objection}/accept`, {});
    const concluded = { outcome: "unsubstantiated", reasons: { text: REASONS } };
    expect((await civil.file(steward, `/objections/${objection}/conclude`, concluded)).status).to.equal(201);
    const kept = await civil.db.selectFrom("local.texts").select(["content", "salt"]).execute();
    salt = kept.find(({ content }) => content === REASONS)?.salt ?? expect.fail("the text is not kept");
    const chain = [seeded.release];
    for (const [number, department] of [CIVIL, BUREAU, HEALTH].entries())
      chain.push(await made(department, `chain-${number}`, `${UNSEEN}${number}`, chain.at(-1) ?? ""));
    newest = chain.at(-1) ?? "";
    const needed = { name: NEEDED, description: "每季度", purpose: "analysis", duty: "住建", addressee: CIVIL };
    const { case: demand } = await civil.ledger.act(HEALTH, ["user"], {
      ...{ noun: "demand", type: "publish", body: needed },
    });
    const declined = await civil.file(steward, `/demands/${demand}/decline`, { reasons: { text: DECLINED } });
    expect(declined.status, JSON.stringify(declined.body)).to.equal(201);
    behind = chain.slice(0, 2);
    others = {
      "an officer of the author's own department": civil,
      "a department with no grant": await at(HEALTH),
      "the bureau": await at(BUREAU),
    };
  });
  after(async () => {
    await Promise.all([...new Set([civil, ...Object.values(others ?? {})])].map((world) => world?.stop()));
  });

  /** A report whose rows are its department's own affair. */
  async function keepReport(assessment: string, report: object): Promise<void> {
    const content = JSON.stringify(report);
    const row = await civil.db.selectFrom("local.reports").selectAll().executeTakeFirst();
    expect(row, `the seed keeps a report of ${assessment}`).not.to.equal(undefined);
    await civil.db.updateTable("local.reports").set({ content }).execute();
  }

  async function made(department: string, code: string, name: string, source: string): Promise<string> {
    const entry = { ...ENTRY, code, name };
    const as = async (noun: string, body: object) =>
      (await civil.ledger.act(department, ["steward"], { noun, type: "register", body: { ...body } })).case;
    await as("dataset", entry);
    const release = await civil.call("GET", `/releases/${source}`, { token: await civil.logIn("CA-1") });
    const { root, rows, rowRoot } = release.get("case.state") as Record<string, unknown>;
    const fields = ["code", "name"].map((field, at) => ({ name: field, digest: "ab".charAt(at).repeat(64) }));
    const period = { from: "2022-01-01", to: "2022-12-31" };
    const dataset = `${department}/${code}`;
    return await as("release", { dataset, root, rows, rowRoot, fields, period, derivedFrom: [source], selfCheck: [] });
  }

  const lineage = (form = "") => `/releases/${newest}/lineage${form}?depth=1`;
  /** Each export, by its address, and whether it follows a lineage: of which no more than was asked for may be in it. */
  const EXPORTS: readonly (readonly [string, () => string, boolean])[] = [
    ["the catalogue as DCAT", () => "/catalogue/dcat", false],
    ["the catalogue with latest checks", () => "/catalogue", false],
    ["what was in force", () => "/as-of", false],
    ["cases of a noun as of now", () => "/as-of/cases?noun=objection", false],
    ["an objection as of now", () => `/as-of/case?noun=objection&case=${objection}`, false],
    ["a dataset as of now", () => `/as-of/case?noun=dataset&case=${encodeURIComponent(DATASET)}`, false],
    ["what changed", () => "/changes", false],
    ["all that happened to a case", () => `/objections/${objection}/acts`, false],
    ["all that a department did", () => `/trace/departments/${CIVIL}`, false],
    ["scores", () => `/datasets/${DATASET}/scores`, false],
    ["quality by stage", () => `/datasets/${DATASET}/stages`, false],
    ["a lineage", () => lineage(), true],
    ["a lineage as PROV-JSON", () => lineage("/prov-json"), true],
    ["a lineage as PROV-N", () => lineage("/prov-n"), true],
    ["a lineage as OpenLineage", () => lineage("/openlineage"), true],
    ["a lineage's report as PDF", () => lineage("/pdf"), true],
  ];

  async function exported(world: ApiWorld, path: string, token: string | undefined) {
    const asked = token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } };
    const answer = await fetch(`${world.base}${path}`, asked);
    const bytes = Buffer.from(await answer.arrayBuffer());
    // Whoever has a PDF file reads its pages, which are packed in it.
    const pages = bytes.subarray(0, 5).toString() === "%PDF-" ? pdfTexts(bytes).join("\n") : "";
    return { status: answer.status, text: `${bytes.toString("utf8")}\n${pages}` };
  }

  for (const asker of ASKERS) {
    for (const [what, path, followsLineage] of EXPORTS) {
      it(`holds nothing beyond a department's rights: ${what}, asked by ${asker}`, async () => {
        const world = others[asker];
        const token = await world.logIn(world === civil ? "CA-3" : "O-1");
        const { status, text } = await exported(world, path(), token);
        expect(status, text.slice(0, 500)).to.equal(200);
        expect(text.length).to.be.above(50);
        for (const secret of [REASONS, DECLINED, salt, ROW_OF_REPORT]) expect(text).not.to.include(secret);
        if (!followsLineage) return;
        const [oldest = "", older = ""] = behind;
        expect(text, "what lies two steps back").not.to.include(oldest);
        expect(text).not.to.include(`${UNSEEN}0`);
        expect(text, "what it was made of is named").to.include(newest);
        expect(older).not.to.equal("");
      });
    }
  }

  it("has its report at the node that keeps it, and says so where it is at another", async () => {
    const path = `/assessments/${assessment}/report`;
    const kept = await civil.call("GET", path, { token: await civil.logIn("CA-1") });
    expect([kept.status, kept.get("author"), kept.get("report.results.0.sample.0.0")]).to.deep.equal([
      200,
      CIVIL,
      ROW_OF_REPORT,
    ]);
    const bureau = others["the bureau"] ?? expect.fail("no bureau");
    const elsewhere = await bureau.call("GET", path, { token: await bureau.logIn("O-1") });
    expect([elsewhere.status, elsewhere.get("code")]).to.deep.equal([404, "NO_SUCH_ENTRY"]);
    const none = await bureau.call("GET", `/assessments/${"0".repeat(64)}/report`, {
      token: await bureau.logIn("O-1"),
    });
    expect([none.status, none.get("code")]).to.deep.equal([404, "NO_SUCH_CASE"]);
  });

  /** Lists that the command line writes, and whose entries are in them. */
  const LISTS: readonly (readonly [string, readonly string[], string, "everybody's" | "one's own"])[] = [
    ["the demand list as CSV", ["demand", "export"], "demands.csv", "everybody's"],
    ["the demand list as Excel", ["demand", "export"], "demands.xlsx", "everybody's"],
    ["the matching list", ["demand", "export", "--matching"], "matching.csv", "everybody's"],
    ["the responsibility list as CSV", ["dataset", "export"], "datasets.csv", "one's own"],
    ["the responsibility list as Excel", ["dataset", "export"], "datasets.xlsx", "one's own"],
  ];

  for (const asker of ASKERS) {
    it(`holds nothing beyond a department's rights: the lists that departments keep, written by ${asker}`, async () => {
      const directory = await mkdtemp(join(tmpdir(), "wanlian-rights-"));
      const world = others[asker];
      const wanlian = (...argv: string[]) =>
        runWanlian(argv, {
          WANLIAN_NODE: world.base.replace("/api/v1", ""),
          WANLIAN_SESSION: join(directory, "session.json"),
          WANLIAN_PASSPHRASE: PASSPHRASE,
          LANG: "en_GB.UTF-8",
        });
      const names = [CIVIL, BUREAU, HEALTH].map((department, at) => [department, `${UNSEEN}${at}`] as const);
      const own = names.find(([department]) => department === world.ledger.department)?.[1] ?? "";
      const foreign = names.map(([, name]) => name).filter((name) => name !== own);
      const officer = world === civil ? "CA-1" : "O-1";
      expect(await wanlian(...(LISTS[0]?.[1] ?? []), join(directory, "none.csv")), "without a session").to.include({
        code: 1,
      });
      expect(await wanlian("login", officer)).to.include({ code: 0 });
      for (const [what, command, name, whose] of LISTS) {
        const file = join(directory, name);
        expect(await wanlian(...command, file), what).to.include({ code: 0, err: "" });
        const rows = await readSheetFile(await readFile(file));
        const text = rows.flat().join("\n");
        for (const secret of [REASONS, DECLINED, salt, ROW_OF_REPORT]) expect(text, what).not.to.include(secret);
        const expected = whose === "everybody's" ? [NEEDED] : [own];
        for (const name of expected) expect(text, what).to.include(name);
        for (const name of foreign) expect(text, what).not.to.include(name);
      }
      await rm(directory, { recursive: true, force: true });
    });
  }

  it("is nothing at all to somebody who is not logged in, or whose session is made up", async () => {
    for (const token of [undefined, "f".repeat(43)]) {
      for (const [what, path] of EXPORTS) {
        const { status, text } = await exported(civil, path(), token);
        expect(status, what).to.equal(401);
        expect(JSON.parse(text).code).to.equal("NOT_LOGGED_IN");
      }
    }
  });

  it("says of what lies behind how many releases of how many departments there are, and no more", async () => {
    const token = await civil.logIn("CA-3");
    const { text } = await exported(civil, lineage(), token);
    expect(JSON.parse(text).further.up).to.deep.equal({ releases: 1, departments: 1 });
    const { text: printed } = await exported(civil, lineage("/pdf"), token);
    expect(printed).to.match(/另有|[Ff]urther/);
  });
});
