import { KeyRuns } from "@wanlian/client/exchange";
import type { DatasetId, MspId } from "@wanlian/model/identifiers.js";
import { expect } from "chai";

const PAIR = { consumer: "HealthMSP" as MspId, dataset: "CivilMSP/d" as DatasetId };

describe("keys that are gone through", () => {
  const counted = (...subjects: Readonly<Record<string, string>>[]) => {
    const runs = new KeyRuns();
    for (const subject of subjects) runs.note(PAIR, subject);
    return runs.take()[0]?.following;
  };
  const ids = (...values: string[]) => values.map((id) => ({ id }));

  it("follow one upon the other, in whatever order and with small steps", () => {
    expect(counted(...ids("41130001", "41130002", "41130003"))).to.equal(2);
    expect(counted(...ids("41130009", "41130001", "41130005"))).to.equal(1);
    expect(counted(...ids("A-0007/x", "A-0008/x"))).to.equal(1);
  });

  it("do so by citizens' numbers, whatever their check digits are", () => {
    expect(counted(...ids("11010519491231002X", "110105194912310038"))).to.equal(1);
  });

  it("do not by chance: short numbers, the same again, other words around them, other fields", () => {
    expect(counted(...ids("101", "102", "103"))).to.equal(0);
    expect(counted(...ids("41130001", "41130001"))).to.equal(0);
    expect(counted(...ids("A-0007/x", "B-0008/x"))).to.equal(0);
    expect(counted({ id: "41130001" }, { code: "41130002" })).to.equal(0);
    expect(counted(...ids("no number", "x".repeat(1000), "9".repeat(1000)))).to.equal(0);
  });

  it("are counted for each consumer and dataset by itself, once", () => {
    const runs = new KeyRuns();
    runs.note(PAIR, { id: "41130001" });
    runs.note({ ...PAIR, consumer: "PoliceMSP" as MspId }, { id: "41130002" });
    expect(runs.take().map(({ consumer, following }) => [consumer, following])).to.deep.equal([
      ["HealthMSP", 0],
      ["PoliceMSP", 0],
    ]);
    runs.note(PAIR, { id: "41130003" });
    expect(runs.take()).to.deep.equal([{ ...PAIR, asked: 1, following: 1 }]);
    expect(runs.take()).to.deep.equal([]);
  });
});
