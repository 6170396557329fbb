import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Organisation } from "@wanlian/network/certificates/organisation.js";
import { expect } from "chai";

const MAIN = fileURLToPath(import.meta.resolve("@wanlian/client/running/main.js"));
const START_MS = 60_000; // twelve such starts at once on two busy cores

interface Ended {
  readonly code: number | null;
  readonly stderr: string;
}

/** A department's node as a process of its own, with no peer to be reached: what it does before and without a ledger. */
describe("department node process", function () {
  this.timeout(2 * START_MS);
  let directory: string;
  let config: Record<string, unknown>;
  const children: ChildProcess[] = [];

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-node-"));
    const organisation = await Organisation.create(join(directory, "org"), "CivilMSP", "civil affairs");
    const certificate = await organisation.identities.issue({
      kind: "identity",
      unit: "client",
      name: "node",
      roles: ["node"],
    });
    await writeFile(join(directory, "cert.pem"), certificate.certificate);
    await writeFile(join(directory, "key.pem"), certificate.privateKey);
    config = {
      department: "CivilMSP",
      channel: "pilot",
      chaincode: "wanlian",
      gateway: { address: "127.0.0.1:1", tlsRootCerts: "cert.pem" },
      identity: { cert: "cert.pem", key: "key.pem" },
      dataDir: "data",
      listen: `127.0.0.1:${await freePort()}`,
      officers: "officers",
      voidFile: "void.jsonl",
    };
  });

  after(async () => {
    for (const child of children) child.kill("SIGKILL");
    await rm(directory, { recursive: true, force: true });
  });

  async function start(changes: Record<string, unknown> = {}): Promise<ChildProcess> {
    const file = join(directory, "node.json");
    await writeFile(file, JSON.stringify({ ...config, ...changes }));
    const child = spawn(process.execPath, [MAIN, file], { stdio: ["ignore", "pipe", "pipe"] });
    children.push(child);
    return child;
  }

  async function ready(child: ChildProcess): Promise<string> {
    for await (const chunk of child.stdout ?? []) {
      const line = JSON.parse(String(chunk)) as { ready: boolean; address: string };
      expect(line.ready).to.equal(true);
      return line.address;
    }
    return expect.fail("the node ended before it was ready");
  }

  async function ended(child: ChildProcess): Promise<Ended> {
    let stderr = "";
    child.stderr?.on("data", (chunk) => {
      stderr += chunk;
    });
    const [code] = (await once(child, "close")) as [number | null];
    return { code, stderr };
  }

  /** What a node that cannot start says last, after its log. */
  async function sentence(changes: Record<string, unknown>): Promise<string> {
    const { code, stderr } = await ended(await start(changes));
    expect(code).to.equal(1);
    return stderr.trimEnd().split("\n").at(-1) ?? "";
  }

  it("serves without its peer and says so, holds its directory, and starts again after a kill", async () => {
    const child = await start();
    const address = await ready(child);
    const status = await (await fetch(`${address}/api/v1/status`)).json();
    expect(status).to.include({ ready: false, height: 0 });
    expect(JSON.stringify(status)).to.contain("LEDGER_UNREACHABLE");

    const second = await sentence({ listen: `127.0.0.1:${await freePort()}` });
    expect(second).to.match(/^another node \(process \d+\) is using .*data; stop it first/);

    child.kill("SIGKILL");
    await ended(child);
    const again = await start();
    await ready(again);
    again.kill("SIGTERM");
    expect((await ended(again)).code).to.equal(0);
  });

  it("says in one sentence which part of its configuration is wrong", async () => {
    expect(await sentence({ listen: "nowhere" })).to.match(/node\.json: \/listen .*\.$/);
    await writeFile(join(directory, "other.pem"), "no key");
    const broken = await sentence({ identity: { cert: "cert.pem", key: "other.pem" } });
    expect(broken).to.match(/other\.pem cannot be used: /);
  });

  it("says which key does not belong to which certificate", async () => {
    const other = await Organisation.create(join(directory, "other"), "CivilMSP", "civil affairs");
    const { privateKey } = await other.identities.issue({ kind: "identity", unit: "client", name: "x" });
    await writeFile(join(directory, "other.pem"), privateKey);
    const mismatch = await sentence({ identity: { cert: "cert.pem", key: "other.pem" } });
    expect(mismatch).to.match(/^the key .*other\.pem does not belong to the certificate .*cert\.pem\.$/);
  });

  it("says which address is in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const address = server.address();
      const port = typeof address === "object" ? address?.port : undefined;
      expect(await sentence({ listen: `127.0.0.1:${port}` })).to.match(
        /^127\.0\.0\.1:\d+ cannot be used: .*EADDRINUSE/,
      );
    } finally {
      server.close();
    }
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  server.close();
  await once(server, "close");
  return port;
}
