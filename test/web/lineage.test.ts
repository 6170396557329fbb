import type { Digest } from "@wanlian/model/identifiers.js";
import { releaseRoot } from "@wanlian/model/release/release-root.js";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { type ApiWorld, ENTRY } from "../client/api/world.js";
import { inBrowser, type Visitor, visitor } from "./browser.js";
import { goTo, logIn, pageWorld } from "./desk.js";
import { HEALTH, type Seeded, seed } from "./seed.js";

inBrowser("the page of a lineage", function () {
  this.timeout(60_000);
  let world: ApiWorld;
  let seeded: Seeded;
  let births: string;
  let here: Visitor;

  before(async () => {
    world = await pageWorld();
    seeded = await seed(world);
    births = await made("births", "出生统计", [seeded.release]);
    await world.ledger.act("CivilMSP", ["steward"], {
      ...{ noun: "release", type: "withdraw", case: seeded.release, body: {} },
    });
    here = await visitor();
    await logIn(here.page, world);
  });

  after(async () => {
    await here?.context.close();
    await world.stop();
  });

  /** A release of a dataset of the health commission, one of whose fields was counted from another's. */
  async function made(code: string, name: string, derivedFrom: readonly string[]): Promise<string> {
    const dataset = { ...ENTRY, code, name };
    await world.ledger.act(HEALTH, ["steward"], { noun: "dataset", type: "register", body: dataset });
    const fields = ["code", "name"].map((field, at) => ({ name: field, digest: String(at).repeat(64) as Digest }));
    const body = {
      ...{ dataset: `${HEALTH}/${code}`, fields, root: releaseRoot(fields), rows: 3, rowRoot: "c".repeat(64) },
      ...{ period: { from: "2022-01-01", to: "2022-12-31" }, derivedFrom },
      selfCheck: [{ dimension: "completeness", ratio: 9_950 }],
      derivation: derivedFrom.map((source) => ({ source, how: "aggregated", fields: [{ field: "code", as: "code" }] })),
    };
    return (await world.ledger.act(HEALTH, ["steward"], { noun: "release", type: "register", body })).case;
  }

  const nodes = (page: Page) => page.locator(".react-flow__node:not(.lineage-lane)");

  it("shows departments as lanes, left to right, and what rests on wrong data, as picture and table", async () => {
    const { page, complaints } = here;
    await goTo(page, `/lineage/${births}`);
    await nodes(page).nth(1).waitFor();
    expect(await page.locator(".lineage-lane").count()).to.equal(2);
    expect(await page.locator(".lineage-wrong").count()).to.equal(1);
    expect(await page.locator(".lineage-affected").count()).to.equal(1);
    const [source, product] = await Promise.all(
      [".lineage-wrong", ".lineage-affected"].map(async (mark) => page.locator(mark).boundingBox()),
    );
    if (source === null || source === undefined || !product) throw new Error("the picture shows neither");
    expect(source.x + source.width, "sources stand left of what was made of them").to.be.below(product.x);
    expect(product.y, "in a lane of its own").to.be.above(source.y + source.height);
    await page.getByRole("row", { name: /出生统计.*所依据的数据有误/ }).waitFor();
    expect(complaints).to.deep.equal([]);
  });

  it("opens a release to its fields, and follows one of them", async () => {
    const { page, complaints } = here;
    await goTo(page, `/lineage/${births}`);
    await page.locator(".lineage-affected").click();
    await page.locator(".lineage-affected .lineage-field", { hasText: "code" }).waitFor();
    await page.getByRole("combobox", { name: "追溯字段" }).fill("code");
    await page.keyboard.press("Enter");
    await page.locator(".lineage-wrong .lineage-way", { hasText: "code" }).waitFor();
    await page.getByRole("row", { name: /行政区划代码.*code.*汇总.*出生统计.*code/ }).waitFor();
    expect(complaints).to.deep.equal([]);
  });
});
