import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { exportPkcs12 } from "@wanlian/client/keys/officers/pkcs12.js";
import { PAGE, type PageWord } from "@wanlian/words/index.js";
import { expect } from "chai";
import type { Page } from "playwright-core";
import type { ApiWorld } from "../client/api/world.js";
import { inBrowser, type Visitor, visitor } from "./browser.js";
import { BUILT_PAGE } from "./built-page.js";
import { goTo, originOf, pageWorld } from "./desk.js";
import { FILE_PASSPHRASE, keyFor, WITHOUT_KEY } from "./key-files.js";
import { type SigningWorld, signingWorld } from "./signing-world.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** As the page of the node may be altered by whoever serves it: it asks the signing page for all that it can. */
const ALTERED = `
const { port1, port2 } = new MessageChannel();
const waiting = [];
port1.onmessage = ({ data }) => waiting.shift()(data);
window.ask = (question) => new Promise((told) => { waiting.push(told); port1.postMessage({ id: 1, ...question }); });
window.opener.postMessage("wanlian.signing/1", "*", [port2]);
window.proposalOf = async (body) => {
  const desk = crypto.randomUUID();
  const source = new EventSource("/api/v1/signing/" + desk);
  await new Promise((ready) => source.addEventListener("ready", ready));
  const asked = new Promise((told) => source.addEventListener("sign", ({ data }) => told(JSON.parse(data).message)));
  const headers = { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID(), "Wanlian-Desk": desk };
  fetch("/api/v1/demands", { method: "POST", headers, body: JSON.stringify(body) });
  return Uint8Array.from(atob(await asked), (letter) => letter.charCodeAt(0));
};
document.body.append("altered");
`;

/** A demand, as an officer wants it and as somebody else would have it. */
const wanted = (name: string) => ({
  name,
  description: "核对结算",
  purpose: "verification",
  duty: "婚姻登记",
  addressee: "BureauMSP",
});

const HELD = `new Promise((done) => {
  const opening = indexedDB.open("wanlian.keys", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("keys");
  opening.onsuccess = () => {
    const asked = opening.result.transaction("keys").objectStore("keys").get("own");
    asked.onsuccess = () => { opening.result.close(); done(asked.result === undefined ? "none" : "a key"); };
  };
})`;

/** What a script in the page would do to get at the key. */
const TAKE_OUT = HELD.replace(
  'opening.result.close(); done(asked.result === undefined ? "none" : "a key");',
  "opening.result.close(); crypto.subtle.exportKey('pkcs8', asked.result.privateKey).then(() => done('taken out'), ({ name }) => done(name));",
);

const PKCS12 = "application/x-pkcs12";

const say = (key: PageWord): string => PAGE[key].zh;

for (const [where, place] of [
  ["on the officer's own disk", "file"],
  ["from another department's node", "other node"],
] as const) {
  inBrowser(`the signing page, opened ${where}`, function () {
    this.timeout(90_000);
    let world: SigningWorld;
    let other: ApiWorld;
    let here: Visitor;
    let signing: Page;
    let node: Page;

    before(async () => {
      world = await signingWorld();
      other = await pageWorld();
      here = await visitor();
      signing = here.page;
      const address = place === "file" ? pathToFileURL(join(BUILT_PAGE, "signing.html")).href : originOf(other);
      await signing.goto(place === "file" ? address : `${address}/signing.html`);
      await openNode();
    });

    after(async () => {
      await here?.context.close();
      await other?.stop();
      await world?.stop();
    });

    async function openNode(): Promise<void> {
      await signing.locator("#address").fill(world.origin);
      const opened = node === undefined ? here.context.waitForEvent("page") : node.waitForEvent("load");
      await signing.getByRole("button", { name: say("signer.open") }).click();
      const page = await opened;
      node ??= page;
    }

    async function logIn(): Promise<void> {
      await node.getByRole("button", { name: say("logIn.withSigner") }).click();
      await node.locator("#main").waitFor();
    }

    /** Up to what is to be signed; says so there. */
    async function decide(name: string): Promise<void> {
      // A form that was filed begins anew for whoever comes to it again.
      await goTo(node, "/key");
      await goTo(node, "/file/demand/publish");
      await node.locator("#name").fill(name);
      await node.locator("#description").fill("核对结算");
      await node.getByText("信息核验").click();
      await node.locator("#duty").fill("婚姻登记");
      await node.locator("#addressee").click();
      await node.locator(".ant-select-item-option").last().click();
      await node.getByRole("button", { name: say("do.next") }).click();
      await node.getByRole("button", { name: say("do.file") }).click();
      await node.getByText(say("signer.waits")).waitFor();
      await signing.locator(".asked").getByText(name).waitFor();
    }

    const press = (key: PageWord) => signing.getByRole("button", { name: say(key), exact: true }).click();

    async function openFile(content: Buffer, passphrase: string): Promise<void> {
      await signing.locator("#file").setInputFiles({ name: "3001.p12", mimeType: PKCS12, buffer: content });
      await signing.locator("#passphrase").fill(passphrase);
      await press("key.pkcs12.open");
    }

    it("takes in no file without a key, of another's authority, cut off, huge, or that its passphrase does not open", async () => {
      const own = await keyFor("3001", (request) => world.certify("3001", ["user"], request));
      const foreign = await keyFor("3002", (request) => world.ledger.certify("PoliceMSP", "3002", [], request));
      const file = await exportPkcs12(own, FILE_PASSPHRASE, "3001");
      for (const [content, passphrase, said] of [
        [file, "another passphrase", "key.wrongPassphrase"],
        [WITHOUT_KEY, "a plain passphrase", "key.pkcs12.mismatch"],
        [await exportPkcs12(foreign, FILE_PASSPHRASE, "3002"), FILE_PASSPHRASE, "key.foreign"],
        [file.subarray(0, file.length - 9), FILE_PASSPHRASE, "key.damaged"],
        [Buffer.concat([file, Buffer.alloc(1_000_000)]), FILE_PASSPHRASE, "key.damaged"],
      ] as const) {
        await openFile(content, passphrase);
        await signing
          .getByRole("alert")
          .filter({ hasText: say(said) })
          .waitFor();
        expect(await signing.evaluate(HELD)).to.equal("none");
      }
    });

    it("opens a key's file as the command line writes it, and logs its officer in by it", async () => {
      const own = await keyFor("3003", (request) => world.certify("3003", ["user"], request));
      await world.officers.enrolBrowserKey(own.certificatePem);
      await openFile(await exportPkcs12(own, FILE_PASSPHRASE, "3003"), FILE_PASSPHRASE);
      await signing.getByText(say("key.ready")).waitFor();
      await signing.locator("dd", { hasText: "3003" }).waitFor();
      expect(await signing.evaluate(TAKE_OUT)).to.equal("InvalidAccessError");
      await logIn();
      expect(await node.evaluate(HELD)).to.equal("none");
      await press("key.forget");
      await here.context.clearCookies();
      await openNode();
    });

    it("has its key made there and certified for the node's ledger, and logs its officer in; the node's page has none", async () => {
      await signing.locator("#officer").fill("1001");
      await press("key.make");
      const request = (await signing.locator("#request").textContent()) ?? "";
      const certificate = await world.certify("1001", ["user", "steward"], request);
      await world.officers.enrolBrowserKey(certificate);
      await signing.locator("#certificate").fill(certificate);
      await press("key.install");
      await signing.getByText(say("key.ready")).waitFor();
      await logIn();
      expect(await node.evaluate(HELD)).to.equal("none");
      expect(await signing.evaluate(HELD)).to.equal("a key");
    });

    it("signs what its officer has read there, and it counts", async () => {
      await decide("出生登记");
      await press("signer.sign");
      await node.getByText("已记入账本").waitFor();
      expect(world.network.submitted).to.have.length(1);
      await signing.locator("ol li", { hasText: "发布需求" }).first().waitFor();
    });

    it("signs nothing that its officer declines, and nothing that a lying node puts in its place", async () => {
      await decide("死亡登记");
      await press("signer.decline");
      await node.getByText("DECLINED").waitFor();
      world.network.lie = ([input = ""]) => {
        const command = JSON.parse(input) as { body: object };
        return [JSON.stringify({ ...command, body: { ...command.body, duty: "另一事项" } })];
      };
      await node.getByRole("button", { name: say("do.file") }).click();
      await press("signer.sign");
      await node.getByText(say("sign.refused")).waitFor();
      world.network.lie = (args) => args;
      expect(world.network.submitted).to.have.length(1);
    });

    it("gives an altered page of the node no signature over anything but what its officer read", async () => {
      const script = `${world.origin}/assets/page-*.js`;
      await here.context.route(script, (route) => route.fulfill({ contentType: "text/javascript", body: ALTERED }));
      await openNode();
      await node.getByText("altered").waitFor();
      const ask = (question: string) =>
        node.evaluate<{ answer?: { decision?: number }; refused?: { code: string } }>(`ask(${question})`);

      const unasked = await ask(`{ kind: "sign", decision: 99, bytes: new Uint8Array(8), heads: [] }`);
      expect(unasked.refused?.code).to.equal("DECLINED");
      const filing = { noun: "demand", type: "publish", case: null, body: wanted("收养登记") };
      const decided = ask(`{ kind: "decide", decision: ${JSON.stringify({ kind: "filing", filing })} }`);
      await signing.locator(".asked").getByText("收养登记").waitFor();
      await press("signer.sign");
      const number = (await decided).answer?.decision;
      const bytes = "new Uint8Array([1, 2, 3])";
      const odd = await ask(`{ kind: "sign", decision: ${number}, heads: [], bytes: ${bytes} }`);
      expect(odd.refused?.code).to.equal("UNREADABLE");
      const swapped = await node.evaluate<{ refused?: { code: string } }>(
        `proposalOf(${JSON.stringify(wanted("离婚登记"))}).then((bytes) => ask({ kind: "sign", decision: ${number}, heads: [], bytes }))`,
      );
      expect(swapped.refused?.code).to.equal("OTHER_CONTENT");
      expect(world.network.submitted).to.have.length(1);
      const reached = await node.evaluate(
        `(() => { try { return String(opener.document.title); } catch (e) { return e.name; } })()`,
      );
      expect(reached).to.equal("SecurityError");
      await here.context.unroute(script);
    });

    it("is accessible (WCAG 2.2 AA), light and dark", async () => {
      await signing.evaluate(AXE);
      for (const colorScheme of ["light", "dark"] as const) {
        await signing.emulateMedia({ colorScheme });
        const faults = await signing.evaluate<unknown[]>(
          `axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], preload: false })
            .then(({ violations }) => violations.map(({ id, nodes }) => id + " " + nodes[0].html))`,
        );
        expect(faults).to.deep.equal([]);
      }
    });

    it("hears no window but the one that it opened, and reaches no address", async () => {
      const heard = await signing.evaluate(`new Promise((done) => {
        const { port1, port2 } = new MessageChannel();
        const answers = [];
        port1.onmessage = ({ data }) => answers.push(data);
        port1.postMessage({ id: 1, kind: "logIn", nonce: "${"a".repeat(64)}" });
        postMessage("wanlian.signing/1", "*", [port2]);
        addEventListener("message", ({ data }) => data === "after" && setTimeout(() => done(answers.length)));
        postMessage("after", "*");
      })`);
      expect(heard).to.equal(0);
      const sent = await signing.evaluate(
        `fetch(${JSON.stringify(world.origin)}, { mode: "no-cors" }).then(() => "sent", () => "kept back")`,
      );
      expect(sent).to.equal("kept back");
    });
  });
}
