import type { VoidTransaction } from "@wanlian/client/fold";
import { deadlineRows, voidAlarm } from "@wanlian/client/projection/rows.js";
import type { Description } from "@wanlian/model/kernel/description.js";
import type { Reading } from "@wanlian/model/reading.js";
import { expect } from "chai";

const used = (...numbers: number[]) => numbers.map((number) => ({ noun: "demand", case: "births", number }));

describe("the alarm of what is void", () => {
  const alarm = (changes: object) =>
    voidAlarm(7n, {
      ...{ index: 3, transactionId: "t", code: "NOT_ALLOWED", message: "why", used: used(2), left: [] },
      ...{ department: "PoliceMSP", officer: "0102", endorsers: ["CivilMSP", "TaxMSP"], accused: ["CivilMSP"] },
      writes: { writes: [{ key: "k", value: new Uint8Array() }], metadataWrites: [], privateWrites: 0 },
      ...changes,
    } as unknown as VoidTransaction);

  const table: [title: string, changes: object, kind: string, message: string][] = [
    [
      "an act, its author and whoever endorsed it",
      {},
      "VOID_ACT",
      "demand/births act 2 by PoliceMSP 0102 is void: why; endorsed by CivilMSP, TaxMSP",
    ],
    [
      "several acts, each once",
      { used: used(2, 3, 2) },
      "VOID_ACT",
      "demand/births act 2, demand/births act 3 by PoliceMSP 0102 is void: why; endorsed by CivilMSP, TaxMSP",
    ],
    [
      "what is no act",
      { used: [] },
      "KEY_OUTSIDE_ACTS",
      "a write outside the acts by PoliceMSP 0102 is void: why; endorsed by CivilMSP, TaxMSP",
    ],
    [
      "a department where no officer is known",
      { officer: "" },
      "VOID_ACT",
      "demand/births act 2 by PoliceMSP is void: why; endorsed by CivilMSP, TaxMSP",
    ],
    [
      "who cannot have known, as that",
      { accused: [] },
      "VOID_ACT",
      "demand/births act 2 by PoliceMSP 0102 is void: why; it rests on what void acts claim, so that whoever endorsed it may not have known; endorsed by CivilMSP, TaxMSP",
    ],
    [
      "nobody where nobody has endorsed it",
      { accused: [], endorsers: [] },
      "VOID_ACT",
      "demand/births act 2 by PoliceMSP 0102 is void: why; endorsed by ",
    ],
  ];
  for (const [title, changes, kind, message] of table) {
    it(`names ${title}`, () => {
      expect(alarm(changes)).to.include({ block: 7n, tx: 3, ordinal: 0, kind, message, ended_block: -1, topic: "" });
    });
  }

  it("names twenty acts and twenty keys, and says how many more there are", () => {
    const many = (count: number) => {
      const numbers = Array.from({ length: count }, (_, at) => at + 1);
      const writes = numbers.map((number) => ({ key: `k${number}`, value: new Uint8Array() }));
      return alarm({ used: used(...numbers), writes: { writes, metadataWrites: [], privateWrites: 0 } });
    };
    const detail = ({ detail }: { detail: string }) => {
      const { acts, moreActs, keys } = JSON.parse(detail) as { acts: object[]; moreActs: number; keys: string[] };
      return [acts.length, moreActs, keys.length];
    };
    expect(detail(many(20) as never)).to.deep.equal([20, 0, 20]);
    expect(many(20).message).not.to.include("more");
    expect(detail(many(21) as never)).to.deep.equal([20, 1, 20]);
    expect(many(21).message).to.include("act 20 and 1 more by");
  });
});

describe("the row of a deadline", () => {
  const reading = {
    dateNow: ({ workingDays }: { workingDays: number }) => ({ due: `in ${workingDays}`, provisional: true }),
    policy: () => ({ bureau: "BureauMSP" }),
  } as unknown as Reading;
  const parties = [{ relation: "provider", department: "CivilMSP" }];
  const kept = { kind: "reply", start: "s", due: "d" };
  const row = (duty: object, policy: object | undefined = {}) => {
    const description = { deadlines: [{ ...kept, owner: "provider", ...duty }], parties } as unknown as Description;
    return deadlineRows("application", "a", description, policy as never, reading)[0];
  };
  const named = { noun: "application", case_id: "a", kind: "reply", start: "s" };
  const plain = {
    ...named,
    due: "d",
    working_days: 0,
    provisional: 0,
    follows_notices: 0,
    ended: "",
    owner: "CivilMSP",
  };

  const table: [title: string, duty: object, expected: object][] = [
    ["has its date where it is counted in no working days", {}, plain],
    [
      "has the date that the calendar gives now where it is",
      { workingDays: 7 },
      { ...plain, due: "in 7", working_days: 7, provisional: 1 },
    ],
    ["says where notices move it", { followsNotices: true }, { ...plain, follows_notices: 1 }],
    ["says where its date may change", { provisional: true }, { ...plain, provisional: 1 }],
    ["says when it ended", { ended: "e" }, { ...plain, ended: "e" }],
    ["is the bureau's by the policy", { owner: "bureau" }, { ...plain, owner: "BureauMSP" }],
    ["is nobody's where nobody has that part", { owner: "consumer" }, { ...plain, owner: "" }],
  ];
  for (const [title, duty, expected] of table) {
    it(title, () => expect(row(duty)).to.deep.equal(expected));
  }

  it("is nobody's where it is the bureau's and there is no policy", () => {
    const description = { deadlines: [{ ...kept, owner: "bureau" }], parties } as unknown as Description;
    expect(deadlineRows("application", "a", description, undefined, reading)[0]?.owner).to.equal("");
  });
});
