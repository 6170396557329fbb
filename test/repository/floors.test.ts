import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { FLOORS, knownTo, PLACES, placeOf } from "./floors.js";
import { circlesIn, filesIn, type Import, importsOf, readImports } from "./imports.js";

const ROOT = new URL("../../../", import.meta.url);
const BIOME = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
const imports = readImports();
const isRoomFile = (file: string) => file.startsWith("client/") && file.split("/").length > 2;
const roomOf = (file: string) => file.split("/")[1] ?? "";

/** Tests and benchmarks look at a room's inner parts; what runs does not. */
const goesDeep = (file: string) => file.startsWith("test/") || file.startsWith("scripts/bench/");

/** What an import does that it may not, or undefined. */
function fault({ from, to }: Import): string | undefined {
  if (!isRoomFile(to) || goesDeep(from) || (isRoomFile(from) && roomOf(from) === roomOf(to))) return undefined;
  if (isRoomFile(from) && !knownTo(placeOf(from)).includes(roomOf(to)))
    return `${from} knows ${to}, which is not below it`;
  return to.endsWith("/index.ts") ? undefined : `${from} goes past the face of client/${roomOf(to)}: ${to}`;
}

const found = (file: string, source: string) =>
  importsOf(file, source)
    .map(fault)
    .filter((one) => one !== undefined);

describe("the floors of client", () => {
  it("hold: every room knows rooms below it alone, and of those their faces", () => {
    expect(imports.map(fault).filter((one) => one !== undefined)).to.deep.equal([]);
  });

  it("are seen through every form of import", () => {
    const up = "../api/index.js";
    for (const source of [
      `import { createApi } from "${up}";`,
      `import type { OfficersExchange } from "${up}";`,
      `import {\n  createApi,\n} from "${up}";`,
      `export { createApi } from "${up}";`,
      `const { createApi } = await import("${up}");`,
    ])
      expect(found("client/audit/audit.ts", source), source).to.have.length(1);
    expect(found("client/running/main.ts", `import { createApi } from "${up}";`)).to.deep.equal([]);
    expect(found("client/running/main.ts", `import { createApi } from "../api/server/server.js";`)).to.have.length(1);
    expect(found("scripts/run.ts", `import { createApi } from "@wanlian/client/api/server/server.js";`)).to.have.length(
      1,
    );
    expect(found("scripts/run.ts", `import { createApi } from "@wanlian/client/api";`)).to.deep.equal([]);
    expect(found("client/cli/main.ts", `import { OfficerStore } from "../keys/officers/index.js";`)).to.have.length(1);
    expect(
      found("client/cli/offline/keys.ts", `import { OfficerStore } from "../../keys/officers/index.js";`),
    ).to.deep.equal([]);
  });

  it("have a place for every room, and the linter knows it too", () => {
    const rooms = new Set(
      imports
        .map(({ from }) => from)
        .filter(isRoomFile)
        .map(roomOf),
    );
    expect([...rooms].filter((room) => !["bin"].includes(room) && !FLOORS.flat().includes(room))).to.deep.equal([]);
    const { overrides } = JSON.parse(readFileSync(new URL("client/biome.json", ROOT), "utf8"));
    expect(overrides).to.deep.equal(PLACES.map(lintRule));
  });
});

/** So many files of a folder can be looked over at once; more want rooms of their own. */
const MOST_FILES = 15;

/** Folders whose list of files is somebody else's. */
const LISTS_OF_OTHERS = new Set([
  // Fabric's own files of messages, one for one.
  "protocol/messages",
]);

/** Folders with more files beside their face than somebody looks over at once. */
function crowded(files: readonly string[]): string[] {
  const held = new Map<string, number>();
  for (const file of files) {
    if (!file.endsWith("/index.ts")) held.set(dirname(file), (held.get(dirname(file)) ?? 0) + 1);
  }
  return [...held]
    .filter(([folder, count]) => count > MOST_FILES && !LISTS_OF_OTHERS.has(folder))
    .map(([name]) => name);
}

describe("folders", () => {
  it("hold no more files than can be looked over at once", () => {
    const files = ["client", "protocol", "scripts", "chaincode"].flatMap(filesIn);
    expect(crowded(files.filter((file) => !file.startsWith("chaincode/model/")))).to.deep.equal([]);
  });

  it("are counted file by file, but for the face", () => {
    const room = Array.from({ length: MOST_FILES }, (_, number) => `client/room/part-${number}.ts`);
    expect(crowded(["client/room/index.ts", ...room, "client/room/inner/one.ts"])).to.deep.equal([]);
    expect(crowded([...room, "client/room/one-more.ts"])).to.deep.equal(["client/room"]);
  });
});

/** How the linter says what a place does not know. */
function lintRule(place: string): unknown {
  const unknown = FLOORS.flat().filter((room) => room !== place.split("/")[0] && !knownTo(place).includes(room));
  const group = unknown.map((room) => `../**/${room}/**`);
  const rooms =
    group.length === 0 ? [] : [{ group, message: "a room knows those below it alone (docs/architecture.md)" }];
  const known = [
    "protocol",
    "model",
    ...["signing", "verify", "words"].filter((name) => knownTo(place).includes(name)),
    // Part of the node, and made for a browser as well.
    ...(place === "web" ? ["client/pictures", "client/sheets"] : []),
  ];
  const packages = {
    group: ["@wanlian/**", ...known.flatMap((name) => [`!@wanlian/${name}`, `!@wanlian/${name}/**`])],
    message: "a node depends on the protocol and the model; it cannot tell which network is behind",
  };
  const nodes = { group: ["node:*", "!node:crypto"], message: "whoever verifies has what a browser has" };
  const noRestrictedImports = {
    level: "error",
    options: { patterns: [packages, ...rooms, ...(place === "verify" ? [nodes] : [])] },
  };
  return { includes: [`${place}/**`], linter: { rules: { style: { noRestrictedImports } } } };
}

describe("the linter", () => {
  const CASES = [
    ["protocol", "@wanlian/model/merkle.js", "./y.js"],
    ["chaincode/model", "@wanlian/protocol/bytes.js", "./y.js"],
    ["chaincode/contracts", "@wanlian/protocol/bytes.js", "@wanlian/model/merkle.js"],
    ["network/cli", "@wanlian/client/core", "@wanlian/protocol/bytes.js"],
    ["network/certificates", "@wanlian/model/merkle.js", "@wanlian/model/roles.js"],
    ["client/audit", "@wanlian/network/cli/program.js", "@wanlian/model/merkle.js"],
    ["client/verify", "node:fs", "node:crypto"],
    ["client/verify/records", "@wanlian/client/core", "@wanlian/model/merkle.js"],
    ["client/core", "@wanlian/verify", "./y.js"],
    ["client/read", "../access/index.js", "../projection/index.js"],
    ["client/cli", "../keys/officers/index.js", "../core/index.js"],
    ["client/cli/offline", "../../api/index.js", "../../keys/officers/index.js"],
  ] as const;
  let directory: string;
  let said: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-lint-"));
    for (const file of ["biome.json", "client/biome.json"]) await put(file, readFileSync(new URL(file, ROOT), "utf8"));
    for (const [folder, refused, allowed] of CASES) {
      await put(`${folder}/refused.ts`, `import { a } from "${refused}";\nconsole.log(a);\n`);
      await put(`${folder}/allowed.ts`, `import { a } from "${allowed}";\nconsole.log(a);\n`);
    }
    const command = [
      BIOME,
      "lint",
      "--only=style/noRestrictedImports",
      "--vcs-enabled=false",
      "--reporter=github",
      ".",
    ];
    const { stdout, stderr } = spawnSync(process.execPath, command, { cwd: directory, encoding: "utf8" });
    said = stdout + stderr;
  });
  after(() => rm(directory, { recursive: true, force: true }));

  async function put(file: string, content: string): Promise<void> {
    await mkdir(dirname(join(directory, file)), { recursive: true });
    await writeFile(join(directory, file), content);
  }

  for (const [folder, refused, allowed] of CASES) {
    it(`lets ${folder} import ${allowed}, and not ${refused}`, () => {
      const complainsOf = (name: string) => said.includes(`${directory}/${folder}/${name}.ts,`);
      expect([complainsOf("allowed"), complainsOf("refused")], said).to.deep.equal([false, true]);
    });
  }
});

/** Types that cannot be told without each other, however they are cut into files. */
const MADE_OF_EACH_OTHER = new Set([
  // An identity is one of an MSP, which says what it is; and a principal is asked of an identity, by itself.
  "protocol/identities/x509-identity.ts protocol/identities/msp.ts",
  "protocol/identities/principal.ts protocol/identities/x509-identity.ts",
  // A rule of one noun reads the states of others.
  "chaincode/model/model-1/decision.ts chaincode/model/model-1/states.ts",
  "chaincode/model/model-1/table.ts chaincode/model/model-1/states.ts",
]);

describe("imports between files", () => {
  it("make no circle of what runs, in any workspace", () => {
    expect(circlesIn(imports.filter(({ types, lazy }) => !types && !lazy))).to.deep.equal([]);
  });

  it("make none of types either, but for things that are made of each other", () => {
    const counted = imports.filter(
      ({ from, to, types, lazy }) => !lazy && !(types && MADE_OF_EACH_OTHER.has(`${from} ${to}`)),
    );
    expect(circlesIn(counted)).to.deep.equal([]);
  });

  it("are searched for circles of any length", () => {
    const arrow = (from: string, to: string) => ({ from, to, types: false, lazy: false });
    const three = [arrow("a", "b"), arrow("b", "c"), arrow("c", "a"), arrow("c", "d")];
    expect(circlesIn(three)).to.deep.equal([["a", "b", "c"]]);
    expect(circlesIn(three.slice(1))).to.deep.equal([]);
    expect(circlesIn([arrow("a", "a")])).to.deep.equal([["a"]]);
  });
});
