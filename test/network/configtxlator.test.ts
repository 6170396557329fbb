import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as changes from "@wanlian/network/channel/changes.js";
import { channelGroup } from "@wanlian/network/channel/genesis.js";
import { readMaterial } from "@wanlian/network/channel/material.js";
import { computeUpdate } from "@wanlian/protocol/configuration/delta.js";
import { Config, type ConfigGroup, ConfigUpdate } from "@wanlian/protocol/messages/configuration.js";
import { expect } from "chai";
import { makeWorld } from "./world.js";

const FABRIC_BIN = process.env.FABRIC_BIN;

describe("a configuration update", () => {
  for (const consensus of ["embedded", "raft", "bft"] as const)
    it(`on ${consensus} is what Fabric's own tool reads and computes`, async function () {
      if (!FABRIC_BIN) return this.skip();
      const other = await makeWorld({ departments: 4, consensus });
      const material = await readMaterial(other.directory, other.topology);
      const whole = channelGroup(other.topology, material);
      const without = changes.removeDepartment(whole, "CivilMSP", 2);
      await fabricComputes(FABRIC_BIN, whole, without);
      await fabricComputes(FABRIC_BIN, without, whole);
      await fabricComputes(FABRIC_BIN, whole, changes.setBatch(whole, { ...other.topology.batch, timeout: "1s" }));
      await other.remove();
    });
});

/** Fabric's configtxlator computes the same update; members of maps have no order there. */
async function fabricComputes(binaries: string, before: ConfigGroup, after: ConfigGroup): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "wanlian-configtxlator-"));
  const [original, updated, output] = ["original", "updated", "output"].map((name) => join(folder, name));
  await writeFile(original ?? "", Config.encode({ sequence: 1n, channelGroup: before }));
  await writeFile(updated ?? "", Config.encode({ sequence: 1n, channelGroup: after }));
  const options = ["--channel_id=pilot", `--original=${original}`, `--updated=${updated}`, `--output=${output}`];
  const run = spawnSync(join(binaries, "configtxlator"), ["compute_update", ...options], { encoding: "utf8" });
  expect(run.status, run.stderr).to.equal(0);
  const theirs = ConfigUpdate.decode(await readFile(output ?? ""));
  const ours = computeUpdate("pilot", before, after);
  expect(Buffer.from(ConfigUpdate.encode(ours)).equals(ConfigUpdate.encode(theirs))).to.equal(true);
  await rm(folder, { recursive: true });
}
