import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { officerWorld, PASSPHRASE, type World } from "../client/keys/officer.js";
import { freePort } from "../network/free-port.js";
import { inBrowser, type Visitor, visitor } from "./browser.js";

const MAIN = fileURLToPath(import.meta.resolve("@wanlian/client/running/main.js"));

const FORM = ["婚姻登记数据", "核对结算"];

/** A department's node as a process of its own. It has no peer: what is typed and kept needs none. */
inBrowser("a node that is killed under an open form", function () {
  this.timeout(180_000);
  let world: World;
  let origin: string;
  let config: string;
  let node: ChildProcess | undefined;
  let here: Visitor;

  before(async () => {
    world = await officerWorld();
    await world.enrolLightly("1001", ["user", "steward"]);
    const { certificate, privateKey } = await world.organisation.identities.issue({
      ...{ kind: "identity", unit: "client", name: "node", roles: ["node"] },
    });
    await writeFile(join(world.directory, "cert.pem"), certificate);
    await writeFile(join(world.directory, "key.pem"), privateKey);
    const listen = `127.0.0.1:${await freePort()}`;
    origin = `http://${listen}`;
    config = join(world.directory, "node.json");
    await writeFile(
      config,
      JSON.stringify({
        ...{ department: "CivilAffairsMSP", channel: "pilot", chaincode: "wanlian", listen },
        gateway: { address: "127.0.0.1:1", tlsRootCerts: "cert.pem" },
        identity: { cert: "cert.pem", key: "key.pem" },
        ...{ dataDir: "data", officers: "officers", voidFile: "void.jsonl" },
      }),
    );
    here = await visitor();
  });

  after(async () => {
    node?.kill("SIGKILL");
    await here?.context.close();
    await world.remove();
  });

  async function start(): Promise<void> {
    node = spawn(process.execPath, [MAIN, config], { stdio: ["ignore", "pipe", "ignore"] });
    const [line] = await once(node.stdout ?? process.stdin, "data");
    expect(JSON.parse(String(line))).to.include({ ready: true });
  }

  async function kill(): Promise<void> {
    if (node === undefined || node.exitCode !== null || node.signalCode !== null) return;
    const ended = once(node, "exit");
    node.kill("SIGKILL");
    await ended;
  }

  const typed = async () => [
    await here.page.locator("#name").inputValue(),
    await here.page.locator("#description").inputValue(),
  ];

  it("is said to be gone; what was typed stays, before and after, and goes on when it is back", async () => {
    const { page } = here;
    await kill();
    await start();
    await page.goto(`${origin}/file/demand/publish`);
    await page.locator("#officer").fill("1001");
    await page.locator("#passphrase").fill(PASSPHRASE);
    await page.locator("button[type=submit]").click();
    await page.locator("#name").fill(FORM[0] ?? "");
    await kill();
    await page.getByText("与节点的连接中断，正在重连").waitFor();
    await page.locator("#description").fill(FORM[1] ?? "");
    // A part of the page that is not here yet, and cannot come.
    await page.getByRole("link", { name: "溯源", exact: true }).click();
    const gone = page.getByRole("alert").filter({ hasText: "连不上节点" });
    await gone.getByRole("button", { name: "重试" }).click();
    await gone.waitFor();
    await page.goBack();
    expect(await typed()).to.deep.equal(FORM);
    await page.goForward();
    await gone.waitFor();

    await start();
    // The node has forgotten who was logged in, and the page asks by itself.
    await page.getByText("登录已结束").waitFor();
    await page.locator("#passphrase").fill(PASSPHRASE);
    await page.locator(".ant-modal button[type=submit]").click();
    await page.getByText("登录已结束").waitFor({ state: "hidden" });
    await page.getByText("与节点的连接中断").waitFor({ state: "hidden" });
    await gone.getByRole("button", { name: "重试" }).click();
    await page.getByRole("heading", { level: 1, name: "溯源" }).waitFor();
    await page.goBack();
    await page.locator("#name").waitFor();
    expect(await typed()).to.deep.equal(FORM);
  });
});
