import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { LogOutput } from "@wanlian/client/running/machine/log-output.js";
import { expect } from "chai";

/** Between two looks at a condition that is waited for. */
const POLL_MS = 10;
const MEGABYTE = 1024 ** 2;
const LINE = `${"x".repeat(64 * 1024 - 1)}\n`;

describe("a node's log in files", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-log-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it("grows to its size, is put aside compressed, and keeps as many as it was told", async () => {
    const output = new LogOutput();
    const path = join(directory, "node.log");
    output.toFile({ path, megabytes: 1, kept: 2 });
    const aside = async () => (await readdir(directory)).filter((name) => name.endsWith(".gz")).sort();
    /** Writes a megabyte and waits until another file is put aside. */
    const fill = async () => {
      const before = String(await aside());
      for (let written = 0; written <= MEGABYTE; written += LINE.length) output.write(LINE);
      while (String(await aside()) === before) await delay(POLL_MS);
    };
    await fill();
    expect(await aside()).to.have.length(1);
    await fill();
    await fill();
    while ((await aside()).length > 2) await delay(POLL_MS);
    output.write("and on\n");
    while (!(await readdir(directory)).includes("node.log")) await delay(POLL_MS);
    output.toStandardError();
    const [first = ""] = await aside();
    expect(gunzipSync(await readFile(join(directory, first))).toString()).to.match(/^(x+\n)+$/);
    expect((await stat(path)).mode & 0o077, "its owner's alone").to.equal(0);
  });

  it("goes to standard error where the disk refuses, and on", async () => {
    const said: string[] = [];
    const output = new LogOutput((line) => said.push(line));
    const file = join(directory, "no-folder");
    await writeFile(file, "");
    output.toFile({ path: join(file, "node.log"), megabytes: 1, kept: 1 });
    while (said.length === 0) await delay(POLL_MS);
    output.write("and on\n");
    expect(said).to.have.length(2);
    expect(said[0]).to.match(/^the log cannot be written to \S+no-folder\/node\.log, so it comes here: /);
    expect(said[1]).to.equal("and on\n");
  });
});
