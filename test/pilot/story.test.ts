import { stripVTControlCharacters } from "node:util";
import { refusalCode } from "@wanlian/scripts/host/desk.js";
import { runStory } from "@wanlian/scripts/story/run.js";
import { expect } from "chai";
import { disagreements } from "./agreement.js";
import { onEveryNetwork, PILOT_START_MS } from "./shared.js";
import type { RunningPilot } from "./shared-pilot.js";

/** It waits twice for a log to be anchored, a minute each; the rest is some fifty transactions. */
const STORY_MS = 600_000;

onEveryNetwork("pilot › the story", function (shared) {
  this.timeout(PILOT_START_MS + STORY_MS);
  let pilot: RunningPilot;
  let told = "";

  before(async () => {
    pilot = await shared.pilot();
    await runStory(pilot.pilot, "en", (text) => {
      told += stripVTControlCharacters(text);
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
    expect(told).to.contain("NO_LEGAL_BASIS").and.to.contain("PHANTOM_READ_CONFLICT");
    expect(told.match(/✗.*ENDORSEMENT_POLICY_FAILURE/g), "each dishonest write").to.have.length(4);
    expect(told.match(/compares its own list by keyed digests .* no data was handed over/g)).to.have.length(2);
    expect(told).to.contain("a product that rests on wrong data, not made anew yet");
    expect(told).to.match(/has it in its to-do, because of objection [0-9a-f]{12}\s/);
    expect(told).to.contain("it was made anew; nothing is left to do");
    expect(told).to.contain("FIELD_NOT_GRANTED").and.to.contain("WRONG_PURPOSE").and.to.contain("GRANT_REVOKED");
    expect(told).to.match(/StatisticsMSP RECORD_DROPPED/);
    expect(told)
      .to.contain("is warned:")
      .and.to.contain("OPERATOR_RESTRAINED")
      .and.to.contain("closes the incident: remedied");
    expect(told).to.contain("(lines: 1), and nobody has typed a figure").and.to.contain("0 differences");
    const contested = told.split("\n").find((line) => line.includes("contests a figure"));
    expect(contested).to.match(/contests a figure: StatisticsMSP replies in time (\d+)\/\1 → \d+\/\1/);
    expect(told).to.contain("with every node stopped").and.to.contain("the roots that were kept: proven");
  });

  it("leaves every peer with the same blocks and commit hashes, from block 1 to the last", async () => {
    expect(await disagreements(pilot)).to.deep.equal([]);
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
