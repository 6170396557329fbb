import type { IndexedCall } from "@wanlian/client/access/access-index.js";
import { CallBook } from "@wanlian/client/calls/call-book.js";
import type { Digest } from "@wanlian/model/identifiers.js";
import { expect } from "chai";

/** An index that is behind until it is brought up. */
function behind() {
  const appended: IndexedCall[] = [];
  const index = { upTo: 0, caughtUp: 0 };
  const book = new CallBook(
    { calls: async (keys) => appended.slice(0, index.upTo).filter(({ key }) => keys.includes(key)) },
    async () => {
      index.caughtUp += 1;
      index.upTo = appended.length;
    },
  );
  const note = (key: string, id: string) => {
    const call = { key, id } as unknown as IndexedCall;
    appended.push(call);
    book.note(call);
  };
  const found = async (...keys: string[]) =>
    Object.fromEntries(
      [...(await book.find(keys as Digest[]))].map(([key, calls]) => [key, calls.map(({ id }) => id)]),
    );
  return { index, note, found };
}

describe("the calls that a log has", () => {
  it("are found while the index is behind, and once where it has some of them", async () => {
    const { index, note, found } = behind();
    note("a", "a1");
    note("a", "a2");
    note("b", "b1");
    expect(await found("a", "b", "c")).to.deep.equal({ a: ["a1", "a2"], b: ["b1"] });
    index.upTo = 1;
    note("a", "a3");
    expect(await found("a")).to.deep.equal({ a: ["a1", "a2", "a3"] });
    index.upTo = 4;
    expect(await found("a", "b")).to.deep.equal({ a: ["a1", "a2", "a3"], b: ["b1"] });
  });

  it("are held up to 20,000 before the index has to have them, and found all the same", async () => {
    const { index, note, found } = behind();
    for (let at = 0; at < 20_000; at += 1) note(`k${at}`, `${at}`);
    expect(await found("k0")).to.deep.equal({ k0: ["0"] });
    expect(index.caughtUp).to.equal(0);
    note("last", "20000");
    expect(await found("k0", "last")).to.deep.equal({ k0: ["0"], last: ["20000"] });
    expect(index.caughtUp).to.equal(1);
    note("k0", "again");
    expect(await found("k0")).to.deep.equal({ k0: ["0", "again"] });
    expect(index.caughtUp, "it counts from there on").to.equal(1);
  });
});
