import { isChannelId, isConfigName } from "@wanlian/protocol/configuration/paths.js";
import { expect } from "chai";

describe("a name in a configuration", () => {
  const table: [name: string, channel: boolean, element: boolean][] = [
    ["wancheng", true, true],
    ["wan-cheng.2026", true, true],
    ["a".repeat(249), true, true],
    ["a".repeat(250), false, false],
    ["", false, false],
    ["Wancheng", false, true],
    ["2026", false, true],
    ["-", false, true],
    [".", false, false],
    ["..", false, false],
    ["...", false, true],
    ["a_b", false, false],
    ["a/b", false, false],
    ["a\n", false, false],
    ["宛城", false, false],
  ];
  for (const [name, channel, element] of table) {
    const shown = name.length > 20 ? `${name.length} letters` : JSON.stringify(name);
    it(`${shown} ${channel ? "is" : "is not"} a channel's, ${element ? "is" : "is not"} an element's`, () => {
      expect(isChannelId(name)).to.equal(channel);
      expect(isConfigName(name)).to.equal(element);
    });
  }
});
