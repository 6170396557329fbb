import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { OfficerStore } from "@wanlian/client/keys/officers";
import { networkStatus } from "@wanlian/network/administration/status.js";
import { run } from "@wanlian/network/cli/program.js";
import { officersFolder, organisationFolder } from "@wanlian/scripts/host/certificates.js";
import { logIn } from "@wanlian/scripts/host/decision.js";
import { officersOf, passphraseOf, sealedKeys } from "@wanlian/scripts/host/officers.js";
import { until } from "@wanlian/scripts/host/until.js";
import { expect } from "chai";
import { isAvailable, NETWORKS } from "./networks.js";
import { RunningPilot } from "./shared-pilot.js";

/** A pilot starts, and every process of it twice more. */
const TIMEOUT_MS = 400_000;
const CIVIL = "CivilMSP";

for (const consensus of NETWORKS)
  describe(`a department's new roots on a channel that works, on ${consensus}`, function () {
    this.timeout(TIMEOUT_MS);
    let world: RunningPilot;

    before(async function () {
      if (!isAvailable(consensus)) return this.skip();
      world = await RunningPilot.start({ departments: 3, consensus });
      await world.open();
    });

    after(() => world?.remove());

    it("come beside the former: the channel takes them, and all go on as they are restarted one by one", async () => {
      await wanlianNetwork("roots", CIVIL);
      expect(await wanlianNetwork("apply")).to.match(/✓ the channel's configuration changes: .*CivilMSP/);
      await restartEach();
    });

    it("sign everything anew, and all go on", async () => {
      expect(await wanlianNetwork("renew", CIVIL, "--former")).to.include("Restart one after another");
      await installOfficers();
      await restartEach();
    });

    it("stand alone in the end: nothing of the former's counts, and all go on", async () => {
      await wanlianNetwork("roots", CIVIL, "--end-former");
      expect(await wanlianNetwork("apply")).to.match(/✓ the channel's configuration changes: .*CivilMSP/);
      await restartEach();
      expect(await wanlianNetwork("plan")).to.include("there is nothing to do");
    });

    /** Everywhere one process after another, each when the one before works again; then an officer of each department files. */
    async function restartEach(): Promise<void> {
      const names = (await world.pilot.states()).map(({ spec }) => spec.name);
      const machines = [
        (name: string) => name.startsWith("orderer"),
        ...world.mspIds.map((id) => (name: string) => name.includes(id)),
      ];
      await Promise.all(
        machines.map(async (isIts) => {
          for (const name of names.filter(isIts)) {
            await world.stop(name);
            await world.restart(name);
          }
        }),
      );
      await until(isWhole, {
        withinMs: 120_000,
        otherwise: "there is something to complain about",
      });
      for (const mspId of world.mspIds) await filed(mspId);
    }

    /** As an administrator sees it who knows the roots that there are now. */
    async function isWhole(): Promise<boolean> {
      const network = await world.pilot.network();
      try {
        return (await networkStatus(network)).complaints.length === 0;
      } finally {
        network.close();
      }
    }

    /** An officer logs in at the own department's node and files an act, which counts. */
    async function filed(mspId: string): Promise<void> {
      const desk = await logIn(world.pilot.data, world.department(mspId), "administrator");
      time += 600_000;
      await desk.file("clock/tick", { time: `${new Date(time).toISOString().slice(0, 19)}Z` });
    }

    /** Officers take their renewed certificates, for the keys that they have. */
    async function installOfficers(): Promise<void> {
      const folder = officersFolder(world.pilot.data, CIVIL);
      const store = new OfficerStore(sealedKeys(folder));
      for (const { number } of officersOf(world.department(CIVIL))) {
        const issued = join(organisationFolder(world.pilot.data, CIVIL), "officers", number, "cert.pem");
        await store.install(await readFile(issued, "utf8"), await passphraseOf(folder, number));
      }
    }

    async function wanlianNetwork(...argv: string[]): Promise<string> {
      let said = "";
      let failed = "";
      const code = await run(
        ["--topology", world.pilot.data.topologyFile, "--lang", "en", ...argv],
        { write: (text) => (said += text) },
        { write: (text) => (failed += text) },
      );
      expect(code, failed).to.equal(0);
      return said;
    }
  });

/** The demo clock, as the pilot begins with it. */
let time = Date.parse("2026-09-28T01:00:00Z");
