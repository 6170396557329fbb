import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { nodeFolder } from "@wanlian/scripts/host/certificates.js";
import { passphraseOf } from "@wanlian/scripts/host/officers.js";
import { expect } from "chai";
import { shellBlocks, statements } from "../client/cli/guide-reader.js";
import { runWanlian } from "../client/cli/wanlian.js";
import { pdfTexts } from "../pdf/pdf-text.js";
import { openedPilot, PILOT_START_MS } from "./shared.js";
import type { RunningPilot } from "./shared-pilot.js";

const DOCS = fileURLToPath(new URL("../../../docs/", import.meta.url));
const GUIDES_MS = 180_000;
const PROOF_MS = 300_000;
/** An anchor follows within a minute, a witness within five; by the ledger's clock, where that is further on. */
const TICK_SECONDS = 301;
/** Nodes look once a second whether an anchor is due. */
const BETWEEN_TICKS_MS = 2000;

/** Whose node the guides' addresses are, on the pilot with its own ports. */
const DEPARTMENTS: Readonly<Record<string, string>> = {
  "http://127.0.0.1:17103": "BureauMSP",
  "http://127.0.0.1:17113": "CivilMSP",
  "http://127.0.0.1:17133": "HealthMSP",
};

describe("pilot › the guides for departments and auditors", function () {
  this.timeout(PILOT_START_MS + GUIDES_MS);
  let pilot: RunningPilot;
  let directory: string;
  let former: string;
  const variables: Record<string, string> = {};

  before(async () => {
    pilot = await openedPilot();
    directory = await mkdtemp(join(tmpdir(), "wanlian-guides-"));
    former = process.cwd();
    process.chdir(directory);
  });
  after(async () => {
    process.chdir(former);
    await rm(directory, { recursive: true, force: true });
  });

  for (const guide of ["departments.md", "auditors.md"]) {
    it(`${guide} is true, command by command, on real nodes`, async () => {
      const blocks = shellBlocks(await readFile(join(DOCS, guide), "utf8"));
      for (const { text } of blocks.filter(({ label }) => label !== "proof")) await play(text);
    });
  }

  it("what a node and its officers keep is its owner's alone", async () => {
    const folder = nodeFolder(pilot.pilot.data, "CivilMSP");
    const open: string[] = [];
    for (const name of await readdir(folder, { recursive: true })) {
      const found = await stat(join(folder, name));
      if (found.isFile() && (found.mode & 0o077) !== 0) open.push(name);
    }
    expect(open.filter((name) => !name.endsWith("/certificate.pem"))).to.deep.equal([]);
  });

  it("auditors.md is true of what an auditor takes home, and of what is compared before", async () => {
    // On another department's node, by an officer of its own.
    await as("17113", "0201");
    await wanlian(["roots", "--out", "theirs.json"]);
    await as("17103", "0104");
    const blocks = shellBlocks(await readFile(join(DOCS, "auditors.md"), "utf8"));
    const [took, compared, answers] = blocks.filter(({ label }) => label === "proof");
    const { record, grant } = await lookUp();
    await whileTimePasses(() => play(took?.text ?? expect.fail("the guide takes nothing home")));
    await play(compared?.text ?? expect.fail("the guide compares nothing"));
    // By now everything is anchored: nothing of it has to wait.
    await play(answers?.text ?? expect.fail("the guide takes no answer home"));
    const evidence = createHash("sha256").update(await readFile("lineage.json"));
    expect(pdfTexts(await readFile("lineage.pdf")).join("")).to.include(evidence.digest("hex"));
    await takeCellHome(record, grant);
  }).timeout(PROOF_MS);

  /** Something looked up by its user, who keeps the answer. */
  async function lookUp(): Promise<{ readonly record: string; readonly grant: string }> {
    const grant = variables.APPLICATION ?? "";
    await as("17133", "0402");
    const asked = ["access", "lookup", "name=宛城区婚姻登记处", "--grant", grant, "--keep", "kept.json"];
    const { record } = JSON.parse(await wanlian(["--json", ...asked])) as { readonly record: string };
    await as("17103", "0104");
    return { record, grant };
  }

  /** What departments.md says of a cell: its user lists it, its provider finds it and proves it, and shows it to nobody. */
  async function takeCellHome(record: string, grant: string): Promise<void> {
    await as("17133", "0402");
    const listed = JSON.parse(await wanlian(["--json", "cell", "list", "kept.json", "--record", record])) as {
      readonly items: readonly { readonly field: string; readonly digest: string }[];
    };
    const { digest } = listed.items.find(({ field }) => field === "name") ?? expect.fail("no cell is listed");
    await as("17113", "0201");
    await wanlian(["cell", "find", digest, "--evidence", "cell.json"]);
    expect(await wanlian(["verify", "cell.json", "--roots", "roots.json"])).not.to.contain("婚姻登记处");
    expect(await readFile("cell.json", "utf8")).not.to.contain("婚姻登记处");
    await wanlian(["access", "list", "--grant", grant, "--provider", "CivilMSP", "--evidence", "accesses.json"]);
    await wanlian(["verify", "accesses.json", "--roots", "roots.json"]);
  }

  /** Logs an officer in at the node that the guides have at a port. */
  async function as(port: string, officer: string): Promise<void> {
    variables.WANLIAN_NODE = `http://127.0.0.1:${port}`;
    await wanlian(["login", officer]);
  }

  /**
   * Nobody has to move the clock, as the guide says; moved, it saves the minutes that anchors and witnesses are apart.
   */
  async function whileTimePasses(work: () => Promise<void>): Promise<void> {
    const bureau = await pilot.desk("BureauMSP", "administrator");
    let working = true;
    const ticking = (async () => {
      while (working) {
        const { case: clock } = await bureau.get<{ case: { state: { time: string } } }>("clock");
        const next = new Date(Date.parse(clock.state.time) + TICK_SECONDS * 1000);
        await bureau.file("clock/tick", { time: `${next.toISOString().slice(0, 19)}Z` });
        await delay(BETWEEN_TICKS_MS);
      }
    })();
    try {
      await work();
    } finally {
      working = false;
      await ticking;
    }
  }

  /** The lines of a block, one after the other. */
  async function play(text: string): Promise<void> {
    for (const line of statements(text)) {
      if (line.kind === "file") await writeFile(line.name, line.content);
      else if (line.kind === "set") variables[line.name] = line.value;
      else {
        const [words, file] = redirected(line.words);
        const out = await wanlian(words.map(filled));
        if (file !== undefined) await writeFile(file, out);
        if (line.into !== undefined) variables[line.into] = out.trim();
        if (line.words.includes("records")) variables.RECORD = recordIn(out);
      }
    }
  }

  it("their Chinese editions give the same commands", async () => {
    for (const guide of ["departments", "auditors"]) {
      const [english, chinese] = await Promise.all(
        [`${guide}.md`, `${guide}.zh-CN.md`].map(async (name) => shellBlocks(await readFile(join(DOCS, name), "utf8"))),
      );
      expect(chinese).to.deep.equal(english);
    }
  });

  /** Variables by their values; the pilot's data directory is elsewhere. */
  function filled(word: string): string {
    // The guide leaves this one to whoever reads the list.
    if (word === "RECORD") return variables.RECORD ?? "";
    const value = word.replaceAll(/\$(\w+)/g, (_, name: string) => variables[name] ?? "");
    return value.startsWith("data/") ? join(pilot.pilot.data.path, value.slice("data/".length)) : value;
  }

  async function wanlian(argv: string[]): Promise<string> {
    const mspId = DEPARTMENTS[variables.WANLIAN_NODE ?? ""] ?? "";
    const environment = {
      WANLIAN_NODE: `http://${pilot.department(mspId).node?.api}`,
      WANLIAN_SESSION: join(directory, "session.json"),
      WANLIAN_PASSPHRASE: await passphraseFor(argv, mspId),
      LANG: "en_US.UTF-8",
    };
    const { code, out, err } = await runWanlian(argv, environment);
    // On a demo clock that has jumped anchors are late, and an audit says so.
    const found = argv[0] === "audit" && out.includes("ANCHOR_LATE");
    expect(found ? 0 : code, `wanlian ${argv.join(" ")}: ${err}`).to.equal(0);
    return out;
  }

  /** An officer's own for a log-in; for a key that the guide makes, any. */
  async function passphraseFor([command, officer = ""]: string[], mspId: string): Promise<string> {
    if (command !== "login") return "a passphrase of one's own";
    return passphraseOf(join(pilot.pilot.data.path, "nodes", mspId, "officers"), officer);
  }
});

/** A command without `> FILE` at its end, and the file. */
function redirected(words: readonly string[]): [readonly string[], string | undefined] {
  const at = words.indexOf(">");
  return at < 0 ? [words, undefined] : [words.slice(0, at), words[at + 1]];
}

/** The id of a record of data that went out of CivilMSP's node, in what an audit lists. */
function recordIn(listed: string): string {
  const events = listed.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line) as SeenRecord] : []));
  const seen = events.find(
    ({ event, provider, department, result }) =>
      event === "record" && provider === department && department === "CivilMSP" && result === "served",
  );
  return seen?.record ?? expect.fail(`no record in ${listed.slice(0, 1000)}`);
}

interface SeenRecord {
  readonly event: string;
  readonly department: string;
  readonly provider: string;
  readonly result: string;
  readonly record: string;
}
