import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { expect } from "chai";
import type { ApiWorld } from "../client/api/world.js";
import { type Ran, runWanlian } from "../client/cli/wanlian.js";
import { BUILT_PAGE } from "./built-page.js";
import { originOf, pageWorld } from "./desk.js";

const WEB = dirname(fileURLToPath(import.meta.resolve("@wanlian/web/package.json")));
const ROOT = dirname(dirname(WEB));
const VITE = join(ROOT, "node_modules", "vite", "bin", "vite.js");

describe("wanlian page check", function () {
  this.timeout(120_000);
  let folder: string;
  let world: ApiWorld | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "wanlian-page-check-"));
    await cp(BUILT_PAGE, join(folder, "page"), { recursive: true });
  });

  afterEach(async () => {
    await world?.stop();
    world = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  const altered = (path: string) => join(folder, "page", path);

  async function check(): Promise<Ran> {
    world = await pageWorld({ page: join(folder, "page") });
    return runWanlian(["--node", originOf(world), "--lang", "en", "page", "check"], {});
  }

  async function script(): Promise<string> {
    const files = await readdir(altered("assets"));
    return `assets/${files.find((name) => name.startsWith("page-") && name.endsWith(".js"))}`;
  }

  it("finds nothing at a node that serves what was built", async () => {
    const { code, out } = await check();
    expect(out).to.match(/^all \d+ files are what the digests say\n$/);
    expect(code).to.equal(0);
  });

  it("names a script to which a line was added, whichever way it is sent", async () => {
    const path = await script();
    await appendFile(altered(path), "\nfetch('/api/v1/signing');");
    const first = await check();
    expect([first.code, first.out.split("  ")[0]]).to.deep.equal([1, path]);
    expect(first.err).to.include("use no key on that page");
    await world?.stop();
    await cp(join(BUILT_PAGE, path), altered(path));
    await writeFile(altered(`${path}.br`), brotliCompressSync("0"));
    const second = await check();
    expect([second.code, second.out.split("  ")[0]]).to.deep.equal([1, path]);
  });

  it("names the document that brings another script along, and a file that is not there", async () => {
    const document = await readFile(altered("index.html"), "utf8");
    await writeFile(
      altered("index.html"),
      document.replace("</head>", '<script src="/assets/more.js"></script></head>'),
    );
    await rm(altered("mark.svg"));
    const { code, out } = await check();
    expect(code).to.equal(1);
    expect(out)
      .to.match(/^index\.html {2}[0-9a-f]{64}$/m)
      .and.to.match(/^mark\.svg {2}HTTP 404$/m);
  });

  it("takes no list for digests that is none, and nothing for a node that is none", async () => {
    await writeFile(join(folder, "list"), "no digests\n");
    const none = ["--node", "http://127.0.0.1:9", "--lang", "en", "page", "check"];
    expect((await runWanlian([...none, "--digests", join(folder, "list")], {})).code).to.equal(2);
    const unreachable = await runWanlian(none, {});
    expect([unreachable.code, unreachable.err]).to.deep.equal([1, "no node answers at http://127.0.0.1:9\n"]);
  });

  it("reads no more of a file than a page can have", async () => {
    const server = createServer((_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(1 << 20)));
      };
      response.on("drain", more);
      more();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    await writeFile(join(folder, "list"), `${"0".repeat(64)}  index.html\n`);
    const node = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { code, out } = await runWanlian(["--node", node, "page", "check", "--digests", join(folder, "list")], {});
    server.closeAllConnections();
    server.close();
    expect([code, out]).to.deep.equal([1, "index.html  > 16777216 B\n"]);
  });

  it("can be compared by everybody: the build comes out the same, and names no place of the machine", async () => {
    const again = join(folder, "again");
    const built = spawnSync(process.execPath, [VITE, "build", "--logLevel", "error", "--outDir", again], {
      cwd: WEB,
      encoding: "utf8",
    });
    expect(built.status, built.stderr).to.equal(0);
    const listed = (await readFile(join(BUILT_PAGE, "digests.txt"), "utf8")).trimEnd().split("\n");
    for (const line of listed) {
      const path = line.slice(66);
      const [first, second] = await Promise.all([readFile(join(BUILT_PAGE, path)), readFile(join(again, path))]);
      expect(first.equals(second), path).to.equal(true);
      expect(second.includes(ROOT), path).to.equal(false);
    }
    const files = (await readdir(again, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    expect(files).to.have.length(listed.length);
  });
});
