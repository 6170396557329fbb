import { readFile } from "node:fs/promises";
import { cellDigest, digestsIn, textOf } from "@wanlian/client/sheets/compared/keyed-digests.js";
import { expect } from "chai";
import type { Request } from "playwright-core";
import { seedQuality } from "../client/api/quality-seed.js";
import { type ApiWorld, apiWorld, HEALTH } from "../client/api/world.js";
import { inBrowser, type Visitor, visitor } from "./browser.js";
import { BUILT_PAGE } from "./built-page.js";
import { goTo, logIn, pageWorld } from "./desk.js";

const OWN = "code,name,born\n1,甲,2026-01-01\n2,乙,2026-02-02\n3,丙,2026-03-03\n";

interface Asked {
  readonly by: readonly string[];
  readonly fields: readonly string[];
  readonly compared: { readonly key: string; readonly rows: string };
}

/** The other side, which has the second row otherwise and lacks the third. */
function answered(request: Request): { readonly body: string } {
  const { fields, compared } = request.postDataJSON() as Asked;
  const key = Buffer.from(compared.key, "hex");
  const names = [...digestsIn(compared.rows)].map(textOf);
  const lines = ["甲", "别名"].map((name, at) => [
    names[at],
    textOf(cellDigest(key, [String(at + 1)], fields[1] as string, name)),
  ]);
  return { body: ["(row),name", ...lines.map((line) => line.join(","))].map((line) => `${line}\n`).join("") };
}

const fileOf = (text: string, name = "own.csv") => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

inBrowser("comparing and checking on the page", function () {
  this.timeout(60_000);
  let civil: ApiWorld;
  let health: ApiWorld;
  let grant: string;
  let here: Visitor;

  before(async () => {
    civil = await pageWorld();
    ({ grant } = await seedQuality(civil));
    const channel = civil.ledger.shared;
    health = await apiWorld({ page: BUILT_PAGE, department: HEALTH, channel, enrolled: { "HA-3": ["user"] } });
    here = await visitor();
    await logIn(here.page, health, "HA-3", "/compare");
  });

  after(async () => {
    await here?.context.close();
    await health?.stop();
    await civil.stop();
  });

  const choose = async (id: string, ...options: string[]) => {
    const { page } = here;
    // A click would close what an earlier one has opened.
    await page.locator(`#${id}`).focus();
    await page.keyboard.press("ArrowDown");
    for (const option of options)
      await page.locator(".ant-select-dropdown:visible .ant-select-item-option").filter({ hasText: option }).click();
    await page.keyboard.press("Escape");
  };
  const row = (name: RegExp) => here.page.getByRole("row", { name });

  it("reads a file here alone, sends digests of its keys, and names what differs by rows of it", async () => {
    const { page } = here;
    const asked: string[] = [];
    await page.route("**/api/v1/comparisons", (route) => {
      asked.push(route.request().postData() ?? "");
      return route.fulfill({ contentType: "text/csv", ...answered(route.request()) });
    });
    await choose("grant", "出生登记");
    await page.locator("input[type=file]").setInputFiles(fileOf(OWN));
    await choose("by", "code");
    await page.getByRole("row", { name: /字段 code.*name/ }).waitFor();
    await page.getByRole("button", { name: "开始比对" }).click();
    await row(/^2 2 不同 name 乙$/).waitFor();
    await row(/^3 3 对方没有 — —$/).waitFor();
    await row(/^name 1 1$/).waitFor();
    expect(asked).to.have.length(1);
    expect(asked[0]).to.not.match(/[甲乙丙]|2026-0[123]/);
    const { by, fields, grant: under } = JSON.parse(asked[0] ?? "") as Asked & { readonly grant: string };
    expect([by, fields, under]).to.deep.equal([["code"], ["code", "name"], grant]);
  });

  it("shows rows of one kind alone, and saves all of them", async () => {
    const { page } = here;
    await page.getByRole("radiogroup", { name: "显示哪些" }).getByText("对方没有 1").click();
    await row(/^3 3 对方没有/).waitFor();
    expect(await row(/^2 2 不同/).count()).to.equal(0);
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "导出为 CSV" }).click();
    const text = await readFile(await (await saved).path(), "utf8");
    expect(text).to.equal("row,code,finding,field,own\n3,3,absent,,\n2,2,different,name,乙\n");
  });

  it("says which rows have the same key, that nothing is common, that the node refuses, and that it was given up", async () => {
    const { page } = here;
    const begin = page.getByRole("button", { name: "开始比对" });
    const open = async (text: string, name: string) =>
      page.locator("input[type=file]").setInputFiles(fileOf(text, name));
    await open("code,name\n1,a\n2,b\n1,c\n", "double.csv");
    await choose("by", "code");
    await begin.click();
    await page.getByRole("alert").getByText("第1行与第3行的认定字段相同").waitFor();
    await open("code,other\n1,a\n", "foreign.csv");
    await page.getByRole("alert").getByText("foreign.csv与授权的字段少于2个相同").waitFor();
    await page.route("**/api/v1/comparisons", (route) =>
      route.fulfill({ status: 409, json: { status: 409, code: "REFUSED", title: "提供部门拒绝调用", detail: "" } }),
    );
    await open(OWN, "refused.csv");
    await choose("by", "code");
    await begin.click();
    await page.getByRole("alert").getByText("提供部门拒绝调用（REFUSED）").waitFor();
    await page.unrouteAll();
    await page.route("**/api/v1/comparisons", () => undefined);
    await begin.click();
    await page.getByRole("button", { name: "停止" }).click();
    await page.getByText("已停止，没有结果").waitFor();
    await page.unrouteAll();
  });

  it("says where the department holds no grant", async () => {
    const { page } = here;
    await page.route("**/api/v1/applications?*", (route) => route.fulfill({ json: { items: [] } }));
    await page.reload();
    await page.getByText("没有用于信息核验的有效授权").waitFor();
    await page.unrouteAll();
    // What was answered would stand for the next page too, as long as it counts as fresh.
    await page.reload();
    await page.locator("#grant").waitFor();
  });

  it("checks one record by rules and under grants, and says what each of them says", async () => {
    const { page } = here;
    await goTo(page, "/quick-check");
    const rule = { rule: "name-there", dimension: "completeness", severity: "error" };
    const message = { zh: "缺名称", en: "no name" };
    const source = { grant, outcome: "differs", differing: ["name"], records: ["a", "b", "c"] };
    let asked: unknown;
    await page.route("**/api/v1/quick-checks", (route) => {
      asked = route.request().postDataJSON();
      const body = { passed: false, rules: [{ ...rule, outcome: "failed", message }], sources: [source] };
      return route.fulfill({ json: body });
    });
    const check = page.getByRole("button", { name: "校核", exact: true });
    expect(await check.isDisabled()).to.equal(true);
    await page.locator("input[type=file]").setInputFiles(fileOf("version: 1\n", "rules.yaml"));
    await choose("sources", "出生登记");
    await choose(`key-${grant}`, "code");
    await page.locator("#cell-code").fill("411302");
    await page.getByRole("checkbox", { name: "name无值" }).check();
    await page.locator("#column").fill("level");
    await page.getByRole("button", { name: "添加", exact: true }).click();
    await page.locator("#cell-level").fill("county");
    await check.click();
    await row(/^name-there 不合格 缺名称 完整性 错误$/).waitFor();
    await row(/^出生登记 .* 不符 name 3$/).waitFor();
    expect(asked).to.deep.equal({
      record: { code: "411302", name: null, level: "county" },
      rules: "version: 1\n",
      sources: [{ grant, by: ["code"] }],
    });
    // What is changed has not been checked.
    await page.locator("#cell-level").fill("town");
    expect(await row(/^name-there/).count()).to.equal(0);
  });

  it("says what the node says of rules that it cannot read", async () => {
    const { page } = here;
    await page.unrouteAll();
    const problem = { status: 400, code: "RULES_MALFORMED", title: "规则文件有误", detail: "line 3" };
    await page.route("**/api/v1/quick-checks", (route) => route.fulfill({ status: 400, json: problem }));
    await page.getByRole("button", { name: "校核", exact: true }).click();
    await page.getByRole("alert").getByText("规则文件有误（RULES_MALFORMED）").waitFor();
  });
});
