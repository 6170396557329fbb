import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportPkcs12 } from "@wanlian/client/keys/officers/pkcs12.js";
import { certificateRequest } from "@wanlian/client/keys/officers/request.js";
import { expect } from "chai";
import type { Page } from "playwright-core";
import { PASSPHRASE } from "../client/keys/officer.js";
import { inBrowser, type Visitor, visitor } from "./browser.js";
import { type Certified, FILE_PASSPHRASE, keyFor, WITHOUT_KEY } from "./key-files.js";
import { type SigningWorld, signingWorld } from "./signing-world.js";

/** What a script in the page would do to get at the key. */
const TAKE_OUT = `new Promise((done) => {
  const opening = indexedDB.open("wanlian.keys", 1);
  opening.onsuccess = () => {
    const asked = opening.result.transaction("keys").objectStore("keys").get("own");
    asked.onsuccess = () =>
      crypto.subtle.exportKey("pkcs8", asked.result.privateKey).then(() => done("taken out"), (error) => done(error.name));
  };
})`;
const KEPT = TAKE_OUT.replace(
  /crypto\.subtle[\s\S]*?error\.name\)\)/,
  "done(asked.result === undefined ? 'none' : asked.result.certificate === undefined ? 'waiting' : 'certified')",
);

/** What makes the browser one that has no key. */
const FORGET = `new Promise((done, failed) => {
  const forgetting = indexedDB.deleteDatabase("wanlian.keys");
  forgetting.onsuccess = done;
  forgetting.onerror = forgetting.onblocked = () => failed(new Error("the key is held"));
})`;

inBrowser("what a browser keeps as an officer's key", function () {
  this.timeout(90_000);
  let world: SigningWorld;
  let here: Visitor;
  let folder: string;
  /** Everything that left the browser. */
  let sent: string[];

  before(async () => {
    world = await signingWorld();
    folder = await mkdtemp(join(tmpdir(), "wanlian-key-file-"));
    here = await visitor();
    here.page.on("request", (request) => sent.push(`${request.url()} ${request.postData() ?? ""}`));
  });

  beforeEach(async () => {
    sent = [];
    await here.context.clearCookies();
    await here.page.goto(`${world.origin}/mark.svg`);
    await here.page.evaluate(FORGET);
    await here.page.goto(world.origin);
    await here.page.getByText("本人密钥").click();
  });

  after(async () => {
    await here?.context.close();
    await rm(folder, { recursive: true, force: true });
    await world.stop();
  });

  async function certified(officer: string): Promise<Certified> {
    const made = await keyFor(officer, (request) => world.certify(officer, ["user"], request));
    await world.officers.enrolBrowserKey(made.certificatePem);
    return made;
  }

  async function open(page: Page, name: string, content: Buffer, passphrase: string): Promise<void> {
    await page.locator("input[type=file]").setInputFiles({ name, mimeType: "application/x-pkcs12", buffer: content });
    await page.locator("#passphrase").fill(passphrase);
    await page.getByRole("button", { name: "打开文件并装入密钥" }).click();
  }

  async function byOpenssl({ key, certificatePem }: Certified, ...options: readonly string[]): Promise<Buffer> {
    const input = join(folder, "key-and-certificate.pem");
    await writeFile(input, `${key.export({ type: "pkcs8", format: "pem" })}${certificatePem}`);
    const args = ["pkcs12", "-export", "-in", input, "-passout", "pass:a plain passphrase", ...options];
    const made = spawnSync("openssl", args);
    if (made.status !== 0) throw new Error(made.stderr.toString());
    return made.stdout;
  }

  it("comes out of a PKCS#12 file that stays here, and cannot be taken out again", async () => {
    const { page } = here;
    const own = await certified("2001");
    const file = await exportPkcs12(own, FILE_PASSPHRASE, "2001");
    await open(page, "2001.p12", file, "another passphrase");
    await page.getByText("口令不对，或文件已被改动").waitFor();
    await page.locator("#passphrase").fill(FILE_PASSPHRASE);
    await page.getByRole("button", { name: "打开文件并装入密钥" }).click();
    await page.getByRole("button", { name: "用本浏览器中的密钥登录" }).click();
    await page.locator("#main").waitFor();
    expect(await page.evaluate(TAKE_OUT)).to.equal("InvalidAccessError");
    const secret = own.key.export({ type: "pkcs8", format: "der" }).subarray(36, 68);
    for (const text of sent) {
      expect(text).not.to.include("kaleidoscope");
      expect(text).not.to.include(file.subarray(0, 48).toString("base64"));
      expect(text).not.to.include(secret.toString("hex"));
    }
  });

  for (const [title, options] of [
    ["as OpenSSL 3 writes it", []],
    ["as software before 2020 writes it", ["-legacy"]],
    ["under AES-128 and SHA-512", ["-keypbe", "AES-128-CBC", "-certpbe", "AES-128-CBC", "-macalg", "sha512"]],
    ["with a certificate that is not encrypted", ["-certpbe", "NONE"]],
  ] as const) {
    it(`is read ${title}`, async function () {
      if (spawnSync("openssl", ["version"]).status !== 0) return this.skip();
      const { page } = here;
      await open(page, "key.pfx", await byOpenssl(await certified("2002"), ...options), "a plain passphrase");
      await page.getByText("密钥可以使用").waitFor();
      expect(await page.evaluate(KEPT)).to.equal("certified");
    });
  }

  it("is none where the file is something else, cut off, altered, or holds another's certificate", async () => {
    const { page } = here;
    const [own, other] = [await certified("2003"), await certified("2004")];
    const file = await exportPkcs12(own, FILE_PASSPHRASE, "2003");
    const altered = Buffer.from(file);
    altered[file.length >> 1] = (altered[file.length >> 1] ?? 0) ^ 1;
    for (const [content, said, passphrase = FILE_PASSPHRASE] of [
      [Buffer.from("-----BEGIN CERTIFICATE-----"), "文件不是 PKCS#12 文件"],
      [file.subarray(0, file.length - 9), "文件不是 PKCS#12 文件"],
      [Buffer.alloc(100_000, 0x30), "文件不是 PKCS#12 文件"],
      [altered, "口令不对，或文件已被改动"],
      [Buffer.concat([file, Buffer.alloc(1_000_000)]), "文件不是 PKCS#12 文件"],
      [
        await exportPkcs12({ ...own, certificatePem: other.certificatePem }, FILE_PASSPHRASE, "x"),
        "文件中没有密钥和与其相符的证书",
      ],
      [WITHOUT_KEY, "文件中没有密钥和与其相符的证书", "a plain passphrase"],
    ] as const) {
      await open(page, "key.p12", content, passphrase);
      await page.getByRole("alert").filter({ hasText: said }).waitFor();
      expect(await page.evaluate(KEPT)).to.equal("none");
      await page.reload();
      await page.getByText("本人密钥").click();
    }
  });

  it("is kept only with a certificate of the department's own authority, in the browser and at the node", async () => {
    const { page } = here;
    await page.locator("#officer").fill("2005");
    await page.getByRole("button", { name: "生成密钥和证书申请" }).click();
    const request = (await page.locator("pre").textContent()) ?? "";
    const foreign = await world.ledger.certify("PoliceMSP", "2005", ["user"], request);
    await page.locator("#certificate").fill(foreign);
    await page.getByRole("button", { name: "装入证书" }).click();
    await page.getByText("证书不是本部门证书机构签发的").waitFor();
    expect(await page.evaluate(KEPT)).to.equal("waiting");
    expect(await takenIn(foreign)).to.deep.equal([403, "CERTIFICATE_REFUSED"]);
    const own = await world.certify("2005", ["user"], request);
    expect(await takenIn(own)).to.deep.equal([201, undefined]);
    await page.locator("#certificate").fill(own);
    await page.getByRole("button", { name: "装入证书" }).click();
    await page.getByText("密钥可以使用").waitFor();
  });

  /** What the node says when its administrator hands the certificate in. */
  async function takenIn(certificate: string): Promise<[number, string | undefined]> {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const administrator = await world.certify("9900", ["administrator"], certificateRequest("9900", privateKey));
    const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    await world.officers.enrol(administrator, key, PASSPHRASE);
    const post = async (path: string, body: object, token?: string) =>
      fetch(`${world.origin}/api/v1${path}`, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify(body),
      });
    const session = await post("/sessions", { officer: "9900", passphrase: PASSPHRASE });
    const { token } = (await session.json()) as { token: string };
    const answer = await post("/officers", { certificate }, token);
    return [answer.status, ((await answer.json()) as { code?: string }).code];
  }
});
