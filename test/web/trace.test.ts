import { createHash } from "node:crypto";
import { digestCsv } from "@wanlian/client/tables";
import type { Digest } from "@wanlian/model/identifiers.js";
import { expect } from "chai";
import { type ApiWorld, objectionTo } from "../client/api/world.js";
import { inBrowser, type Visitor, visitor } from "./browser.js";
import { goTo, logIn, originOf, pageWorld } from "./desk.js";
import { DATASET, HEALTH, type Seeded, seed } from "./seed.js";

const EVIDENCE = "第3行：名称与民政部门登记不一致\n";
const TABLE = "code,name\n0371,宛城区\n0372,卧龙区\n";

inBrowser("the search for what happened", function () {
  this.timeout(60_000);
  let world: ApiWorld;
  let seeded: Seeded;
  let objection: string;
  let release: string;
  let here: Visitor;

  before(async () => {
    world = await pageWorld();
    seeded = await seed(world);
    const evidence = createHash("sha256").update(EVIDENCE).digest("hex") as Digest;
    const body = { ...objectionTo(seeded.release), evidence };
    objection = (await world.ledger.act(HEALTH, ["user"], { noun: "objection", type: "raise", body })).case;
    const { root, fields, rows } = await digestCsv(chunks(TABLE));
    const token = await world.logIn("CA-1");
    const period = { from: "2023-01-01", to: "2023-12-31" };
    const registered = { dataset: DATASET, root, fields, rows, rowRoot: "c".repeat(64), period };
    const filed = await world.file(token, "/releases", { ...registered, derivedFrom: [], selfCheck: [] });
    release = String(filed.get("act.case"));
    here = await visitor();
    await logIn(here.page, world);
  });

  beforeEach(() => goTo(here.page, "/trace"));

  after(async () => {
    await here?.context.close();
    await world.stop();
  });

  const search = async (words: string) => {
    await here.page.getByRole("searchbox").fill(words);
    await here.page.keyboard.press("Enter");
  };
  const linked = (id: string) => here.page.locator(`.ant-timeline a[title="${id}"]`).first();
  const drop = (name: string, content: string) =>
    here.page
      .locator("input[type=file]")
      .first()
      .setInputFiles({ name, mimeType: "", buffer: Buffer.from(content) });

  it("finds a dataset by its name, with all that happened to it, and what refers to what as picture and table", async () => {
    const { page, complaints } = here;
    await search("行政区划代码");
    await linked(seeded.application).waitFor();
    await page.locator(".react-flow__node").nth(4).waitFor();
    const table = page.getByRole("row", { name: /异议.*Department 2.*数据资源.*Department 1/ });
    expect(await table.count()).to.equal(2);
    await page.locator(".react-flow__node", { hasText: "申请与授权" }).click();
    await page.waitForURL(`**/cases/application/${seeded.application}`);
    expect(complaints.filter((text) => !/40[14]/.test(text))).to.deep.equal([]);
  });

  it("draws departments as lanes, left to right as cases were begun, on paper without the controls", async () => {
    const { page } = here;
    await search("行政区划代码");
    await page.locator(".react-flow__node").nth(4).waitFor();
    expect(await page.locator(".lineage-lane").allTextContents()).to.deep.equal(["Department 1", "Department 2"]);
    const boxOf = async (text: string) =>
      (await page.locator(".graph-case", { hasText: text }).first().boundingBox()) ?? expect.fail(`no ${text}`);
    const [dataset, release, objection] = [await boxOf("数据资源"), await boxOf("数据批次"), await boxOf("异议")];
    expect(dataset.x + dataset.width).to.be.below(release.x);
    expect(release.x + release.width).to.be.below(objection.x);
    expect(objection.y, "in its own department's lane").to.be.above(release.y + release.height);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".graph").first().isVisible()).to.equal(true);
    expect(await page.getByRole("button", { name: "打印" }).isVisible()).to.equal(false);
    await page.emulateMedia({ media: "screen" });
  });

  it("finds a department and an officer, by name and by number, and says where there is nothing", async () => {
    const { page } = here;
    await search("Department 2");
    await linked(seeded.application).waitFor();
    await search("Department 1 CA-1");
    await linked(release).waitFor();
    await search("CA-1");
    await linked(release).waitFor();
    await search("没有的东西！");
    await page.getByText("没有找到").waitFor();
  });

  it("finds a transaction with the case that it began, and every act that states a number", async () => {
    const { page } = here;
    await search(seeded.release);
    await page.getByText("写有此编号或摘要的行为").waitFor();
    await linked(objection).waitFor();
    await search(`objection/${objection}`);
    await page.locator(".react-flow__node.graph-root", { hasText: "异议" }).waitFor();
    await search("0".repeat(64));
    await page.getByText("没有找到").waitFor();
  });

  it("finds a case by the beginning of its number, here and in its list, which shows as much of it", async () => {
    const { page } = here;
    await search(objection.slice(0, 8));
    await page.locator(".react-flow__node.graph-root", { hasText: "异议" }).waitFor();
    await goTo(page, "/cases/objection");
    await page.getByText("全部", { exact: true }).click();
    await page.getByRole("cell", { name: seeded.objection.slice(0, 8) }).waitFor();
    await page.getByRole("searchbox").fill(objection.slice(0, 8));
    await page.keyboard.press("Enter");
    await page.getByRole("cell", { name: seeded.objection.slice(0, 8) }).waitFor({ state: "detached" });
    await page.getByRole("cell", { name: objection.slice(0, 8) }).waitFor();
  });

  it("finds a file by the digest that it computes here: evidence by its bytes, a table by its columns", async () => {
    const { page } = here;
    const sent: string[] = [];
    page.on("request", (request) => sent.push(request.postData() ?? ""));
    await drop("证据.txt", EVIDENCE);
    await linked(objection).waitFor();
    await drop("divisions.csv", TABLE);
    await linked(release).waitFor();
    await drop("另一份.txt", "别的内容");
    await page.getByText("账本上没有此文件的摘要").waitFor();
    expect(sent.join("")).not.to.include("宛城区");
  });

  it("keeps what was sought in the address, so that it can be gone back to and handed on", async () => {
    const { page } = here;
    await page.goto(`${originOf(world)}/cases/objection/${objection}`);
    await page.locator(".main").getByRole("link", { name: "溯源", exact: true }).click();
    await page.waitForURL("**/trace?what=*");
    await page.locator(".react-flow__node.graph-root", { hasText: "异议" }).waitFor();
    await page.goBack();
    await page.waitForURL(`**/cases/objection/${objection}`);
  });
});

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
