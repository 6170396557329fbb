import { QualityError } from "@wanlian/client/core/quality-error.js";
import { atOnce, type Steps, stepByStep } from "@wanlian/client/quality/engine/steps.js";
import { expect } from "chai";

/** Keeps the thread busy, as a pass over many rows does. */
function busy(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

function* counted(steps: number): Steps<string> {
  for (let at = 0; at < steps; at += 1) {
    busy(20);
    yield at / steps;
  }
  return "done";
}

describe("work step by step", () => {
  it("comes to what it comes to at once, says how far it is, and lets everything else have its turn", async () => {
    const said: number[] = [];
    let turns = 0;
    const others = setInterval(() => {
      turns += 1;
    }, 1);
    try {
      expect(await stepByStep(counted(20), { onProgress: (percent) => said.push(percent) })).to.equal("done");
    } finally {
      clearInterval(others);
    }
    expect(atOnce(counted(2))).to.equal("done");
    expect(turns).to.be.above(0);
    expect(said.length).to.be.above(1);
    expect(said).to.deep.equal(said.toSorted((a, b) => a - b));
    expect(Math.max(...said)).to.be.at.most(100);
  });

  it("ends where it is no longer wanted, though that is told while it works", async () => {
    const control = new AbortController();
    setTimeout(() => control.abort(), 1);
    const error: unknown = await stepByStep(counted(1000), { signal: control.signal }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error instanceof QualityError && error.code).to.equal("CHECK_CANCELLED");
  });
});
