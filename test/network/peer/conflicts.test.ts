import { TxValidationCode } from "@wanlian/protocol/messages/transaction.js";
import { expect } from "chai";
import { type City, caughtUp, endorse, evaluate, sharedCity, submit } from "./city.js";

describe("peer › what transactions read", function () {
  this.timeout(90_000);
  let city: City;

  before(async () => {
    city = await sharedCity();
  });

  it("a transaction does not see its own writes", async () => {
    await submit(city.bureau, "put", "seen", "before");
    expect(await submit(city.bureau, "putThenGet", "seen", "after")).to.equal("before");
  });

  it("of two updates of one version one fails", async () => {
    await submit(city.bureau, "put", "counter", "0");
    await caughtUp(city);
    const [first, second] = [
      await endorse(city.bureau, "add", "counter"),
      await endorse(city.bureau, "add", "counter"),
    ];
    const fates = await Promise.all([first, second].map(async (one) => (await one.submit()).getStatus()));
    expect(fates.map(({ code }) => code).sort()).to.deep.equal([
      TxValidationCode.VALID,
      TxValidationCode.MVCC_READ_CONFLICT,
    ]);
  });

  it("a key that appeared in a range that was read fails the reader", async () => {
    await submit(city.bureau, "put", "range-1", "x");
    await caughtUp(city);
    const reader = await endorse(city.bureau, "count", "range-", "range-~", "counted");
    await submit(city.bureau, "put", "range-2", "x");
    const { code } = await (await reader.submit()).getStatus();
    expect(code).to.equal(TxValidationCode.PHANTOM_READ_CONFLICT);
  });

  it("a range longer than a batch comes whole, and is protected to its end", async () => {
    await submit(city.bureau, "fill", "long-", "250");
    await caughtUp(city);
    expect(await submit(city.bureau, "count", "long-", "long-~", "length")).to.equal("250");
  });

  it("pages follow each other, and a transaction with pages cannot write", async () => {
    await submit(city.bureau, "fill", "page-", "5");
    await caughtUp(city);
    const first = JSON.parse(await evaluate(city.bureau, "page", "page-", "page-~", "3"));
    expect(first.keys).to.have.length(3);
    const second = JSON.parse(await evaluate(city.bureau, "page", "page-", "page-~", "3", first.next));
    expect(second).to.deep.equal({ keys: ["page-00003", "page-00004"], next: "" });
  });

  it("composite keys and the history of a key are read", async () => {
    await submit(city.bureau, "composite", "noun", "case", "1");
    await caughtUp(city);
    expect(await evaluate(city.bureau, "composite", "noun", "case", "2")).to.equal("1");
    await submit(city.bureau, "put", "past", "1");
    await submit(city.bureau, "put", "past", "2");
    await submit(city.bureau, "delete", "past");
    expect(JSON.parse(await evaluate(city.bureau, "history", "past"))).to.deep.equal(["", "2", "1"]);
  });
});
