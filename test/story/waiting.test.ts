import { untilAllHave } from "@wanlian/scripts/story/waiting.js";
import { expect } from "chai";

describe("story › waiting for the nodes", () => {
  /** A department whose node is at one height more each time it is asked. */
  const behind = (height: number) => {
    const node = { height };
    const user = { get: async <T>() => ({ height: node.height++ }) as T };
    return { node, name: { zh: "部门", en: "department" }, user };
  };

  it("goes on when the last of them has the block, not when the first has it", async () => {
    const [quick, slow] = [behind(9), behind(4)];
    await untilAllHave(7, [quick, slow]);
    expect(slow.node.height, "asked until it answered 8").to.equal(9);
    expect(quick.node.height, "asked once").to.equal(10);
  });
});
