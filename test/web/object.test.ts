import { digestCsv } from "@wanlian/client/tables";
import { expect } from "chai";
import type { ApiWorld } from "../client/api/world.js";
import { inBrowser, type Visitor, visitor } from "./browser.js";
import { logIn, pageWorld } from "./desk.js";
import { CIVIL, DATASET, ENTRY, HEALTH } from "./seed.js";

const TABLE = "code,name\n0371,宛城区\n0372,卧龙区\n0373,油田区\n";

/** Datasets of a large catalogue. */
const MANY = 5_000;

inBrowser("an objection from rows of a file", function () {
  this.timeout(60_000);
  let world: ApiWorld;
  let release: string;
  let here: Visitor;

  before(async () => {
    // The objector's node: nobody objects to the own department's data.
    world = await pageWorld({ department: HEALTH });
    const { root, fields, rows } = await digestCsv(chunks(TABLE));
    const entry = { ...ENTRY, code: "divisions" };
    await world.ledger.act(CIVIL, ["steward"], { noun: "dataset", type: "register", case: DATASET, body: entry });
    const period = { from: "2023-01-01", to: "2023-12-31" };
    const body = {
      dataset: DATASET,
      root,
      fields,
      rows,
      rowRoot: "c".repeat(64),
      period,
      derivedFrom: [],
      selfCheck: [],
    };
    release = (await world.ledger.act(CIVIL, ["steward"], { noun: "release", type: "register", body })).case;
    here = await visitor();
    await logIn(here.page, world, "CA-1", `/object?dataset=${encodeURIComponent(DATASET)}`);
  });

  after(async () => {
    await here?.context.close();
    await world.stop();
  });

  const drop = (name: string, content: string) =>
    here.page
      .locator("input[type=file]")
      .first()
      .setInputFiles({ name, mimeType: "", buffer: Buffer.from(content) });

  it("offers every dataset of a catalogue of thousands", async () => {
    const elsewhere = await visitor();
    try {
      const { page } = elsewhere;
      await page.route(/api\/v1\/datasets\?/, async (route) => {
        const from = Number(new URL(route.request().url()).searchParams.get("cursor") ?? "0");
        const next = from + 200 < MANY ? { next: String(from + 200) } : {};
        const items = Array.from({ length: Math.min(200, MANY - from) }, (_, at) => {
          const name = `数据资源${from + at}号`;
          return { noun: "dataset", case: `${CIVIL}/d${from + at}`, state: { name } };
        });
        await route.fulfill({ json: { items, ...next } });
      });
      await logIn(page, world, "CA-1", "/object");
      await page.locator("#dataset").fill(`数据资源${MANY - 1}号`);
      await page.locator(".ant-select-item-option", { hasText: `数据资源${MANY - 1}号` }).waitFor();
    } finally {
      await elsewhere.context.close();
    }
  });

  it("takes nothing of a file that is not the release's, and only the columns that are", async () => {
    const { page } = here;
    await page.getByText("把该批次的数据文件").waitFor();
    await drop("other.csv", TABLE.replace("0371", "0379").replace("宛城区", "别处"));
    await page.getByText("文件不是此批次的数据").waitFor();
    await drop("half.csv", TABLE.replace("0371", "0379"));
    await page.getByText("只能就与批次一致的字段提出异议").waitFor();
    expect(await page.locator("thead th", { hasText: /^code$/ }).count()).to.equal(0);
  });

  it("raises what was marked: rows, fields, evidence, and the cells side by side for those who decide", async () => {
    const { page } = here;
    await drop("divisions.csv", TABLE);
    await page.getByLabel("第3行", { exact: true }).check();
    await page.getByLabel("字段", { exact: true }).click();
    await page.locator(".ant-select-item-option", { hasText: "name" }).click();
    await page.getByLabel("第3行应为").fill("官庄区");
    await page.locator("#words").fill("与区划公告不一致");
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "下一步：填写异议" }).click();
    expect((await saved).suggestedFilename()).to.equal(`objection-${release.slice(0, 12)}.txt`);
    await page.waitForURL("**/file/objection/raise");
    await page.locator("#dimension").click();
    await page.locator(".ant-select-item-option", { hasText: "准确性" }).click();
    await page.getByRole("button", { name: "下一步" }).click();
    await page.getByRole("button", { name: "签名并提交" }).click();
    await page.getByText("已记入账本").waitFor();
    const token = await world.logIn("CA-1");
    const raised = await world.call("GET", "/objections?limit=1", { token });
    const acts = await world.call("GET", `/objections/${raised.get("items.0.case")}/acts`, { token });
    const body = acts.get("items.0.body") as Record<string, unknown>;
    expect(body).to.deep.include({ release, fields: ["name"], rows: [2], rowCount: 1, dimension: "accuracy" });
    await page.getByRole("link", { name: /异议/ }).last().click();
    await page.locator("del", { hasText: "油田区" }).waitFor();
    await page.locator("ins", { hasText: "官庄区" }).waitFor();
    await page.getByText("与账本上的摘要一致").waitFor();
  });
});

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
