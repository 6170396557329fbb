import { setEndorsements } from "@wanlian/network/channel/changes.js";
import { Bundle, bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { Capabilities, type ConfigGroup } from "@wanlian/protocol/messages/configuration.js";
import { expect } from "chai";
import { recordedChannels } from "../vectors/channels.js";

describe("capabilities of a channel", () => {
  const genesis = recordedChannels()[0]?.blocks[0]?.block.data?.data ?? [];
  const group = (): ConfigGroup => setEndorsements(bundleFromBlock(genesis).group, 1);
  const cases = {
    channel: [] as string[],
    orderer: ["Orderer"],
    application: ["Application"],
  };
  for (const [part, path] of Object.entries(cases)) {
    it(`that are not known in the ${part} part stop a peer`, () => {
      const root = group();
      const place = path.reduce<ConfigGroup | undefined>((at, name) => at?.groups.get(name), root);
      const value = Capabilities.encode({ capabilities: new Map([["V9_9", {}]]) });
      place?.values.set("Capabilities", { version: 0n, modPolicy: "Admins", value });
      expect(() => new Bundle("pilot", { sequence: 0n, channelGroup: root })).to.throw(`${part} capability V9_9`);
    });

    it(`must be there in the ${part} part`, () => {
      const root = group();
      const place = path.reduce<ConfigGroup | undefined>((at, name) => at?.groups.get(name), root);
      place?.values.delete("Capabilities");
      expect(() => new Bundle("pilot", { sequence: 0n, channelGroup: root })).to.throw(`${part} capability V2_0`);
    });
  }
});
