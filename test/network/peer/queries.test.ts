import { OpenQuery, type RecordSource } from "@wanlian/network/embedded/peer/dialogue/queries.js";
import { RangeQuery } from "@wanlian/network/embedded/peer/simulation/range-query.js";
import { QueryResponse, QueryResponseMetadata } from "@wanlian/protocol/messages/shim.js";
import { expect } from "chai";

const LIMIT = 100_000;

describe("queries of a chaincode", () => {
  it("the ledger notes 101 records after a first batch and 201 after a second, as Fabric's does", async () => {
    const range = rangeOf(500);
    const query = new OpenQuery("q", recordsOf(range), LIMIT);
    expect(countIn((await query.batch()).payload)).to.equal(100);
    expect(range.recorded()).to.include({ itrExhausted: false, endKey: keyAt(100) });
    expect(countIn((await query.batch()).payload)).to.equal(100);
    expect(range.recorded()).to.include({ itrExhausted: false, endKey: keyAt(200) });
  });

  it("a range that was read to its end is noted to its end", async () => {
    const range = rangeOf(3);
    const { payload, hasMore } = await new OpenQuery("q", recordsOf(range), LIMIT).batch();
    expect([countIn(payload), hasMore]).to.deep.equal([3, false]);
    expect(range.recorded()).to.deep.include({ startKey: "k", endKey: "l", itrExhausted: true });
    expect(range.recorded().rawReads?.kvReads).to.have.length(3);
  });

  it("more than fifty reads are summed up", async () => {
    const range = rangeOf(60);
    await new OpenQuery("q", recordsOf(range), LIMIT).batch();
    const noted = range.recorded();
    expect(noted.rawReads).to.equal(undefined);
    expect(noted.readsMerkleHashes?.maxDegree).to.equal(50);
  });

  it("a page ends after its size and tells where the next begins", async () => {
    const range = rangeOf(10, 4);
    const source = { ...recordsOf(range), bookmark: () => range.bookmark() };
    const { payload, hasMore } = await new OpenQuery("q", source, 4).batch();
    const metadata = QueryResponseMetadata.decode(QueryResponse.decode(payload).metadata);
    expect([countIn(payload), hasMore]).to.deep.equal([4, false]);
    expect(metadata).to.deep.include({ fetchedRecordsCount: 4, bookmark: keyAt(4) });
  });

  it("ends without a word when the peer's limit is reached", async () => {
    const { payload, hasMore } = await new OpenQuery("q", recordsOf(rangeOf(10)), 7).batch();
    expect([countIn(payload), hasMore]).to.deep.equal([7, false]);
  });
});

const keyAt = (index: number): string => `k${String(index).padStart(5, "0")}`;
const countIn = (payload: Uint8Array): number => QueryResponse.decode(payload).results.length;

function rangeOf(size: number, limit = 0): RangeQuery {
  async function* entries() {
    for (let index = 0; index < size; index++) {
      yield {
        key: keyAt(index),
        value: Buffer.from("v"),
        version: { block: 1n, transaction: 0n },
        metadata: new Map(),
      };
    }
  }
  return new RangeQuery("cc", "k", "l", entries(), limit);
}

function recordsOf(range: RangeQuery): RecordSource {
  return {
    async next() {
      const found = await range.next();
      return found && Buffer.from(found.key);
    },
    close: () => range.close(),
  };
}
