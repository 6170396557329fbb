// Packs every program that a department runs into a few files (decision 090). Plain JavaScript: it is part of the build.
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildPage } from "./page.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** By workspace: its programs, each with the module that it begins with. */
const PROGRAMS = {
  chaincode: { contracts: "main.js" },
  network: { orderer: "embedded/orderer/main.js", peer: "embedded/peer/main.js" },
  client: {
    node: "running/main.js",
    wanlian: "cli/main.js",
    "row-worker": "tables/rows/row-worker.js",
    "signature-worker": "audit/signatures/signature-worker.js",
  },
};

/** Come as hundreds of small modules each; every other package stays as it is installed. */
const PACKED = new Set(["typebox", "kysely"]);

/** What programs are made of. */
const MODULES = ["protocol", "chaincode/model", "chaincode", "network", "client/verify", "client/words", "client"];

// What is packed from what is there now stays: a pilot may run out of it.
const newest = newestOf(MODULES.map((workspace) => join(root, workspace, "dist")));
for (const [workspace, programs] of Object.entries(PROGRAMS)) {
  const built = join(root, workspace, "dist");
  const packed = join(built, "bundle");
  const stamp = join(packed, "packed-from");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === newest) continue;
  rmSync(packed, { recursive: true, force: true });
  await build({
    entryPoints: Object.fromEntries(Object.entries(programs).map(([name, main]) => [name, join(built, main)])),
    outdir: packed,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    external: installedPackages(),
    logLevel: "warning",
  });
  writeFileSync(stamp, newest);
}
await buildPage();

/** Names the state of these folders, of the installed packages and of this file, by what changed last. */
function newestOf(folders) {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true })
      .filter((file) => file.endsWith(".js") && !file.startsWith(`bundle${sep}`))
      .map((file) => join(folder, file)),
  );
  const times = [join(root, "package-lock.json"), fileURLToPath(import.meta.url), ...files].map(
    (file) => statSync(file).mtimeMs,
  );
  return `${files.length} files, the newest of ${times.reduce((latest, time) => Math.max(latest, time))}\n`;
}

function installedPackages() {
  const names = MODULES.flatMap((workspace) => {
    const { dependencies, optionalDependencies } = manifest(workspace);
    return Object.keys({ ...dependencies, ...optionalDependencies });
  });
  return names.filter((name) => !name.startsWith("@wanlian/") && !PACKED.has(name));
}

function manifest(folder) {
  return JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
}
