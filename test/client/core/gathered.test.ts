import { setImmediate as turn } from "node:timers/promises";
import { gathered } from "@wanlian/client/core/gathered.js";
import { expect } from "chai";

const ONE_EACH = () => 1;

async function* counting(until: number, end: () => void = () => undefined): AsyncGenerator<number> {
  for (let item = 1; item <= until; item += 1) yield item;
  end();
}

describe("what is gathered", () => {
  it("comes one by one to whoever keeps up", async () => {
    let tell: (item: number) => void = () => undefined;
    async function* slow() {
      for (;;) yield await new Promise<number>((resolve) => (tell = resolve));
    }
    const batches = gathered(slow(), ONE_EACH, 10);
    for (const item of [1, 2, 3]) {
      const next = batches.next();
      await turn();
      tell(item);
      expect((await next).value).to.deep.equal([item]);
    }
    await batches.return(undefined);
  });

  it("comes together to whoever is behind, in order, none twice, and no more than may wait", async () => {
    const sizes: number[] = [];
    const seen: number[] = [];
    for await (const batch of gathered(counting(100), ONE_EACH, 10)) {
      sizes.push(batch.length);
      seen.push(...batch);
      for (let turns = 0; turns < 5; turns += 1) await turn();
    }
    expect(seen).to.deep.equal(Array.from({ length: 100 }, (_, at) => at + 1));
    expect(Math.max(...sizes)).to.equal(10);
    expect(sizes.length).to.be.lessThan(15);
  });

  it("is not read further than what may wait", async () => {
    let read = 0;
    async function* endless() {
      for (;;) yield ++read;
    }
    const batches = gathered(endless(), (item) => item, 6);
    await batches.next();
    for (let turns = 0; turns < 20; turns += 1) await turn();
    expect(read).to.be.lessThan(6);
    await batches.return(undefined);
  });

  it("ends with the source's error, after what came before it", async () => {
    async function* broken() {
      yield 1;
      yield 2;
      throw new Error("the peer is gone");
    }
    const seen: number[] = [];
    let failure: unknown;
    try {
      for await (const batch of gathered(broken(), ONE_EACH, 10)) seen.push(...batch);
    } catch (error) {
      failure = error;
    }
    expect(seen).to.deep.equal([1, 2]);
    expect(failure).to.have.property("message", "the peer is gone");
  });

  it("lets go of a source that waits for more when its reader does", async () => {
    async function* waits() {
      yield 1;
      await new Promise(() => undefined);
    }
    for await (const batch of gathered(waits(), ONE_EACH, 10)) {
      expect(batch).to.deep.equal([1]);
      break;
    }
  });
});
