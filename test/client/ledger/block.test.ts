import { checkFollows, readBlock } from "@wanlian/client/ledger/block.js";
import { blockFeed } from "@wanlian/client/ledger/block-feed.js";
import { LedgerAccessError } from "@wanlian/client/ledger/connector.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { expect } from "chai";
import { TestLedger } from "../test-ledger.js";

describe("blocks from a peer", () => {
  let ledger: TestLedger;

  before(async () => {
    ledger = await TestLedger.opened();
  });

  after(() => ledger.remove());

  const block = (index: number) => Block.decode(ledger.blocks[index] ?? expect.fail(`no block ${index}`));

  it("are refused when they do not hold what their header says", () => {
    const { header, metadata } = block(2);
    const other = block(3);
    expect(() => readBlock(Block.encode({ header, data: other.data, metadata }))).to.throw(
      ProtocolError,
      "do not hash",
    );
  });

  it("are refused when a transaction has no validation code", () => {
    const { header, data } = block(2);
    expect(() =>
      readBlock(Block.encode({ header, data, metadata: { metadata: Array(5).fill(new Uint8Array()) } })),
    ).to.throw(ProtocolError, "0 codes");
  });

  it("are refused when they follow another block than the one this node has", () => {
    const third = readBlock(ledger.blocks[3] ?? expect.fail("no block"));
    expect(() => checkFollows(third, 3n, "00")).to.throw(ProtocolError, "another chain");
    expect(() => checkFollows(third, 4n, third.previousHash)).to.throw(ProtocolError, "where 4 was due");
  });

  it("come in order through connections that break", async () => {
    const stopping = new AbortController();
    let broken = 0;
    const connector = {
      height: async () => BigInt(ledger.blocks.length),
      async *blocks(from: bigint) {
        yield* ledger.blocks.slice(Number(from), Number(from) + 2);
        broken += 1;
        throw new LedgerAccessError("UNAVAILABLE", "cut");
      },
    };
    const observer = { connected: () => undefined, interrupted: () => undefined };
    const numbers: bigint[] = [];
    const start = { height: 0n, hash: undefined };
    for await (const { number } of blockFeed(connector, start, observer, stopping.signal)) {
      numbers.push(number);
      if (numbers.length === ledger.blocks.length) stopping.abort();
    }
    expect(numbers).to.deep.equal(ledger.blocks.map((_, index) => BigInt(index)));
    expect(broken).to.be.greaterThan(1);
  });
});
