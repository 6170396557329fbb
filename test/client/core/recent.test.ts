import { Recent } from "@wanlian/client/core/recent.js";
import { expect } from "chai";

describe("what was put in lately", () => {
  it("is there, the last so many at the least, and twice as many at most", () => {
    const recent = new Recent<number, string>(10);
    for (let at = 0; at < 95; at += 1) {
      recent.set(at, `${at}`);
      for (let last = Math.max(0, at - 9); last <= at; last += 1) expect(recent.get(last)).to.equal(`${last}`);
      expect(recent.get(at - 20)).to.equal(undefined);
    }
  });

  it("costs the same however many went before", () => {
    const recent = new Recent<number, number>(20_000);
    const time = (from: number) => {
      const { user, system } = process.cpuUsage();
      for (let at = from; at < from + 100_000; at += 1) recent.set(at, at);
      const after = process.cpuUsage();
      return after.user + after.system - user - system;
    };
    time(0);
    // A map whose oldest is taken out each time takes some 14 µs for each of them.
    expect(time(100_000) / 100_000, "µs of processor time").to.be.below(5);
  });
});
