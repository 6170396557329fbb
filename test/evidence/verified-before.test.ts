import { VerifiedBefore } from "@wanlian/verify/verified-before.js";
import { expect } from "chai";

describe("what was verified before", () => {
  const under = {};
  let verified: string[];
  let before: VerifiedBefore<object, string>;
  beforeEach(() => {
    verified = [];
    before = new VerifiedBefore();
  });
  const verify = (from: readonly string[], by: object = under) =>
    before.find(by, from, async () => {
      verified.push(from.join());
      return from.join();
    });

  it("is not verified again from the same bytes", async () => {
    expect([await verify(["a", "b"]), await verify(["a", "b"])]).to.deep.equal(["a,b", "a,b"]);
    expect(verified).to.deep.equal(["a,b"]);
  });

  it("is another where a byte is, where they are divided otherwise, or under another trust", async () => {
    await verify(["ab", ""]);
    for (const from of [["a", "b"], ["ab"], ["", "ab"], ["2 ab"], ["ab", "c"]]) await verify(from);
    await verify(["ab", ""], {});
    expect(verified).to.have.length(7);
  });

  it("does not count where it did not hold", async () => {
    const failing = () => before.find(under, ["x"], () => Promise.reject(new Error("it does not hold")));
    expect(await failing().catch((error: Error) => error.message)).to.equal("it does not hold");
    expect(await verify(["x"])).to.equal("x");
  });
});
