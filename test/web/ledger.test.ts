import { expect } from "chai";
import type { ApiWorld } from "../client/api/world.js";
import { inBrowser, type Visitor, visitor } from "./browser.js";
import { logIn, originOf, pageWorld } from "./desk.js";
import { seed } from "./seed.js";

inBrowser("the ledger's pages", function () {
  this.timeout(60_000);
  let world: ApiWorld;
  let here: Visitor;

  before(async () => {
    world = await pageWorld();
    await seed(world);
    here = await visitor();
    await logIn(here.page, world, "CA-1", "/ledger/blocks");
  });

  after(async () => {
    await here?.context.close();
    await world.stop();
  });

  it("show the blocks, each with its hashes, and its transactions with their validation in words", async () => {
    const { page } = here;
    const token = await world.logIn("CA-1");
    const blocks = await world.call("GET", "/blocks?limit=2", { token });
    const number = Number(blocks.get("items.0.number"));
    expect(blocks.get("items.1.number")).to.equal(number - 1);
    await page.getByRole("link", { name: `区块${number}`, exact: true }).click();
    await page.waitForURL(`**/ledger/blocks/${number}`);
    await page.getByText(String(blocks.get("items.0.hash"))).waitFor();
    await page.getByText("有效 (0)").waitFor();
    await page.getByRole("link", { name: "前一区块" }).click();
    await page
      .getByText(String(blocks.get("items.1.hash")))
      .first()
      .waitFor();
    await page.getByRole("row", { name: /有效/ }).getByRole("link").first().click();
    await page.waitForURL("**/trace?what=*");
    await page.getByText(`区块${number - 1}中的交易`).waitFor();
  });

  it("show who belongs, what is voted on, and how it came so", async () => {
    const { page } = here;
    const motion = { kind: "admit", subject: "EducationMSP", name: "教育局" };
    await world.ledger.act("HealthMSP", ["administrator"], { noun: "consortium", type: "propose", body: motion });
    await page.goto(`${originOf(world)}/ledger/consortium`);
    await page.getByText("第1号提议：接纳EducationMSP").waitFor();
    await page.getByText("在册3个部门，须过半数赞成").waitFor();
    await page.getByText("赞成 1").waitFor();
    await page.getByRole("row", { name: /Department 1.*市级.*在册/ }).waitFor();
  });

  it("show the policy as people read it, and the calendar with the days that depart from the week", async () => {
    const { page } = here;
    await page.goto(`${originOf(world)}/ledger/rules`);
    await page.getByRole("row", { name: /答复申请 5个工作日/ }).waitFor();
    await page.getByRole("row", { name: /plan-5/ }).waitFor();
    await page.locator('td.rests[title^="2026年10月1日"]', { hasText: "休" }).waitFor();
    await page.locator('td.works[title^="2026年10月10日"]', { hasText: "班" }).waitFor();
    await page.locator('td.today[title^="2026年9月21日"]').waitFor();
  });

  it("show contracts and certificates, or that there are none", async () => {
    const { page } = here;
    const answer = (items: object[]) => ({ json: { items } });
    const contract = { block: 5, sequence: 2, version: "0.1.0", policyReference: "/Channel/Application/Records" };
    const authority = { department: "CivilMSP", use: "members", subject: "ca.civil", ends: "2020-01-01T00:00:00Z" };
    await page.goto(`${originOf(world)}/ledger/software`);
    await page.getByText("账本上还没有").first().waitFor();
    await page.route("**/api/v1/contracts", (route) => route.fulfill(answer([contract])));
    await page.route("**/api/v1/authorities", (route) => route.fulfill(answer([authority])));
    await page.reload();
    await page.getByRole("row", { name: /0\.1\.0 有效 2 区块5/ }).waitFor();
    await page.getByRole("row", { name: /ca\.civil 签发成员证书.*已到期/ }).waitFor();
  });
});
