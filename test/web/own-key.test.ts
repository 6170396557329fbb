import { canonicalJson } from "@wanlian/model/canonical.js";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { inBrowser, type Visitor, visitor } from "./browser.js";
import { type SigningWorld, signingWorld } from "./signing-world.js";

/** What a script in the page would do to get at the key. */
const TAKE_OUT = `new Promise((done) => {
  const opening = indexedDB.open("wanlian.keys", 1);
  opening.onsuccess = () => {
    const asked = opening.result.transaction("keys").objectStore("keys").get("own");
    asked.onsuccess = () =>
      crypto.subtle.exportKey("pkcs8", asked.result.privateKey).then(
        (taken) => done(taken.byteLength ?? "taken out"),
        (error) => done(error.name),
      );
  };
})`;

/** What it can do with the key all the same. */
const USE = TAKE_OUT.replace(
  'exportKey("pkcs8", asked.result.privateKey)',
  'sign({ name: "ECDSA", hash: "SHA-256" }, asked.result.privateKey, new Uint8Array(1))',
);

inBrowser("a key in the browser", function () {
  this.timeout(90_000);
  let world: SigningWorld;
  let here: Visitor;

  before(async () => {
    world = await signingWorld();
    here = await visitor();
  });

  after(async () => {
    await here?.context.close();
    await world.stop();
  });

  async function publish(page: Page, name: string): Promise<void> {
    await page.goto(`${world.origin}/file/demand/publish`);
    await page.locator("#name").fill(name);
    await page.locator("#description").fill("核对结算");
    await page.getByText("信息核验").click();
    await page.locator("#duty").fill("婚姻登记");
    await page.locator("#addressee").click();
    await page.locator(".ant-select-item-option").last().click();
    await page.getByRole("button", { name: "下一步" }).click();
    await page.getByRole("button", { name: "签名并提交" }).click();
  }

  it("is made there, certified by the department, and logs its officer in; the node never has it", async () => {
    const { page } = here;
    await page.goto(world.origin);
    await page.getByText("本人密钥").click();
    // Whoever asked for the wrong one takes it back: there is but one place for a key.
    await page.locator("#officer").fill("1010");
    await page.getByRole("button", { name: "生成密钥和证书申请" }).click();
    await page.getByRole("button", { name: "从本浏览器删除" }).click();
    await page.getByRole("button", { name: "删除密钥" }).click();
    await page.locator("#officer").fill("1001");
    await page.getByRole("button", { name: "生成密钥和证书申请" }).click();
    const request = (await page.locator("pre").textContent()) ?? "";
    const certificate = await world.certify("1001", ["user", "steward"], request);
    await world.officers.enrolBrowserKey(certificate);
    await page.locator("#certificate").fill(certificate);
    await page.getByRole("button", { name: "装入证书" }).click();
    await page.getByRole("button", { name: "用本浏览器中的密钥登录" }).click();
    await page.locator("#main").waitFor();
    const exported = await page.evaluate(TAKE_OUT);
    expect(exported).to.equal("InvalidAccessError");
  });

  it("can be used by an altered page of this origin while it is open, and not be taken: so there is a signing page", async () => {
    const signed = await here.page.evaluate(USE);
    expect(signed).to.equal(64);
  });

  it("signs what its officer decided, through proposal and transaction, and it counts", async () => {
    const { page } = here;
    await publish(page, "出生登记");
    await page.getByText("已记入账本").waitFor();
    expect(world.network.submitted).to.have.length(1);
  });

  it("signs each verification of a quick check, and asks no more of them than it takes", async () => {
    const { page } = here;
    const fields = ["code", "name", "level"];
    const state = { dataset: "CivilMSP/births", provider: "CivilMSP", purpose: "verification", scenario: "窗口核对" };
    const granted = {
      noun: "application",
      case: "a".repeat(64),
      status: "granted",
      state: { ...state, grant: { fields } },
    };
    await page.route("**/api/v1/applications?*", (route) => route.fulfill({ json: { items: [granted] } }));
    await page.route("**/api/v1/releases?*", (route) => route.fulfill({ json: { items: [{ case: "b".repeat(64) }] } }));
    const asked: string[][] = [];
    const desks = new Set<string | undefined>();
    let isRefused = false;
    await page.route("**/api/v1/accesses", (route) => {
      const body = route.request().postDataJSON() as { fields: string[]; subject: Record<string, string>; way: string };
      desks.add(route.request().headers()["wanlian-desk"]);
      asked.push(body.fields);
      expect(Object.keys(body.subject)).to.deep.equal(body.fields);
      const record = "c".repeat(64);
      if (isRefused) {
        const details = { record, reason: "QUOTA_EXCEEDED" };
        return route.fulfill({ status: 409, json: { status: 409, code: "REFUSED", title: "", detail: "", details } });
      }
      return route.fulfill({ json: { record, payload: { match: !body.fields.includes("name") } } });
    });
    await page.goto(`${world.origin}/quick-check`);
    const choose = async (id: string, option: string) => {
      await page.locator(`#${id}`).focus();
      await page.keyboard.press("ArrowDown");
      await page.locator(".ant-select-dropdown:visible .ant-select-item-option").filter({ hasText: option }).click();
      await page.keyboard.press("Escape");
    };
    await choose("sources", "窗口核对");
    await choose(`key-${granted.case}`, "code");
    for (const field of fields) await page.locator(`#cell-${field}`).fill(`${field} 1`);
    const check = page.getByRole("button", { name: "校核", exact: true });
    await check.click();
    await page.getByRole("row", { name: /不符 name 4$/ }).waitFor();
    expect(asked).to.deep.equal([["code", "name", "level"], ["code"], ["code", "name"], ["code", "level"]]);
    expect(desks.has(undefined)).to.equal(false);
    expect(desks.size, "a decision of its own for each").to.equal(4);
    isRefused = true;
    await check.click();
    await page.getByRole("row", { name: /已拒绝 .*频次.* 1$/ }).waitFor();
    await page.unrouteAll();
  });

  it("signs nothing that a lying node puts in its place, and says so", async () => {
    const { page } = here;
    const before = world.network.submitted.length;
    world.network.lie = ([input = ""]) => {
      const command = JSON.parse(input) as { body: object };
      return [canonicalJson({ ...command, body: { ...command.body, duty: "另一事项" } })];
    };
    await publish(page, "死亡登记");
    await page.getByText("节点请求签署的内容与您的决定不符").waitFor();
    await page.getByText("OTHER_CONTENT").waitFor();
    await page.getByText("内容与所填不同").waitFor();
    world.network.lie = (args) => args;
    world.network.tamper = (act) => ({ ...act, state: { ...act.state, name: "改名" } });
    await publish(page, "死亡登记");
    await page.getByText("OTHER_ACT").waitFor();
    world.network.tamper = (act) => act;
    expect(world.network.submitted).to.have.length(before);
    await publish(page, "死亡登记");
    await page.getByText("已记入账本").waitFor();
  });

  it("logs nobody in by a signature that was used, or is another's", async () => {
    const post = async (path: string, body?: object) => {
      const headers = { "Content-Type": "application/json" };
      const init = body === undefined ? {} : { headers, body: JSON.stringify(body) };
      const answer = await fetch(`${world.origin}/api/v1${path}`, { method: "POST", ...init });
      return (await answer.json()) as { nonce?: string; code?: string };
    };
    const { nonce } = await post("/sessions/nonces");
    const signature = Buffer.from("30060201010201ff", "hex").toString("base64");
    expect((await post("/sessions/signed", { officer: "1001", nonce, signature })).code).to.equal("BAD_SIGNATURE");
    const old = { officer: "1001", nonce: "a".repeat(64), signature };
    expect((await post("/sessions/signed", old)).code).to.equal("BAD_SIGNATURE");
    expect((await post("/sessions/signed", { ...old, officer: "4711" })).code).to.equal("UNKNOWN_OFFICER");
  });
});
