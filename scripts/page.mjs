// Builds the page that a node serves (decision 160): types from the API's document, a check of every type, then Vite. Plain
// JavaScript: it is part of the build. What has not changed is not built again.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const web = join(root, "client", "web");
const generated = join(web, "generated");
const built = join(web, "dist", "bundle");
const stamp = join(web, "dist", "built-from");

/** What the page is made of, beside its own sources: built before it. */
const MODULES = ["protocol", "chaincode/model", "client/verify", "client/words", "client/signing", "client"];
const PACKED_TYPES = /\.(js|css|html|svg)$/;
/** Smaller files gain nothing. */
const WORTH_PACKING_BYTES = 1024;

export async function buildPage() {
  const sources = digestOf([
    join(root, "package-lock.json"),
    join(root, "scripts", "page.mjs"),
    ...filesIn(web, (path) => !/^(dist|node_modules|generated)/.test(path)),
    ...MODULES.flatMap((name) =>
      filesIn(join(root, name, "dist"), (path) => /\.js$/.test(path) && !path.startsWith("bundle")),
    ),
  ]);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === sources) return;
  rmSync(stamp, { force: true });
  await describeApi();
  run("the page's types", [join(root, "node_modules", "typescript", "bin", "tsc"), "-p", join(web, "tsconfig.json")]);
  run("the page", [join(root, "node_modules", "vite", "bin", "vite.js"), "build", "--logLevel", "warn"], { cwd: web });
  pack();
  writeDigests();
  writeFileSync(stamp, sources);
}

/** The API's document, and its types for the page. */
async function describeApi() {
  mkdirSync(generated, { recursive: true });
  const document = run("the API's document", [join(root, "client", "dist", "running", "describe-api.js")]);
  const file = join(generated, "openapi.json");
  if (existsSync(file) && readFileSync(file, "utf8") === document && existsSync(join(generated, "api.ts"))) return;
  writeFileSync(file, document);
  const { default: openapiTS, astToString } = createRequire(join(web, "package.json"))("openapi-typescript");
  writeFileSync(join(generated, "api.ts"), astToString(await openapiTS(JSON.parse(document))));
}

/** Compressed once, here, as small as it gets: a node sends what lies there. */
function pack() {
  for (const file of filesIn(built, (path) => PACKED_TYPES.test(path) && path !== "index.html")) {
    const plain = readFileSync(file);
    if (plain.length < WORTH_PACKING_BYTES) continue;
    const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
    writeFileSync(`${file}.br`, brotliCompressSync(plain, { params: quality }));
  }
}

/** What anybody compares a node's page with: a line a file, as `sha256sum` writes it. */
function writeDigests() {
  const files = filesIn(built, (path) => !path.endsWith(".br") && path !== "digests.txt").sort();
  const lines = files.map((file) => `${sha256(readFileSync(file))}  ${relative(built, file).split(sep).join("/")}\n`);
  writeFileSync(join(built, "digests.txt"), lines.join(""));
}

function filesIn(folder, wanted) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes(`${sep}node_modules${sep}`) && wanted(relative(folder, file)));
}

function digestOf(files) {
  const hash = createHash("sha256");
  for (const file of files.sort()) hash.update(`${relative(root, file)} ${sha256(readFileSync(file))}\n`);
  return hash.digest("hex");
}

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

function run(what, args, options = {}) {
  const done = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8", maxBuffer: 64 << 20, ...options });
  if (done.status === 0) return done.stdout;
  process.stderr.write(`${what} cannot be built:\n${done.stdout}${done.stderr}${done.error ?? ""}\n`);
  process.exit(1);
}
