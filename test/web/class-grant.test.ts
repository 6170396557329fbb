import { expect } from "chai";
import { type ApiWorld, CIVIL, DATASET } from "../client/api/world.js";
import { inBrowser, type Visitor, visitor } from "./browser.js";
import { goTo, logIn, pageWorld } from "./desk.js";
import { seed } from "./seed.js";

const TOWNS = `${CIVIL}/towns`;
const GRANT = "ab".repeat(32);
const RELEASE = "cd".repeat(32);
const OWN = {
  ...{
    noun: "application",
    case: GRANT,
    status: "granted",
    act: 2,
    changed: { block: 3, time: "2026-09-21T01:00:00Z" },
  },
  state: {
    ...{ status: "granted", kind: "blanket", dataset: DATASET, provider: CIVIL, consumer: "HealthMSP" },
    ...{ purpose: "lookup", scenario: "结算核对" },
    grant: { fields: ["code"], ofClass: { category: ["基础"], maxGrade: 2, later: "included", extent: "allFields" } },
  },
};
const COVERED = [
  { dataset: DATASET, name: "行政区划代码", fields: ["code"] },
  { dataset: TOWNS, name: "乡镇代码", fields: ["code", "mayor"] },
];

inBrowser("using data under a grant for a class", function () {
  this.timeout(60_000);
  let world: ApiWorld;
  let here: Visitor;

  before(async () => {
    world = await pageWorld();
    await seed(world);
    here = await visitor();
    await logIn(here.page, world, "CA-1", "/key");
  });

  after(async () => {
    await here?.context.close();
    await world.stop();
  });

  it("lets the officer choose among the datasets that it covers now, and asks for that one's fields", async () => {
    const { page } = here;
    // The node of this world has no exchange: its grants, and what comes, are played.
    await page.route("**/api/v1/applications?*", (route) => route.fulfill({ json: { items: [OWN] } }));
    await page.route(`**/api/v1/applications/${GRANT}/datasets`, (route) =>
      route.fulfill({ json: { items: COVERED } }),
    );
    await page.route("**/api/v1/releases?*", (route) => route.fulfill({ json: { items: [{ case: RELEASE }] } }));
    let asked: unknown;
    await page.route("**/api/v1/accesses", (route) => {
      asked = route.request().postDataJSON();
      const payload = { fields: ["code", "mayor"], rows: [["411302", "张"]], more: false };
      return route.fulfill({ json: { record: "e".repeat(64), payload, proofs: [] } });
    });
    await goTo(page, "/data");
    await page.locator("#grant").click();
    await page.getByText("行政区划代码 · 结算核对").click();
    await page.locator("#subject-code").waitFor();
    expect(await page.locator("#subject-mayor").count(), "a field of the other dataset").to.equal(0);
    await page.locator("#dataset").click();
    await page.getByText("乡镇代码", { exact: true }).click();
    await page.locator("#subject-mayor").fill("张");
    await page.getByRole("button", { name: "签名并调用" }).click();
    await page.getByRole("cell", { name: "411302" }).waitFor();
    expect(asked).to.deep.equal({
      grant: GRANT,
      dataset: TOWNS,
      release: RELEASE,
      way: "lookup",
      subject: { mayor: "张" },
    });
    expect(here.complaints).to.deep.equal([]);
  });
});
