import { Pace } from "@wanlian/network/embedded/orderer/pace.js";
import { expect } from "chai";

const TIMEOUT_MS = 60;

describe("orderer › how long a block waits for company", () => {
  it("a lone transaction waits a few milliseconds only, and as little as the channel's batch timeout allows", () => {
    const pace = new Pace();
    expect(pace.wait(TIMEOUT_MS)).to.be.at.most(10);
    expect(pace.wait(2)).to.equal(2);
  });

  it("the more came together in the block before the longer, up to the batch timeout", () => {
    const pace = new Pace();
    const waits = [1, 2, 3, 100].map((transactions) => {
      pace.cut(transactions);
      return pace.wait(TIMEOUT_MS);
    });
    expect(waits).to.deep.equal([10, 30, 50, TIMEOUT_MS]);
  });

  it("forgets a rush with the first block that is none", () => {
    const pace = new Pace();
    const calm = pace.wait(TIMEOUT_MS);
    pace.cut(100);
    pace.cut(1);
    expect(pace.wait(TIMEOUT_MS)).to.equal(calm);
  });
});
