import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { PILOT_START_MS } from "./shared.js";
import { RunningPilot } from "./shared-pilot.js";

const WANLIAN = fileURLToPath(new URL("../../../client/bin/wanlian.js", import.meta.url));
const DEPARTMENT = "CivilMSP";
const NODE = `node-${DEPARTMENT}`;
const TWO_HOURS_MS = 7_200_000;
const POLL_MS = 100;

interface Status {
  readonly conditions: readonly { readonly code: string; readonly message: string }[];
}

interface LogCase {
  readonly case: {
    readonly state: {
      readonly key: string;
      readonly size: number;
      readonly anchors: number;
      readonly former?: unknown;
    };
  };
}

describe("pilot › a department whose log's disk is lost", function () {
  this.timeout(PILOT_START_MS);
  let pilot: RunningPilot;
  let exchange: string;
  let configuration: string;

  before(async () => {
    pilot = await RunningPilot.start({ departments: 3 });
    await pilot.open();
    const folder = join(pilot.pilot.data.path, "nodes", DEPARTMENT);
    configuration = join(folder, "node.json");
    exchange = join(folder, "data", "exchange");
    // A log is anchored as soon as it is opened, and then not again before time passes.
    await until(async () => ((await logOf())?.anchors ?? 0) > 0);
  });
  after(() => pilot?.remove());

  const bureau = () => pilot.desk("BureauMSP", "administrator");
  /** As another department's node has it. */
  const logOf = async () =>
    await (await bureau()).get<LogCase>(`logs/${DEPARTMENT}`).then(
      (answer) => answer.case.state,
      () => undefined,
    );

  async function until(holds: () => Promise<boolean>): Promise<void> {
    while (!(await holds())) await delay(POLL_MS);
  }

  /** So much later, an anchor is due at every node. */
  async function timePasses(): Promise<void> {
    const desk = await bureau();
    const { case: clock } = await desk.get<{ case: { state: { time: string } } }>("clock");
    const next = new Date(Date.parse(clock.state.time) + TWO_HOURS_MS);
    const { block } = await desk.file("clock/tick", { time: `${next.toISOString().slice(0, 19)}Z` });
    await pilot.foldedEverywhere(block);
  }

  function wanlian(...words: string[]): string {
    const { status, stdout, stderr } = spawnSync(process.execPath, [WANLIAN, ...words, "--lang", "en"], {
      encoding: "utf8",
      env: { ...process.env, WANLIAN_PASSPHRASE: "" },
    });
    expect(status, `${words.join(" ")}: ${stdout}${stderr}`).to.equal(0);
    return stdout;
  }

  it("comes back from a backup, and does not go on from one that is older than what was anchored", async () => {
    const data = join(exchange, "..");
    const [older, newer] = [`${data}-older`, `${data}-newer`];
    const steward = await pilot.desk(DEPARTMENT, "administrator");
    // What the rules refuse stands in the log.
    const refused = async () => {
      const code = await steward.refusal(`demands/${"ab".repeat(32)}/withdraw`);
      expect(code).to.be.oneOf(["NOT_FOUND", "NOT_PERMITTED"]);
    };
    wanlian("backup", configuration, "--to", older);
    const { anchors = 0 } = (await logOf()) ?? {};
    await refused();
    await timePasses();
    await until(async () => ((await logOf())?.anchors ?? 0) > anchors);
    wanlian("backup", configuration, "--to", newer);

    const begunFrom = async (backup: string) => {
      await pilot.stop(NODE);
      await rm(data, { recursive: true });
      wanlian("restore", backup, configuration);
      await pilot.restart(NODE);
    };
    await begunFrom(older);
    const failing = async () => {
      const { conditions } = await (await pilot.desk(DEPARTMENT, "administrator")).get<Status>("status");
      return conditions.find(({ code }) => code === "EXCHANGE_FAILED")?.message;
    };
    await until(async () => (await failing())?.includes("older than what was made known of it") === true);
    await begunFrom(newer);
    await until(async () => existsSync(join(exchange, "log", "lock")));
    expect(await failing()).to.equal(undefined);
    expect(existsSync(join(exchange, "restored"))).to.equal(false);
  });

  it("anchors nothing until another log is begun by its administrator's act, which everybody sees", async () => {
    const before = (await logOf()) ?? expect.fail("there is no log");
    await pilot.stop(NODE);
    await rm(exchange, { recursive: true });
    const file = join(exchange, "..", "begun.json");
    expect(wanlian("begin-log", configuration, "--out", file)).to.include("wanlian log begin-anew CivilMSP");
    await pilot.restart(NODE);
    await timePasses();
    const administrator = await pilot.desk(DEPARTMENT, "administrator");
    expect(await logOf()).to.deep.equal(before);

    const body = { ...JSON.parse(await readFile(file, "utf8")), reasons: { text: "the disk failed" } };
    const { block } = await administrator.file(`logs/${DEPARTMENT}/begin-anew`, body);
    await pilot.foldedEverywhere(block);
    const begun = (await logOf()) ?? expect.fail("there is no log");
    expect(begun.key)
      .to.match(/^pilot\/log\/CivilMSP\/2\+/)
      .and.not.equal(before.key);
    expect(begun.former).to.deep.equal({ logs: 1, records: before.size });
    await timePasses();
    await until(async () => ((await logOf())?.anchors ?? 0) > begun.anchors);
  });

  it("goes on with it when its node starts again, and finds nothing wrong with what it keeps", async () => {
    await pilot.stop(NODE);
    expect(wanlian("fsck", configuration)).to.equal("nothing is wrong\n");
    await pilot.restart(NODE);
    const { anchors = 0 } = (await logOf()) ?? {};
    await timePasses();
    await until(async () => ((await logOf())?.anchors ?? 0) > anchors);
  });

  it("keeps aside what was left of a log whose key alone was lost, and goes on where it was broken off", async () => {
    await pilot.stop(NODE);
    await rm(join(exchange, "log-key.pem"));
    await writeFile(join(exchange, "sources.json"), "[]\n");
    const file = join(exchange, "..", "third.json");
    expect(wanlian("begin-log", configuration, "--out", file)).to.include("exchange.3.former");
    expect(JSON.parse(await readFile(file, "utf8")).key).to.match(/^pilot\/log\/CivilMSP\/3\+/);
    expect(existsSync(`${exchange}.3.former`)).to.equal(true);
    const begun = await readFile(file, "utf8");

    // Its file can be lost, and the command can end between putting the one aside and the other in its place.
    for (const brokenOff of [async () => undefined, () => rename(exchange, `${exchange}.begun`)]) {
      await brokenOff();
      await rm(file);
      expect(wanlian("begin-log", configuration, "--out", file)).to.not.include("former");
      expect(await readFile(file, "utf8"), "the same log").to.equal(begun);
      expect(await readFile(join(exchange, "sources.json"), "utf8")).to.equal("[]\n");
    }
    await writeFile(join(exchange, "log-key.pem"), begun.slice(0, 10));
    expect(wanlian("begin-log", configuration, "--out", file)).to.include("exchange.3-2.former");
    expect(await readFile(file, "utf8"), "another key").to.not.equal(begun);
    await pilot.restart(NODE);
  });
});
