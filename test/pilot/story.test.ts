import { headerHash, statedCommitHash } from "@wanlian/protocol/block.js";
import { toHex } from "@wanlian/protocol/bytes.js";
import { refusalCode } from "@wanlian/scripts/host/desk.js";
import { runStory } from "@wanlian/scripts/story/run.js";
import { expect } from "chai";
import { PILOT_START_MS, sharedPilot } from "./shared.js";
import type { RunningPilot } from "./shared-pilot.js";

describe("pilot › the story", function () {
  this.timeout(PILOT_START_MS);
  let pilot: RunningPilot;
  let told = "";

  before(async () => {
    pilot = await sharedPilot();
    await runStory(pilot.pilot, "en", (text) => {
      told += text;
    });
  });

  it("is told to its end, each step with its block and transaction, each line as of a demo", () => {
    const lines = told.split("\n").filter((line) => line.includes("[demo"));
    expect(lines, "one a step").to.have.length.greaterThan(40);
    expect(
      lines.filter((line) => / block \d+ · [0-9a-f]{12}…/.test(line)),
      "on the ledger",
    ).to.have.length.greaterThan(30);
    expect(told).to.contain("outcome: substantiated").and.to.contain("outcome: unsubstantiated");
    expect(told).to.contain("NO_LEGAL_BASIS").and.to.contain("MVCC_READ_CONFLICT");
    expect(told.match(/✗.*ENDORSEMENT_POLICY_FAILURE/g), "each dishonest write").to.have.length(4);
    expect(told).to.contain("auditor");
  });

  it("leaves every peer with the same blocks and commit hashes, from block 1 to the last", async () => {
    const { channel } = pilot.topology;
    const heights = await Promise.all(
      pilot.mspIds.map(async (mspId) => (await pilot.peer(mspId).info(channel)).height),
    );
    const [lowest = 0n] = heights.sort((a, b) => Number(a - b));
    for (let number = 1n; number < lowest; number += 1n) {
      const seen = await Promise.all(
        pilot.mspIds.map(async (mspId) => {
          const block = await pilot.peer(mspId).block(channel, number);
          const commitHash = statedCommitHash(block);
          return `${block.header && toHex(headerHash(block.header))} ${commitHash && toHex(commitHash)}`;
        }),
      );
      expect(new Set(seen).size, `block ${number}`).to.equal(1);
      expect(seen[0]).to.not.contain("undefined");
    }
  });

  it("says of a demo channel that it is one, in every answer", async () => {
    const desk = await pilot.desk("HealthMSP", "user");
    expect(await desk.get<{ demo: boolean }>("catalogue")).to.include({ demo: true });
    expect(await desk.get<{ demo: boolean }>("status")).to.include({ demo: true });
  });

  it("refuses to be played twice on one ledger, in one sentence", async () => {
    let message = "";
    try {
      await runStory(pilot.pilot, "en", () => undefined);
    } catch (error) {
      expect(refusalCode(error)).to.equal(undefined);
      message = error instanceof Error ? error.message : "";
    }
    expect(message).to.match(/^The story was begun on this pilot before: .*"reset" makes room for another\.$/);
  });
});
