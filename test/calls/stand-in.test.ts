import { CALL_FAULTS, playPlatform } from "@wanlian/scripts/bench/calls/stand-in.js";
import { expect } from "chai";

/** A million for a night: `npm run bench -- calls`. */
const CALLS = 2_000;

describe("a platform that does some of it wrong", () => {
  it("is seen through, record by record: what is lost, doubled, altered, late or without a grant, and nothing else", async function () {
    this.timeout(120_000);
    const { planted, found } = await playPlatform(CALLS);
    expect(CALL_FAULTS.map((kind) => planted[kind])).to.deep.equal([2, 2, 2, 2, 2]);
    expect(found).to.deep.equal(planted);
  });
});
