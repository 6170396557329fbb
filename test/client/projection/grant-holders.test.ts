import type { CountedTransaction } from "@wanlian/client/fold";
import { GrantHolders } from "@wanlian/client/projection/grant-holders.js";
import type { Description } from "@wanlian/model/kernel/description.js";
import type { Reading } from "@wanlian/model/reading.js";
import { expect } from "chai";

const DATASET = "CivilMSP/births";
const OTHER = "CivilMSP/deaths";

describe("who holds a grant on a dataset", () => {
  let holders: GrantHolders;
  beforeEach(() => {
    holders = new GrantHolders();
  });

  /** By the class that the entry says it is of. */
  const coversClass = (grant: unknown, entry: unknown) =>
    entry !== undefined && Reflect.get(Object(grant), "ofClass") === Reflect.get(Object(entry), "kind");
  const of = (dataset: string, before?: object) =>
    [...holders.of(dataset, { coversClass } as unknown as Reading, before as never)].sort();

  function application(
    id: string,
    consumer: string,
    statuses: readonly [from: string | undefined, to: string],
    more = {},
  ) {
    const [from, status] = statuses;
    const act = { noun: "application", case: id, state: { status, consumer, provider: "CivilMSP", ...more } };
    const before = from === undefined ? undefined : { status: from };
    const references =
      "ofClass" in more
        ? []
        : [
            { noun: "dataset", case: DATASET },
            { noun: "release", case: "r" },
          ];
    const parties = [
      { department: consumer, relation: "consumer" },
      { department: "CivilMSP", relation: "provider" },
    ];
    holders.take(
      { act, before } as unknown as CountedTransaction,
      { status, references, parties } as unknown as Description,
    );
  }

  function entry(dataset: string, kind: string) {
    const act = { noun: "dataset", case: dataset, state: { kind, fields: ["f"] } };
    holders.take({ act } as unknown as CountedTransaction, {} as Description);
  }

  it("is nobody before a grant, and who was granted from then on", () => {
    application("a", "PoliceMSP", [undefined, "submitted"]);
    expect(of(DATASET)).to.deep.equal([]);
    application("a", "PoliceMSP", ["submitted", "granted"]);
    expect(of(DATASET)).to.deep.equal(["PoliceMSP"]);
    expect(of(OTHER)).to.deep.equal([]);
  });

  it("is whose grant is suspended, and nobody whose grant has ended", () => {
    application("a", "PoliceMSP", ["submitted", "granted"]);
    application("a", "PoliceMSP", ["granted", "suspended"]);
    expect(of(DATASET)).to.deep.equal(["PoliceMSP"]);
    application("a", "PoliceMSP", ["suspended", "granted"]);
    application("a", "PoliceMSP", ["granted", "revoked"]);
    expect(of(DATASET)).to.deep.equal([]);
  });

  it("is who has another grant still", () => {
    application("a", "PoliceMSP", ["submitted", "granted"]);
    application("b", "PoliceMSP", ["submitted", "granted"]);
    application("c", "TaxMSP", ["submitted", "granted"]);
    application("a", "PoliceMSP", ["granted", "revoked"]);
    expect(of(DATASET)).to.deep.equal(["PoliceMSP", "TaxMSP"]);
    application("b", "PoliceMSP", ["granted", "expired"]);
    expect(of(DATASET)).to.deep.equal(["TaxMSP"]);
  });

  it("is who holds a grant for its class, while it holds and the entry is of the class", () => {
    entry(DATASET, "register");
    entry(OTHER, "figures");
    application("a", "PoliceMSP", ["submitted", "granted"], { ofClass: "register" });
    expect([of(DATASET), of(OTHER), of("TaxMSP/births")]).to.deep.equal([["PoliceMSP"], [], []]);
    application("b", "TaxMSP", ["submitted", "granted"]);
    expect(of(DATASET)).to.deep.equal(["PoliceMSP", "TaxMSP"]);
    application("a", "PoliceMSP", ["granted", "suspended"], { ofClass: "register" });
    expect(of(DATASET)).to.deep.equal(["PoliceMSP", "TaxMSP"]);
    application("a", "PoliceMSP", ["suspended", "revoked"], { ofClass: "register" });
    expect(of(DATASET)).to.deep.equal(["TaxMSP"]);
  });

  it("is who held one that covered the entry until now, as it was", () => {
    entry(DATASET, "register");
    application("a", "PoliceMSP", ["submitted", "granted"], { ofClass: "register" });
    entry(DATASET, "figures");
    expect(of(DATASET)).to.deep.equal([]);
    expect(of(DATASET, { kind: "register" })).to.deep.equal(["PoliceMSP"]);
  });

  for (const lacking of [{ provider: undefined }, { consumer: undefined }] as const) {
    it(`is nobody by a grant for a class that names no ${Object.keys(lacking)}`, () => {
      entry(DATASET, "register");
      application("a", "PoliceMSP", ["submitted", "granted"], { ofClass: "register", ...lacking });
      expect(of(DATASET)).to.deep.equal([]);
    });
  }
});
