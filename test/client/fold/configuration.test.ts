import { readConfiguration, viewChannel } from "@wanlian/client/fold/configuration.js";
import type { TransactionHeaders } from "@wanlian/client/ledger";
import { HeaderType } from "@wanlian/protocol/messages/common.js";
import { Config, ConfigEnvelope } from "@wanlian/protocol/messages/configuration.js";
import { expect } from "chai";

const MALFORMED = Uint8Array.of(0xff);
const config = { sequence: 7n, channelGroup: { groups: new Map(), values: new Map(), policies: new Map() } };

describe("a channel's configuration as it comes", () => {
  const headers = (type: number, data: Uint8Array) => ({ type, data }) as unknown as TransactionHeaders;
  const whole = ConfigEnvelope.encode({ config: config as never });

  it("is read from a transaction of its own kind, and from no other", () => {
    expect(readConfiguration(headers(HeaderType.CONFIG, whole))).to.deep.equal(Config.encode(config as never));
    expect(readConfiguration(headers(HeaderType.ENDORSER_TRANSACTION, whole))).to.equal(undefined);
  });

  it("is none where it cannot be read, or says nothing", () => {
    expect(readConfiguration(headers(HeaderType.CONFIG, MALFORMED))).to.equal(undefined);
    expect(readConfiguration(headers(HeaderType.CONFIG, new Uint8Array()))).to.equal(undefined);
  });

  it("has nobody in it where it cannot be read, which every comparison with the acts will say", () => {
    expect(viewChannel(MALFORMED)).to.deep.equal({ sequence: 0, members: [], records: undefined });
    expect(viewChannel(Config.encode(config as never))).to.deep.equal({ sequence: 7, members: [], records: undefined });
  });
});
