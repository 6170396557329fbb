// Makes a fresh clone ready (dependencies, build), then runs what was asked for. Plain JavaScript: it runs before the build, and
// so before the rule for the reader's language is there. What it says is short, and said in both.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [command, ...rest] = process.argv.slice(2);

/** gRPC names a server by its IP address in TLS, where that is its address; Node warns, the certificate is checked all the same. */
const QUIET = "--disable-warning=DEP0123";

const OLDEST_NODE = [20, 19];
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  const [present, oldest] = [process.versions.node, OLDEST_NODE.join(".")];
  stop(
    `Node ${present} is too old: wanlian needs Node ${oldest} or newer. Node ${present} 过旧：需要 ${oldest} 或更新版本。`,
  );
}

install();
removeStale();
step("构建 Building", "node", [join("node_modules", "typescript", "bin", "tsc"), "-b"]);
step("打包程序 Packing the programs", "node", [join("scripts", "bundle.mjs")]);
if (command === "test") {
  if (rest.length === 0) installBrowser();
  if (rest.length === 0)
    step("检查代码风格和引用 Checking style and imports", "node", [
      join("node_modules", "@biomejs", "biome", "bin", "biome"),
      "check",
      ".",
    ]);
  if (rest.length === 0) run("node", [join("test", "dist", "whole.js")]);
  if (rest[0] === "fast") run("node", [join("test", "dist", "fast.js"), ...rest.slice(1)]);
  run("node", [QUIET, join("node_modules", "mocha", "bin", "mocha.js"), "--config", "test/.mocharc.json", ...rest]);
} else {
  run("node", [QUIET, "--enable-source-maps", join("scripts", "dist", "pilot.js"), ...rest]);
}

/** Installs from the lock file, unless what is installed came from this very lock file. */
function install() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const stamp = join(root, "node_modules", ".wanlian-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  step("安装软件包 Installing packages", "npm", [
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel",
    "error",
  ]);
  writeFileSync(stamp, lock);
}

/** The page is tried in Debian's Chromium. Where it cannot be installed its cases count as skipped, and the run says so. */
function installBrowser() {
  const isAbleTo = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  if (process.env.WANLIAN_CHROMIUM !== undefined || existsSync("/usr/bin/chromium") || !isAbleTo) return;
  process.stderr.write("安装浏览器 Installing a browser … ");
  const quietly = { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  const done =
    spawnSync("apt-get", ["update"], quietly).status === 0 &&
    spawnSync("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], quietly).status === 0;
  process.stderr.write(done ? "✔\n" : "没有装上，页面的用例跳过 not installed, the page's cases are skipped\n");
}

/** The compiler leaves what it built from sources that are gone since; a stale test would still run. */
function removeStale() {
  const { workspaces } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const workspace of workspaces) {
    const built = join(root, workspace, "dist");
    if (!existsSync(built)) continue;
    for (const file of readdirSync(built, { recursive: true })) {
      const module = /^(.*?)(\.d\.ts|\.js|\.js\.map)$/.exec(file)?.[1];
      const packed = file.startsWith(`bundle${sep}`);
      if (module !== undefined && !packed && !existsSync(join(root, workspace, `${module}.ts`)))
        rmSync(join(built, file));
    }
  }
}

/** Runs one step quietly; shows its output only where it fails. */
function step(title, program, args) {
  process.stderr.write(`${title} … `);
  const begun = Date.now();
  const done = spawnSync(program, args, { cwd: root, encoding: "utf8", maxBuffer: 64 << 20 });
  if (done.error) stop(`失败 failed: ${done.error.message}`);
  if (done.status !== 0) {
    process.stderr.write(`失败 failed\n${done.stdout}${done.stderr}`);
    process.exit(done.status ?? 1);
  }
  process.stderr.write(`${((Date.now() - begun) / 1000).toFixed(1)} s\n`);
}

function run(program, args) {
  const done = spawnSync(program, args, { cwd: root, stdio: "inherit" });
  if (done.error) stop(done.error.message);
  process.exit(done.status ?? 1);
}

function stop(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
