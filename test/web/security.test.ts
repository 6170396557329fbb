import { MAX_FAILURES } from "@wanlian/client/keys/officers/attempts.js";
import { expect } from "chai";
import type { ApiWorld } from "../client/api/world.js";
import { PASSPHRASE } from "../client/keys/officer.js";
import { inBrowser, type Visitor, visitor } from "./browser.js";
import { goTo, logIn, originOf, pageWorld } from "./desk.js";
import { ENTRY, HEALTH, seed, wish } from "./seed.js";

/** What an officer of another department could write on the ledger, hoping that a page makes something of it. */
const HOSTILE = `<img src=x onerror="window.taken=1"><script>window.taken=1</script>&lt;b&gt;{{t}}`;

/** The same as a name, after a mark of text that runs from right to left; marks that turn text round no rule takes. */
const NAME = `\u200f${HOSTILE}`;
const HOSTILE_CASE = `${HEALTH}/hostile`;

inBrowser("the page's security", function () {
  this.timeout(90_000);
  let world: ApiWorld;
  let here: Visitor;

  before(async () => {
    world = await pageWorld();
    await seed(world);
    const body = { ...wish(HOSTILE), duty: HOSTILE };
    await world.ledger.act(HEALTH, ["user"], { noun: "application", type: "apply", body });
    const entry = { ...ENTRY, code: "hostile", name: NAME };
    await world.ledger.act(HEALTH, ["steward"], { noun: "dataset", type: "register", case: HOSTILE_CASE, body: entry });
    const motion = { kind: "admit", subject: "EducationMSP", name: NAME };
    await world.ledger.act(HEALTH, ["administrator"], { noun: "consortium", type: "propose", body: motion });
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

  it("shows text from the ledger as the text that it is, wherever it stands", async () => {
    const { page } = here;
    await logIn(page, world);
    const sought = encodeURIComponent(HOSTILE_CASE);
    for (const [place, shown] of [
      ["/catalogue", HOSTILE],
      [`/cases/dataset/${HOSTILE_CASE}`, HOSTILE],
      [`/trace?what=${sought}`, HOSTILE],
      [`/trace?what=${encodeURIComponent(HOSTILE)}`, "没有找到"],
      ["/ledger/consortium", undefined],
      [`/object?dataset=${sought}`, undefined],
      ["/use", undefined],
      ["/", undefined],
      ["/cases/application", undefined],
    ] as const) {
      await goTo(page, place);
      if (shown !== undefined) await page.locator(".main", { hasText: shown }).waitFor();
      expect(await page.evaluate("window.taken"), place).to.equal(undefined);
      expect(await page.locator(".main img, .main script").count(), place).to.equal(0);
    }
    await page.locator(".main a", { hasText: "申请与授权" }).first().click();
    await page.getByText(HOSTILE).first().waitFor();
    expect(await page.evaluate("window.taken")).to.equal(undefined);
    expect(await page.locator(".main img").count()).to.equal(0);
  });

  it("makes no markup of text, and no code, even where a script in it tries", async () => {
    const { page } = here;
    await page.goto(originOf(world));
    await page.locator("#officer").waitFor();
    const refused = await page.evaluate<string[]>(`(() => {
      const refusals = [];
      const attempt = (name, work) => { try { work(); refusals.push("did " + name); } catch (error) { refusals.push(name); } };
      attempt("markup", () => { document.createElement("div").innerHTML = "<b>x</b>"; });
      attempt("script", () => { document.createElement("script").text = "window.taken = 1"; });
      return refusals;
    })()`);
    expect(refused).to.deep.equal(["markup", "script"]);
  });

  it("is framed by nobody", async () => {
    const { page } = here;
    await page.route("http://attacker.example/", (route) =>
      route.fulfill({ contentType: "text/html", body: `<iframe src="${originOf(world)}"></iframe>` }),
    );
    await page.goto("http://attacker.example/");
    const frame = page.frames().find((one) => one !== page.mainFrame());
    expect(await frame?.locator("#officer").count()).to.equal(0);
  });

  it("takes no command from another origin, cookie or not", async () => {
    const token = await world.logIn("CA-1");
    const headers = { Cookie: `wanlian_session=${token}`, Origin: "http://attacker.example" };
    const init = { method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: "{}" };
    const answer = await fetch(`${world.base}/notices/read`, init);
    expect(((await answer.json()) as { code: string }).code).to.equal("CROSS_SITE");
  });

  it("takes no form that another origin has a logged-in officer's browser send", async () => {
    const { page } = here;
    await logIn(page, world);
    const form = `<form method="post" enctype="text/plain" action="${world.base}/notices/read"><input name="{}"></form>
      <script>document.forms[0].submit()</script>`;
    await page.route("http://attacker.example/", (route) => route.fulfill({ contentType: "text/html", body: form }));
    const sent = page.waitForResponse((response) => response.url().endsWith("/notices/read"));
    await page.goto("http://attacker.example/", { waitUntil: "commit" });
    expect((await sent).status()).to.equal(403);
  });

  it("gives its session to no script, to no other site, and over TLS to no line without it", async () => {
    const proxied = await pageWorld({ door: { trustedProxies: ["127.0.0.1"] } });
    try {
      const { page, context } = here;
      await context.setExtraHTTPHeaders({ "X-Forwarded-Proto": "https" });
      await page.goto(originOf(proxied));
      await typeLogIn(page, PASSPHRASE);
      await page.locator("#main").waitFor();
      const [cookie] = await context.cookies();
      expect(cookie).to.include({ httpOnly: true, secure: true, sameSite: "Strict" });
      expect(await page.evaluate("document.cookie")).to.equal("");
    } finally {
      await proxied.stop();
    }
  });

  it("locks out whoever guesses passphrases, and says for how long", async () => {
    const guessed = await pageWorld();
    try {
      const { page } = here;
      await page.goto(originOf(guessed));
      for (let failures = 0; failures < MAX_FAILURES; failures += 1) {
        const refused = page.waitForResponse((response) => response.url().endsWith("/sessions"));
        await typeLogIn(page, `${PASSPHRASE}${failures}`);
        expect((await refused).status()).to.equal(401);
      }
      await typeLogIn(page, PASSPHRASE);
      await page.getByRole("alert").getByText("LOCKED_OUT").waitFor();
      expect(await page.locator("#main").count()).to.equal(0);
    } finally {
      await guessed.stop();
    }
  });

  it("ends on every open tab, and keeps what was typed for whoever logs in again", async () => {
    const { page, context } = here;
    await logIn(page, world);
    await page.goto(`${originOf(world)}/file/demand/publish`);
    await page.locator("#name").fill("婚姻登记数据");
    const second = await context.newPage();
    await second.goto(originOf(world));
    await second.getByRole("button", { name: "退出登录" }).click();
    await page.getByText("登录已结束").waitFor();
    await logInAgain(page);
    expect(await page.locator("#name").inputValue()).to.equal("婚姻登记数据");
    await page.reload();
    expect(await page.locator("#name").inputValue()).to.equal("婚姻登记数据");
  });

  async function typeLogIn(page: Visitor["page"], passphrase: string): Promise<void> {
    await page.locator("#officer").fill("CA-1");
    await page.locator("#passphrase").fill(passphrase);
    await page.locator("button[type=submit]:enabled").click();
  }

  async function logInAgain(page: Visitor["page"]): Promise<void> {
    await page.locator("#passphrase").fill(PASSPHRASE);
    await page.locator(".ant-modal button[type=submit]").click();
    await page.getByText("登录已结束").waitFor({ state: "hidden" });
  }
});
