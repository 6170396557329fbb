import { expect } from "chai";
import type { ApiWorld } from "../client/api/world.js";
import { PASSPHRASE } from "../client/keys/officer.js";
import { inBrowser, type Visitor, visitor } from "./browser.js";
import { goTo, logIn, originOf, pageWorld } from "./desk.js";
import { HEALTH, type Seeded, seed, wish } from "./seed.js";

inBrowser("page", function () {
  this.timeout(60_000);
  let world: ApiWorld;
  let seeded: Seeded;
  let here: Visitor;

  before(async () => {
    world = await pageWorld();
    seeded = await seed(world);
  });

  beforeEach(async () => {
    here = await visitor();
  });

  afterEach(async () => {
    await here.context.close();
  });

  after(async () => {
    await world.stop();
  });

  it("asks who one is, says in the reader's language what is wrong and what to do, and lets nobody else in", async () => {
    const { page } = here;
    await page.goto(originOf(world));
    await page.locator("#officer").fill("CA-1");
    await page.locator("#passphrase").fill(`${PASSPHRASE}!`);
    await page.locator("button[type=submit]").click();
    await page.getByRole("alert").getByText("WRONG_PASSPHRASE").waitFor();
    expect(await page.locator("#main").count()).to.equal(0);
    await page.locator("#passphrase").fill(PASSPHRASE);
    await page.locator("button[type=submit]").click();
    await page.locator("#main").waitFor();
  });

  it("shows first what is due, with the working days left and what may be done", async () => {
    const { page, complaints } = here;
    await logIn(page, world);
    const due = page.locator(".item", { hasText: "答复申请" });
    await due.getByText("剩余5个工作日").waitFor();
    expect(await due.getByRole("link", { name: /^(?!申请与授权)/ }).allTextContents()).to.deep.equal([
      "同意并授权",
      "拒绝",
      "一次性告知补正",
    ]);
    await due.getByText("剩余5个工作日").hover();
    await page.getByRole("tooltip", { name: /2026-09-22 · .* · 2026-09-28/ }).waitFor();
    expect(complaints.filter((text) => !text.includes("401"))).to.deep.equal([]);
  });

  it("files what a form says, after it has shown what will stand on the ledger", async () => {
    const { page } = here;
    await logIn(page, world, "CA-1", `/file/application/grant/${seeded.application}`);
    await page.locator("#from").fill("2026-09-22");
    await page.locator("#to").fill("2026-10-31");
    await page.locator("#conditions_text").fill("仅限结算核对");
    await page.getByRole("button", { name: "下一步" }).click();
    await page.getByText("提交后不能更改或删除").waitFor();
    const token = await world.logIn("CA-1");
    const before = await world.call("GET", `/applications/${seeded.application}`, { token });
    expect(before.get("case.status")).to.equal("applied");
    await page.getByRole("button", { name: "签名并提交" }).click();
    await page.getByText("已记入账本").waitFor();
    const after = await world.call("GET", `/applications/${seeded.application}`, { token });
    expect(after.get("case.status")).to.equal("granted");
    expect(after.get("lastAct.body.fields")).to.deep.equal(["code", "name"]);
  });

  it("takes a provider through all that becomes of an application: more, renewal, pause, end, and an emergency", async () => {
    const { page } = here;
    const { ledger } = world;
    const user = (type: string, of: string | undefined, body: Readonly<Record<string, unknown>>) =>
      ledger.act(HEALTH, ["user"], { noun: "application", type, ...(of === undefined ? {} : { case: of }), body });
    const said = { digest: "c".repeat(64) };
    const id = (await user("apply", undefined, wish("续期核对"))).case;
    const { kind: _ordinary, ...emergency } = { ...wish("应急核对"), to: "2026-09-25" };
    const urgent = (await user("declareEmergency", undefined, emergency)).case;
    await logIn(page, world);
    const file = async (type: string, of: string, typed: () => Promise<void>) => {
      await goTo(page, `/file/application/${type}/${of}`);
      await typed();
      await page.getByRole("button", { name: "下一步" }).click();
      await page.getByRole("button", { name: "签名并提交" }).click();
      await page.getByText("已记入账本").waitFor();
      const token = await world.logIn("CA-1");
      return (await world.call("GET", `/applications/${of}`, { token })).get("case.state") as Record<string, unknown>;
    };
    const write = (member: string, text: string) => page.locator(`#${member}`).fill(text);
    const reasons = (text: string) => () => write("reasons_text", text);
    const asked = await file("requestMore", id, () => write("questions_text", "核对哪些人员？"));
    await user("supplement", id, { answers: said });
    const granted = await file("grant", id, () => write("to", "2026-10-31"));
    const day = { from: "2026-09-21", to: "2026-09-21" };
    const replaced = { documents: 3, visits: 3 };
    await user("reportUse", id, { ...day, calls: 3, rows: 9, effect: said, replaced });
    await user("requestRenewal", id, { to: "2026-12-31", frequency: { calls: 50, per: "day" } });
    // What was asked for stands in the form already.
    const renewed = await file("renew", id, async () => {
      expect(await page.locator("#to").inputValue()).to.equal("2026-12-31");
    });
    const paused = await file("suspend", id, reasons("调用异常，先行暂停"));
    const resumed = await file("resume", id, async () => undefined);
    const ended = await file("revoke", id, async () => {
      await page.locator("#basis").click();
      await page.locator(".ant-select-item-option").first().click();
      await write("reasons_text", "履职事项已经结束");
    });
    const reviewed = await file("review", urgent, async () => {
      await page.getByText("应急成立", { exact: true }).click();
      await write("reasons_text", "情况属实");
    });
    expect([asked, granted, paused, resumed, ended].map(({ status }) => status)).to.deep.equal([
      ...["incomplete", "granted", "suspended", "granted", "revoked"],
    ]);
    expect(renewed.grant).to.deep.include({ frequency: { calls: 50, per: "day" } });
    expect(reviewed).to.deep.include({ status: "granted", review: "justified" });
  });

  it("is answered everywhere below the origin, and never what is no file of it", async () => {
    for (const [path, status] of [
      ["/", 200],
      ["/catalogue", 200],
      ["/cases/dataset/CivilMSP/divisions", 200],
      ["/index.html", 200],
      ["/package.json", 404],
      ["/assets/none.js", 404],
      ["/..%2f..%2fpackage.json", 404],
      ["/api/v2", 200],
      ["/api/v1/none", 404],
    ] as const) {
      const answer = await fetch(originOf(world) + path);
      expect(answer.status, path).to.equal(status);
      const type = status === 200 ? "text/html; charset=utf-8" : undefined;
      if (type !== undefined) expect(answer.headers.get("content-type"), path).to.equal(type);
    }
  });

  it("comes with a policy that lets nothing run but its own files, and with another nonce each time", async () => {
    const policies = await Promise.all(
      ["/", "/"].map(
        async (path) => (await fetch(originOf(world) + path)).headers.get("content-security-policy") ?? "",
      ),
    );
    for (const policy of policies) {
      expect(policy).not.to.match(/unsafe|\*|https?:/);
      expect(policy).to.include("default-src 'none'; script-src 'self';");
      expect(policy).to.include("frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default");
    }
    expect(policies[0]).not.to.equal(policies[1]);
  });
});
