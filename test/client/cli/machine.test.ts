import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type ApiWorld, apiWorld, CIVIL, DATASET, ENTRY, openChannel } from "../api/world.js";
import { PASSPHRASE } from "../keys/officer.js";
import { runWanlian } from "./wanlian.js";

describe("a machine at the command line", () => {
  let world: ApiWorld;
  let directory: string;
  before(async () => {
    world = await apiWorld({ enrolled: { "CA-1": ["steward"], "sys-batch": ["machine"] } });
    await openChannel(world);
    directory = await mkdtemp(join(tmpdir(), "wanlian-machine-"));
    await writeFile(join(directory, "passphrase"), `${PASSPHRASE}\n`, { mode: 0o600 });
    await writeFile(join(directory, "list.csv"), "code,name\n411300,南阳市\n411302,宛城区\n");
    const dataset = { noun: "dataset", type: "register", body: { ...ENTRY, code: "divisions" } };
    await world.ledger.act(CIVIL, ["steward"], dataset);
  });
  after(async () => {
    await world.stop();
    await rm(directory, { recursive: true, force: true });
  });

  /** As a batch job runs it: no terminal, no question, its passphrase in a file that it alone reads. */
  const wanlian = (language: string, ...argv: string[]) =>
    runWanlian(argv, {
      WANLIAN_NODE: world.base.replace("/api/v1", ""),
      WANLIAN_SESSION: join(directory, "session.json"),
      LANG: language,
    });

  it("logs in by a file, registers what it made, and is shown as a machine", async () => {
    const logIn = await wanlian(
      "en_GB.UTF-8",
      "login",
      "sys-batch",
      "--passphrase-file",
      join(directory, "passphrase"),
    );
    expect(logIn.err + String(logIn.code)).to.equal("0");
    expect(logIn.out).to.include("machine");
    const period = JSON.stringify({ from: "2022-01-01", to: "2022-12-31" });
    const registering = ["release", "register", "--dataset", DATASET, "--period", period];
    const made = await wanlian("en_GB.UTF-8", ...registering, "--file", join(directory, "list.csv"));
    expect(made.err + String(made.code)).to.equal("0");
    const acts = await wanlian("en_GB.UTF-8", "trace", "officer", CIVIL, "sys-batch");
    expect(acts.out + acts.err).to.include("sys-batch (machine)");
    expect((await wanlian("zh_CN.UTF-8", "trace", "officer", CIVIL, "sys-batch")).out).to.include(
      "sys-batch（业务系统）",
    );
  });

  it("is refused what takes a person, with the model's code", async () => {
    const body = JSON.stringify({ kind: "admit", subject: "TaxMSP", name: "tax" });
    const refused = await wanlian("en_GB.UTF-8", "consortium", "propose", "--body", body);
    expect([refused.code === 0, refused.err.split(":")[0]]).to.deep.equal([false, "NOT_PERMITTED"]);
  });
});
